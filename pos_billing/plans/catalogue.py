"""A Seller's plans, fees and prices as the rating code reads them: three queries, however many there are."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from pos_billing.facts.days import as_span
from pos_billing.facts.known import as_known
from pos_billing.plans import models
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.tiers import Tier


def catalogue(known_at: datetime | None = None) -> dict[int, Plan]:
    """The plans of the current schema by id, archived ones included, with their fees and prices through time.

    ``known_at`` reads them as they were known at that moment.
    """
    prices: dict[int, list[Price]] = defaultdict(list)
    for row in sorted(as_known(models.Price, known_at), key=_first_day):
        prices[row.fee_id].append(Price(row.id, as_span(row.days), row.cents, row.included, tiers_of(row.tiers)))
    fees: dict[int, list[Fee]] = defaultdict(list)
    for row in as_known(models.UsageFee, known_at):
        fees[row.plan_id].append(Fee(row.id, row.name, row.metric or None, tuple(prices[row.id])))
    return {
        row.id: Plan(
            row.id,
            row.name,
            row.placeholder,
            Begins(row.begins),
            Timing(row.timing),
            frozenset(row.environments),
            tuple(fees[row.id]),
        )
        for row in as_known(models.Plan, known_at)
    }


def tiers_of(rows: list[dict[str, Any]]) -> tuple[Tier, ...]:
    """The tiers of a price as they are stored: ``[{"up_to": units or null, "cents": cents, "per": units}]``."""
    return tuple(Tier(row.get("up_to"), row["cents"], row.get("per", 1)) for row in rows)


def _first_day(row: Any) -> Any:
    return row.days.lower
