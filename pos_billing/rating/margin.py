"""Two sides of one Instance-month: what a Partner billed, and what it was billed (rule 12)."""


def profit(billed: int, cost: int) -> int:
    """A Partner's profit in cents: a difference of billed amounts, never of prices."""
    return billed - cost
