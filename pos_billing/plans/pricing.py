"""What may be asked for a fee: flat cents, or an included quantity and tiers. Checked before it is kept."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pos_billing.facts.errors import Refused
from pos_billing.rating.metrics import METRICS

HIGHEST_CENTS = 1_000_000_000
"""Ten million dollars a month, in cents."""
HIGHEST_QUANTITY = 10**15


class Terms(NamedTuple):
    """What a ``Price`` row says: ``cents`` of a flat fee; ``included`` and ``tiers`` (as stored) of a metered one."""

    cents: int = 0
    included: int = 0
    tiers: tuple[dict[str, int | None], ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """As columns of a ``Price``."""
        return {"cents": self.cents, "included": self.included, "tiers": list(self.tiers)}


class NewFee(NamedTuple):
    """A fee to be made: its name, its metric (empty for a flat fee) and its first terms."""

    name: str
    metric: str
    terms: Terms


def new_fee(given: Mapping[str, Any]) -> NewFee:
    """Read ``{"name", "cents"}`` or ``{"name", "metric", "included", "tiers"}``; ``Refused`` says what is wrong."""
    unknown = set(given) - {"name", "cents", "metric", "included", "tiers"}
    if unknown:
        raise Refused("fees", f"A fee has no {', '.join(sorted(unknown))}.", code="fee_unknown_value")
    metric = known_metric(str(given.get("metric") or ""))
    name = str(given.get("name") or (METRICS[metric].name if metric else "Hosting")).strip()
    if metric:
        if given.get("cents"):
            raise Refused(
                "cents",
                f"{name} is metered: its price stands in tiers, not in cents a month.",
                code="metered_fee_without_cents",
            )
        return NewFee(name, metric, metered_terms(given.get("included", 0), given.get("tiers") or ()))
    if given.get("tiers") or given.get("included"):
        raise Refused(
            "tiers",
            f"{name} is a flat fee: it has cents a month, and neither tiers nor included quantity.",
            code="flat_fee_without_tiers",
        )
    return NewFee(name, "", flat_terms(given.get("cents", 0)))


def known_metric(metric: str) -> str:
    """``metric``, or ``Refused``: one of platformOS's, or empty for a flat fee."""
    if metric and metric not in METRICS:
        raise Refused("metric", f"{metric!r} is not one of {', '.join(METRICS)}.", code="metric_unknown")
    return metric


def flat_terms(cents: Any) -> Terms:
    """The terms of a flat fee of ``cents`` a month: 0 to ten million dollars."""
    return Terms(cents=_whole("cents", cents, HIGHEST_CENTS))


def metered_terms(included: Any, tiers: Iterable[Mapping[str, Any]]) -> Terms:
    """The terms of a metered fee.

    ``tiers`` are ``{"up_to": units or None, "cents": cents, "per": units}`` over the included quantity, in order; the
    last has no ``up_to``, so that every unit has a price. ``per`` is 1 where it is left out.
    """
    stored: list[dict[str, int | None]] = []
    for tier in tiers:
        stored.append(_tier(tier, stored))
    if not stored:
        raise Refused(
            "tiers",
            "A metered fee needs at least one tier, for example 2 cents for every 1 unit.",
            code="tiers_missing",
        )
    if stored[-1]["up_to"] is not None:
        raise Refused(
            "tiers",
            "Leave the last tier open (no up_to): otherwise usage above it would have no price.",
            code="last_tier_not_open",
        )
    return Terms(included=_whole("included", included, HIGHEST_QUANTITY), tiers=tuple(stored))


def _tier(tier: Mapping[str, Any], before: list[dict[str, int | None]]) -> dict[str, int | None]:
    if not isinstance(tier, Mapping) or set(tier) - {"up_to", "cents", "per"} or "cents" not in tier:
        raise Refused(
            "tiers", 'Write a tier as {"up_to": units or null, "cents": cents, "per": units}.', code="tier_malformed"
        )
    up_to = tier.get("up_to")
    if up_to is not None:
        up_to = _whole("tiers", up_to, HIGHEST_QUANTITY, lowest=1)
    if before:
        last = before[-1]["up_to"]
        if last is None or (up_to is not None and up_to <= last):
            raise Refused(
                "tiers",
                "Order the tiers by up_to, each higher than the one before; the open one is last.",
                code="tiers_out_of_order",
            )
    per = _whole("tiers", tier.get("per", 1), HIGHEST_QUANTITY, lowest=1)
    return {"up_to": up_to, "cents": _whole("tiers", tier["cents"], HIGHEST_CENTS), "per": per}


def _whole(field: str, value: Any, highest: int, lowest: int = 0) -> int:
    """``value`` as a whole number in its bounds; booleans, floats and text are refused."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise Refused(field, f"{value!r} is not a whole number from {lowest} to {highest}.", code="not_a_whole_number")
    return value
