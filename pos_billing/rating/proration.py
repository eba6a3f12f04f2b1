"""Daily proration, rounded once (rule 5)."""

from pos_billing.rating.money import round_half_up


def prorate(price: int, billed_days: int, days_in_month: int) -> int:
    """What ``billed_days`` of a month cost, in cents, at a monthly ``price`` in cents.

    ``round_half_up(price × billed days ÷ days in the month)``: an exact fraction rounded once, so that a full month
    is exactly the price. A daily price never exists.

    >>> prorate(11000, 20, 31), prorate(2500, 31, 31)
    (7097, 2500)
    """
    if not 0 <= billed_days <= days_in_month:
        raise ValueError(f"billed_days must be 0 to {days_in_month}, not {billed_days}")
    return round_half_up(price * billed_days, days_in_month)
