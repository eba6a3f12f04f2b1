"""Metered fees: included quantity and tiers (rule 7)."""

from fractions import Fraction
from typing import NamedTuple

from pos_billing.rating.money import round_half_up


class Tier(NamedTuple):
    """Units up to ``up_to`` (``None``: all that remain) cost ``cents`` for every ``per`` units.

    ``up_to`` counts units over the included quantity. Tiers are graduated: each unit is charged in the tier it
    falls in.
    """

    up_to: int | None
    cents: int
    per: int = 1


def overage(usage: int | Fraction, included: int, tiers: tuple[Tier, ...], billed_days: int, days_in_month: int) -> int:
    """What usage over the included quantity costs for one month, in cents; never below zero.

    The included quantity is prorated by the days billed, ``usage − included × billed days ÷ days in the month``,
    kept as an exact fraction through the tiers and rounded once. ``usage`` is that of the month
    (``metrics.monthly``).

    >>> overage(1500, 1000, (Tier(None, 2),), 30, 30)
    1000
    >>> overage(1500, 1000, (Tier(None, 2),), 15, 30)
    2000
    """
    if usage * days_in_month <= included * billed_days:
        return 0
    over = usage - Fraction(included * billed_days, days_in_month)
    total, lower = Fraction(0), 0
    for tier in tiers:
        if over <= lower:
            break
        upper = over if tier.up_to is None else min(over, Fraction(tier.up_to))
        total += (upper - lower) * Fraction(tier.cents, tier.per)
        if tier.up_to is None:
            break
        lower = tier.up_to
    return round_half_up(total.numerator, total.denominator)
