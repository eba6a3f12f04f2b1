"""Plans that lose money: billed to a client for less than their parent plan costs the Partner (rule 12).

Prices of both sides are compared on every day on which one of them changes. A flat fee is compared with the parent's
flat fees; use is compared metric by metric, at every quantity at which a price begins. What lost money before a change
as much as after it is not said again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

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


def losses_of(plan: Plan, day: date) -> list[Loss]:
    """Where money is lost from ``day`` on: by this plan of a Partner, or by the Partners' plans on this one."""
    partner = current_partner()
    if partner is None:
        return _losses(children_of(plan, day), day)
    if plan.parent_id is None:
        return []
    return _losses(_children([(partner.schema_name, partner.name)], [plan.parent_id], plan.pk, day), day)


@contextmanager
def losses_warned(plan: Plan, day: date, field: str) -> Iterator[None]:
    """Warn of what loses money after the block and did not, or lost less, before it.

    ``field`` is the argument of the command that is to blame. Without anybody to listen nothing is worked out.
    """
    if not listened_to():
        yield
        return
    before = losses_of(plan, day) if plan.pk else []
    yield
    found = [loss for loss in losses_of(plan, day) if loss.cents > _lost_before(before, loss)]
    on_platform = current_partner() is None
    for loss in found[:NAMED]:
        warn("below_cost", field, _said(loss, on_platform))
    if len(found) > NAMED:
        warn("below_cost", field, f"And {len(found) - NAMED} more plans lose money from then on.")


def _lost_before(before: Sequence[Loss], loss: Loss) -> int:
    """What the same plan lost before the change, on the day of ``loss`` or the last one before it."""
    same = [
        (one.start, one.cents) for one in before
        if (one.child.schema, one.child.plan, one.metric) == (loss.child.schema, loss.child.plan, loss.metric)
        and one.start <= loss.start
    ]  # fmt: skip
    return max(same)[1] if same else 0


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


def _children(sellers: Sequence[tuple[str, str]], parents: Sequence[int], plan: int | None, day: date) -> list[Child]:
    found: list[Child] = []
    for first in range(0, len(sellers), SCHEMAS_AT_ONCE):
        parts = [
            CHILDREN.format(schema_name=sql.Literal(schema), partner=sql.Literal(name), schema=sql.Identifier(schema))
            for schema, name in sellers[first : first + SCHEMAS_AT_ONCE]
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts), {"day": day, "parents": list(parents), "plan": plan})
            rows = cursor.fetchall()
        found += [Child(*row) for *row, archived_on in rows if row[5] or archived_on is None or archived_on > day]
    return found


def _losses(children: Sequence[Child], day: date) -> list[Loss]:
    if not children:
        return []
    public = get_public_schema_name()
    plans: dict[str, set[int]] = defaultdict(set)
    for child in children:
        plans[child.schema].add(child.plan)
        plans[public].add(child.parent)
    prices = _prices(plans, day)
    found = []
    for child in children:
        found += _compared(child, prices[child.schema, child.plan], prices[public, child.parent], day)
    return found


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
            cursor.execute(sql.SQL(" UNION ALL ").join(parts), {"day": day})
            for schema, plan, metric, start, end, cents, included, tiers in cursor.fetchall():
                read: list[dict[str, Any]] = tiers if isinstance(tiers, list) else []
                found[schema, plan].append(_Priced(start, end, metric, cents, included, tiers_of(read)))
    return found


def _compared(child: Child, own: Sequence[_Priced], cost: Sequence[_Priced], day: date) -> Iterator[Loss]:
    """The losses of one plan: for each metric (and flat) where one begins or grows."""
    days = sorted({day, *(price.start for price in (*own, *cost) if price.start > day),
                   *(price.end for price in (*own, *cost) if price.end is not None and price.end > day)})  # fmt: skip
    for metric in sorted({price.metric for price in cost}):
        last = 0
        for start in days:
            on_own = [price for price in own if price.metric == metric and _on(price, start)]
            on_cost = [price for price in cost if price.metric == metric and _on(price, start)]
            points = list(_at(on_own, on_cost, metric))
            used, billed, paid = next((one for one in points if one[2] > one[1]), points[0])
            if paid - billed > last:
                yield Loss(child, start, metric, billed, paid, used)
            last = max(0, paid - billed)


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
