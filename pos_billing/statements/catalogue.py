"""A Seller's plans, fees and prices as the rating code reads them: three queries, however many there are."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection

from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.tiers import Tier

_FEES = "SELECT id, plan_id, name, metric FROM pos_billing_usagefee ORDER BY id"


def catalogue() -> dict[int, Plan]:
    """The plans of the current schema by id, archived ones included, with their fees and prices through time."""
    prices: dict[int, list[Price]] = defaultdict(list)
    for fee_id, price in _prices():
        prices[fee_id].append(price)
    fees: dict[int, list[Fee]] = defaultdict(list)
    for fee_id, plan_id, name, metric in _rows(_FEES):
        fees[plan_id].append(Fee(fee_id, name, metric or None, tuple(prices[fee_id])))
    return {
        plan_id: Plan(
            plan_id, name, placeholder, Begins(begins), Timing(timing), frozenset(environments), tuple(fees[plan_id])
        )
        for plan_id, name, placeholder, begins, timing, environments in _rows(
            "SELECT id, name, placeholder, begins, timing, environments FROM pos_billing_plan ORDER BY id"
        )
    }


def tiers_of(rows: list[dict[str, Any]]) -> tuple[Tier, ...]:
    """The tiers of a price as they are stored: ``[{"up_to": units or null, "cents": cents, "per": units}]``."""
    return tuple(Tier(row.get("up_to"), row["cents"], row.get("per", 1)) for row in rows)


def _prices() -> list[tuple[int, Price]]:
    from pos_billing.plans.models import Price as PriceRow

    return [
        (row.fee_id, Price(row.id, row.span, row.cents, row.included, tiers_of(row.tiers)))
        for row in PriceRow.objects.order_by("fee_id", "days")
    ]


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def day_span(first: date, last: date | None) -> Span:
    """The bounds of a ``daterange`` as a ``Span``; ``None`` is an open end."""
    return Span(first, FOREVER if last is None else last)
