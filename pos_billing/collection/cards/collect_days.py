"""On which day the next payment falls. Pure."""

from datetime import date


def next_payment_on(as_of: date, first_payment_on: date | None) -> date:
    """The first of the next month, but never before the Seller's first-payment day."""
    following = date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1)
    if first_payment_on is None or first_payment_on <= as_of:
        return following
    return first_payment_on
