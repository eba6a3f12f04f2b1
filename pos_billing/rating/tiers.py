"""Metered fees: included quantity and tiers (rule 7)."""

from fractions import Fraction
from typing import NamedTuple

from pos_billing.rating.money import round_half_up


class Tier(NamedTuple):
    """Units up to ``up_to`` (``None``: all that remain) cost ``cents`` for every ``per`` units.

    ``up_to`` counts units of a full month over the included quantity. Tiers are graduated: each unit is charged in
    the tier it falls in.
    """

    up_to: int | None
    cents: int
    per: int = 1


def overage(usage: int | Fraction, included: int, tiers: tuple[Tier, ...], billed_days: int, days_in_month: int) -> int:
    """What usage over the included quantity costs for one month, in cents; never below zero.

    The whole schedule is prorated by the days billed: the included quantity and the limits of the tiers alike, each
    ``× billed days ÷ days in the month``. So half a month at the same rate of use costs half, and a month that is
    split by a change of terms costs as much as one that is not. Nothing is rounded before the end. ``usage`` is that
    of the month (``metrics.monthly``); ``billed_days`` are 0 to ``days_in_month``, otherwise ``ValueError``.

    >>> overage(1500, 1000, (Tier(None, 2),), 30, 30), overage(1500, 1000, (Tier(None, 2),), 15, 30)
    (1000, 2000)
    >>> halves = (Tier(100, 10), Tier(None, 1))
    >>> overage(300, 0, halves, 30, 30), overage(150, 0, halves, 15, 30)
    (1200, 600)
    """
    if not 0 <= billed_days <= days_in_month:
        raise ValueError(f"billed_days must be 0 to {days_in_month}, not {billed_days}")
    # Quantities are counted in parts of a unit, days_in_month to the unit: then every limit is a whole number of them.
    over = usage * days_in_month - included * billed_days
    total, lower = Fraction(0), Fraction(0)
    for tier in tiers:
        if over <= lower:
            break
        upper = Fraction(over) if tier.up_to is None else min(Fraction(over), Fraction(tier.up_to * billed_days))
        total += (upper - lower) * Fraction(tier.cents, tier.per)
        lower = upper
    return round_half_up(total.numerator, total.denominator * days_in_month)
