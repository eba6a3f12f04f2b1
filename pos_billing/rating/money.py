"""The one rounding function. Every amount of the product passes through it."""


def round_half_up(numerator: int, denominator: int) -> int:
    """Round the exact fraction ``numerator ÷ denominator`` to a whole number, halves away from zero.

    Both arguments are integers, so nothing is lost before the one rounding (rule 5). ``denominator`` is positive.

    >>> round_half_up(11000 * 20, 31)
    7097
    >>> round_half_up(5, 2), round_half_up(-5, 2)
    (3, -3)
    """
    if denominator <= 0:
        raise ValueError(f"denominator must be positive, not {denominator}")
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)
