"""Plans that lose money: billed to a client for less than their parent plan costs the Partner (rule 12).

Prices of both sides are compared on every day on which one of them changes. A flat fee is compared with the parent's
flat fees; use is compared metric by metric, at every quantity at which a price begins. What lost money before a change
as much as after it is not said again.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model
from psycopg import sql

from pos_billing.facts.warnings import listened_to, warn
from pos_billing.plans.catalogue import tiers_of
from pos_billing.plans.models import Plan
from pos_billing.plans.partner_accounts import current_partner
from pos_billing.rating.metrics import METRICS
from pos_billing.rating.tiers import Tier, overage
from pos_billing.sellers.schemas import template_schema
from pos_billing.wording import day as day_text
from pos_billing.wording import money, quantity

SCHEMAS_AT_ONCE = 100
NAMED = 12
FLAT = ""


class Child(NamedTuple):
    """A plan of a Partner on a parent plan; ``held`` Instances and dedicated environments have it, now or later."""

    schema: str
    partner: str
    plan: int
    name: str
    parent: int
    held: int


class Loss(NamedTuple):
    """A plan that costs more than it bills from ``start`` on, in cents a month; with ``used`` units of a metric."""

    child: Child
    start: date
    metric: str
    billed: int
    cost: int
    used: int

    @property
    def cents(self) -> int:
        """What is lost each month."""
        return self.cost - self.billed


class _Priced(NamedTuple):
    start: date
    end: date | None
    metric: str
    cents: int
    included: int
    tiers: tuple[Tier, ...]


_Sides = dict[tuple[str, int], tuple[Child, list[_Priced], list[_Priced]]]

CHILDREN = sql.SQL(
    "SELECT {schema_name}, {partner}, plan.id, plan.name, plan.parent_id, (SELECT count(*) FROM "
    "{schema}.pos_billing_assignment AS fact WHERE fact.plan_id = plan.id AND (upper(fact.days) > %(day)s "
    "OR upper_inf(fact.days))) AS held, plan.archived_on FROM {schema}.pos_billing_plan AS plan "
    "WHERE plan.parent_id = ANY(%(parents)s) AND (%(plan)s::bigint IS NULL OR plan.id = %(plan)s)"
)
PRICES = sql.SQL(
    "SELECT {schema_name}, fee.plan_id, fee.metric, lower(price.days), upper(price.days), price.cents, "
    "price.included, price.tiers FROM {schema}.pos_billing_usagefee AS fee "
    "JOIN {schema}.pos_billing_price AS price ON price.fee_id = fee.id "
    "WHERE fee.plan_id = ANY({plans}) AND (upper(price.days) > %(day)s OR upper_inf(price.days))"
)


def children_of(plan: Plan, day: date) -> list[Child]:
    """The plans that Partners sell on ``plan`` of the platform, not archived by ``day`` or still held then.

    One query for a hundred Partners.
    """
    tenants = get_tenant_model().objects.exclude(schema_name__in=[get_public_schema_name(), template_schema()])
    return _children(list(tenants.order_by("name", "pk").values_list("schema_name", "name")), [plan.pk], None, day)


@contextmanager
def losses_warned(plan: Plan, day: date, field: str) -> Iterator[None]:
    """Warn of what loses money after the block and did not, or lost less, before it.

    ``field`` is the argument of the command that is to blame. Without anybody to listen nothing is worked out.
    """
    if not listened_to():
        yield
        return
    before = _sides(plan, day) if plan.pk else {}
    yield
    found = list(_losses(_sides(plan, day), before, day))
    on_platform = current_partner() is None
    for loss in found[:NAMED]:
        warn("below_cost", field, _said(loss, on_platform))
    if len(found) > NAMED:
        warn("below_cost", field, f"And {len(found) - NAMED} more plans lose money from then on.")


def _said(loss: Loss, on_platform: bool) -> str:
    child, much = loss.child, money(loss.cents)
    whose = f"{child.name} of {child.partner}" if on_platform else child.name
    costs = "costs it" if on_platform else "costs you"
    used = "" if loss.metric == FLAT else f" for {quantity(loss.used)} {METRICS[loss.metric].unit}"
    held = "nobody has it yet" if not child.held else f"{quantity(child.held)} assigned"
    return (
        f"{whose} bills {money(loss.billed)} a month{used} and {costs} {money(loss.cost)} from {day_text(loss.start)} "
        f"on: it loses {much} a month on each ({held})."
    )


def _together(parts: Sequence[sql.Composed]) -> str:
    """One query of several schemas, as text: the history of commands looks at the text of queries."""
    return sql.SQL(" UNION ALL ").join(parts).as_string(connection.connection)


def _children(sellers: Sequence[tuple[str, str]], parents: Sequence[int], plan: int | None, day: date) -> list[Child]:
    found: list[Child] = []
    for first in range(0, len(sellers), SCHEMAS_AT_ONCE):
        parts = [
            CHILDREN.format(schema_name=sql.Literal(schema), partner=sql.Literal(name), schema=sql.Identifier(schema))
            for schema, name in sellers[first : first + SCHEMAS_AT_ONCE]
        ]
        with connection.cursor() as cursor:
            cursor.execute(_together(parts), {"day": day, "parents": list(parents), "plan": plan})
            rows = cursor.fetchall()
        found += [Child(*row) for *row, archived_on in rows if row[5] or archived_on is None or archived_on > day]
    return found


def _sides(plan: Plan, day: date) -> _Sides:
    """The prices of both sides of each plan that is concerned."""
    partner = current_partner()
    if partner is None:
        children = children_of(plan, day)
    elif plan.parent_id is None:
        children = []
    else:
        children = _children([(partner.schema_name, partner.name)], [plan.parent_id], plan.pk, day)
    if not children:
        return {}
    public = get_public_schema_name()
    plans: dict[str, set[int]] = defaultdict(set)
    for child in children:
        plans[child.schema].add(child.plan)
        plans[public].add(child.parent)
    prices = _prices(plans, day)
    return {
        (child.schema, child.plan): (child, prices[child.schema, child.plan], prices[public, child.parent])
        for child in children
    }


def _prices(plans: Mapping[str, Iterable[int]], day: date) -> dict[tuple[str, int], list[_Priced]]:
    found: dict[tuple[str, int], list[_Priced]] = defaultdict(list)
    schemas = sorted(plans)
    for first in range(0, len(schemas), SCHEMAS_AT_ONCE):
        parts = [
            PRICES.format(schema_name=sql.Literal(schema), schema=sql.Identifier(schema),
                          plans=sql.Literal(sorted(plans[schema])))
            for schema in schemas[first : first + SCHEMAS_AT_ONCE]
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_together(parts), {"day": day})
            for schema, plan, metric, start, end, cents, included, tiers in cursor.fetchall():
                read = tiers_of(json.loads(tiers))
                found[schema, plan].append(_Priced(start, end, metric, cents, included, read))
    return found


def _losses(sides: _Sides, before: _Sides, day: date) -> Iterator[Loss]:
    """The losses that were not as large in ``before``: for each plan and metric, on each day on which they change.

    Of the quantities of a metric the first at which it loses more is named.
    """
    for key, (child, own, cost) in sides.items():
        _, own_before, cost_before = before.get(key, (child, [], []))
        bounds = {bound for price in (*own, *cost) for bound in (price.start, price.end) if bound is not None}
        days = [day, *sorted(bound for bound in bounds if bound > day)]
        for metric in sorted({price.metric for price in cost}):
            last = None
            for start in days:
                now, then = _of_day(own, cost, metric, start), _of_day(own_before, cost_before, metric, start)
                found = next(
                    (
                        Loss(child, start, metric, billed, paid, used) for used, billed, paid in _at(*now, metric)
                        if paid - billed > max(0, _lost_at(*then, metric, used))
                    ),
                    None,
                )  # fmt: skip
                if found is not None and (last is None or found[3:] != last[3:]):
                    yield found
                last = found


def _of_day(
    own: Sequence[_Priced], cost: Sequence[_Priced], metric: str, day: date
) -> tuple[list[_Priced], list[_Priced]]:
    """What holds of both sides for a metric on a day."""
    chosen = [[price for price in side if price.metric == metric and _on(price, day)] for side in (own, cost)]
    return chosen[0], chosen[1]


def _lost_at(own: Sequence[_Priced], cost: Sequence[_Priced], metric: str, used: int) -> int:
    """What is lost with ``used`` units; below zero: earned."""
    if metric == FLAT:
        return sum(price.cents for price in cost) - sum(price.cents for price in own)
    return _of(cost, used) - _of(own, used)


def _on(price: _Priced, day: date) -> bool:
    return price.start <= day and (price.end is None or price.end > day)


def _at(own: Sequence[_Priced], cost: Sequence[_Priced], metric: str) -> Iterator[tuple[int, int, int]]:
    """Quantity of a month, what is billed and what is paid for it, wherever either can change its slope."""
    if metric == FLAT:
        yield 0, sum(price.cents for price in own), sum(price.cents for price in cost)
        return
    ends = {0}
    for price in (*own, *cost):
        ends.add(price.included)
        ends |= {price.included + tier.up_to for tier in price.tiers if tier.up_to is not None}
    last = max(ends)
    slope = _slope(cost) - _slope(own)
    if slope > 0:  # the last prices lose on each unit: somewhere beyond, whatever was earned before is used up
        more = max(tier.per for price in cost for tier in price.tiers)
        ends.add(last + ceil(max(0, _of(own, last) - _of(cost, last)) / slope) + 10 * more)
    for used in sorted(ends):
        yield used, _of(own, used), _of(cost, used)


def _slope(prices: Sequence[_Priced]) -> Fraction:
    """Cents for each unit beyond the last limit."""
    return sum((Fraction(p.tiers[-1].cents, p.tiers[-1].per) for p in prices if p.tiers), Fraction(0))


def _of(prices: Sequence[_Priced], used: int) -> int:
    return sum(overage(used, price.included, price.tiers, 1, 1) for price in prices)
