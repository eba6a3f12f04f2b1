"""Prices: each holds from a day, also a day in the past."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pos_billing.facts.days import change_from
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Price, UsageFee

HIGHEST_CENTS = 1_000_000_000
"""Ten million dollars a month: more is taken for a slip of the hand."""


def price_change(
    fee: UsageFee,
    *,
    day: date,
    cents: int | None = None,
    included: int | None = None,
    tiers: Iterable[Mapping[str, Any]] | None = None,
    until: date | None = None,
    by: str,
    why: str,
) -> Price:
    """Change what a fee costs from ``day`` on (until the next known change, or ``until``, not included).

    ``cents`` a month for a flat fee; ``included`` units and ``tiers`` for a metered one. A day in the past is fine:
    months already billed are corrected by the next statement.
    """
    with recorded("price_change", by=by, why=why):
        values = {"fee": fee, **checked_terms(fee, cents=cents, included=included, tiers=tiers)}
        return change_from(fee.prices.all(), day, values, until)


def checked_terms(
    fee: UsageFee, *, cents: int | None, included: int | None, tiers: Iterable[Mapping[str, Any]] | None
) -> dict[str, Any]:
    """The columns of a ``Price`` for a fee. Raises ``Refused`` when they do not fit its kind or each other."""
    if not fee.metric:
        if cents is None:
            raise Refused("cents", "Give the price of a month in cents.")
        if included is not None or tiers is not None:
            raise Refused("tiers", "A flat fee has no included quantity and no tiers.")
        return {"cents": _amount("cents", cents), "included": 0, "tiers": []}
    if cents is not None:
        raise Refused("cents", "A metered fee has tiers instead of a monthly price.")
    if not tiers:
        raise Refused("tiers", "Give at least one tier.")
    if included is None or included < 0 or included > 10**15:
        raise Refused("included", "Give the included quantity: a whole number, 0 or more.")
    return {"cents": 0, "included": included, "tiers": _tiers(list(tiers))}


def _tiers(tiers: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = []
    lower = 0
    for number, tier in enumerate(tiers, 1):
        if set(tier) - {"up_to", "cents", "per"}:
            raise Refused("tiers", f"Tier {number} may hold up_to, cents and per, not {', '.join(sorted(tier))}.")
        up_to, per = tier.get("up_to"), tier.get("per", 1)
        cents = _amount("tiers", tier.get("cents"), f"Tier {number}: ")
        if type(per) is not int or per < 1:
            raise Refused("tiers", f"Tier {number}: per must be a whole number of units, 1 or more.")
        last = number == len(tiers)
        if (up_to is None) != last:
            raise Refused("tiers", "The last tier, and only that one, has no upper end (up_to is empty).")
        if up_to is not None:
            if type(up_to) is not int or up_to <= lower:
                raise Refused("tiers", f"Tier {number}: up_to must be a whole number above {lower}.")
            lower = up_to
        result.append({"up_to": up_to, "cents": cents, "per": per})
    return result


def _amount(field: str, cents: Any, where: str = "") -> int:
    if type(cents) is not int or not 0 <= cents <= HIGHEST_CENTS:
        raise Refused(field, f"{where}write cents as a whole number from 0 to {HIGHEST_CENTS:,}, not {cents!r}.")
    return cents
