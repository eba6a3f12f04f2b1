"""On which day the next payment falls. Pure."""

from datetime import date

from pos_billing.rating.months import month_of, next_month


def next_payment_on(as_of: date, first_payment_on: date | None) -> date:
    """The first of the next month, but never before the Seller's first-payment day."""
    following = next_month(month_of(as_of))
    if first_payment_on is None or first_payment_on <= as_of:
        return following
    return first_payment_on
