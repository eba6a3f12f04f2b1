"""What somebody has to decide: days between two payers, and clients whose own fee a placement silences.

Neither is an error: the rules say what happens. But nobody pays, and nobody would notice.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from psycopg import sql

from pos_billing.instances.models import Instance
from pos_billing.plans.models import Account, SellerSettings
from pos_billing.plans.queries import catalogue, facts_of
from pos_billing.rating.facts import DEDICATED
from pos_billing.rating.spans import Span
from pos_billing.rating.timeline import NotCharged, timeline


class BetweenPayers(NamedTuple):
    """Days of an Instance that changed hands before a plan was chosen (rule 4); ``payer`` had it then, if known."""

    instance: int
    name: str
    span: Span
    payer: str


# Instances with an Unbilled stretch that ended, and with another payer or a day without one.
_CANDIDATES = (
    "SELECT DISTINCT a.instance_id FROM pos_billing_assignment AS a "
    "JOIN pos_billing_plan AS plan ON plan.id = a.plan_id AND plan.placeholder "
    "JOIN pos_billing_instances_instance AS i ON i.id = a.instance_id WHERE upper(a.days) <= %(day)s AND ("
    "EXISTS (SELECT FROM pos_billing_assignment AS one JOIN pos_billing_assignment AS other "
    "ON other.instance_id = one.instance_id AND other.account_id <> one.account_id "
    "WHERE one.instance_id = a.instance_id) "
    "OR EXISTS (SELECT FROM pos_billing_assignment AS last WHERE last.instance_id = a.instance_id "
    "AND upper(last.days) <= %(day)s AND (i.deleted_on IS NULL OR upper(last.days) < i.deleted_on) "
    "AND NOT EXISTS (SELECT FROM pos_billing_assignment AS next WHERE next.instance_id = a.instance_id "
    "AND lower(next.days) = upper(last.days))))"
)


def days_between_payers(day: date, instances: Sequence[int] | None = None) -> list[BetweenPayers]:
    """The days of this schema's Seller that nobody is billed for, as of ``day``, oldest first.

    ``instances`` (ids) narrows them. Days before the Seller's floor are left out: they are not charged anyway. The
    number of queries does not depend on the number of Instances.
    """
    statement = _CANDIDATES
    parameters: dict[str, date | list[int]] = {"day": day, "chosen": list(instances or ())}
    if instances is not None:
        statement += " AND a.instance_id = ANY(%(chosen)s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        ids = [instance for (instance,) in cursor.fetchall()]
    if not ids:
        return []
    floor, plans = SellerSettings.objects.values_list("floor", flat=True).get(), catalogue()
    names = dict(Instance.objects.filter(pk__in=ids).values_list("pk", "name"))
    payers = dict(Account.objects.values_list("pk", "name"))
    found = [
        BetweenPayers(instance, names[instance], segment.span, payers.get(segment.account or 0, ""))
        for instance, facts in facts_of(ids).items()
        for segment in timeline(facts, plans, day, floor, floor or date.min)
        if segment.reason is NotCharged.CHANGED_HANDS
    ]
    return sorted(found, key=lambda one: (one.span.start, one.instance, one.span.end))


class Silenced(NamedTuple):
    """A client of the Seller ``schema``, not billed for Instances that stand on servers billed to somebody else."""

    schema: str
    client: str
    instances: int


_SILENCED = sql.SQL(
    "SELECT {name} AS schema, client.name AS client, count(*) AS instances FROM {schema}.pos_billing_assignment AS a "
    "JOIN {schema}.pos_billing_plan AS plan ON plan.id = a.plan_id AND NOT plan.placeholder "
    "JOIN {schema}.pos_billing_account AS client ON client.id = a.account_id "
    "JOIN public.pos_billing_instances_instance AS i ON i.id = a.instance_id "
    "AND i.created_on <= {day} AND (i.deleted_on IS NULL OR i.deleted_on > {day}) "
    "JOIN public.pos_billing_instances_placement AS p ON p.instance_id = a.instance_id AND p.days @> {day} "
    "JOIN public.pos_billing_instances_dedicatedenvironment AS box ON box.id = p.dedicated_environment_id "
    "AND box.created_on <= {day} AND (box.removed_on IS NULL OR box.removed_on > {day}) "
    "JOIN {schema}.pos_billing_assignment AS of_box ON of_box.dedicated_environment_id = box.id "
    "AND of_box.days @> {day} AND of_box.account_id <> a.account_id "
    "JOIN {schema}.pos_billing_plan AS box_plan ON box_plan.id = of_box.plan_id AND NOT box_plan.placeholder "
    "AND {dedicated} = ANY(box_plan.environments) WHERE a.days @> {day} GROUP BY client.id, client.name"
)
SCHEMAS_AT_ONCE = 50


def silenced_clients(schemas: Sequence[str], day: date) -> Iterator[Silenced]:
    """Clients with a plan who bear no fee of their own on ``day``, because of whom the server is billed to.

    Of all these Sellers, by schema and name: a query for every fifty of them.
    """
    for first in range(0, len(schemas), SCHEMAS_AT_ONCE):
        parts = [
            _SILENCED.format(
                name=sql.Literal(schema),
                schema=sql.Identifier(schema),
                day=sql.Literal(day),
                dedicated=sql.Literal(DEDICATED),
            )
            for schema in schemas[first : first + SCHEMAS_AT_ONCE]
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts) + sql.SQL(" ORDER BY schema, client"))
            yield from (Silenced(*row) for row in cursor.fetchall())
