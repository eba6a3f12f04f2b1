"""What a Partner earns on each Instance and month: billed to its clients, minus billed to it by the platform.

Rule 12: both sides are sums of issued lines, less what credit notes took back of them. The two ledgers are joined by
subject and month, never by price.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.rating.facts import Subject
from pos_billing.rating.margin import profit
from pos_billing.sellers.schemas import in_seller

ROWS_AT_ONCE = 2_000
CREDITED = (
    "coalesce((SELECT sum(part.cents) FROM pos_billing_creditnoteline AS part "
    "WHERE part.statement_line_id = line.id), 0)"
)
CREDITED_BY_PLATFORM = CREDITED.replace("FROM ", 'FROM "{public}".')


class Margin(NamedTuple):
    """One subject and month of a Partner, in cents: billed to clients, billed by the platform."""

    subject: Subject
    name: str
    month: date
    billed: int
    cost: int

    @property
    def profit(self) -> int:
        """What is left of ``billed`` after ``cost``."""
        return profit(self.billed, self.cost)


class Total(NamedTuple):
    """All subjects of a Partner in one month, in cents."""

    month: date
    subjects: int
    billed: int
    cost: int

    @property
    def profit(self) -> int:
        """What is left of ``billed`` after ``cost``."""
        return profit(self.billed, self.cost)


def margins(
    schema: str,
    first_month: date,
    last_month: date,
    subjects: Sequence[Subject] | None = None,
    *,
    rows: slice = slice(None),
) -> Iterator[Margin]:
    """The margin of every subject and month from ``first_month`` to ``last_month`` (both included), newest first.

    One streamed query; ``schema`` is the Partner's. ``subjects`` narrows it to some; ``rows`` (``slice(50, 100)``)
    gives some of them only. Call it inside a transaction.
    """
    statement = (
        "SELECT kind, subject_id, max(name) AS name, month, sum(billed)::bigint, sum(cost)::bigint "
        f"FROM ({_sides(subjects)}) AS sides GROUP BY kind, subject_id, month "
        "ORDER BY month DESC, name, kind, subject_id OFFSET %(offset)s LIMIT %(limit)s"
    )
    offset = rows.start or 0
    parameters = _parameters(schema, first_month, last_month, subjects)
    parameters |= {"offset": offset, "limit": None if rows.stop is None else rows.stop - offset}
    with in_seller(schema), connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            for kind, subject_id, name, month, billed, cost in found:
                yield Margin(Subject(kind, subject_id), name, month, billed, cost)


def totals(schema: str, first_month: date, last_month: date) -> list[Total]:
    """The margin of all subjects by month, newest first: one query."""
    statement = (
        "SELECT month, count(*), sum(billed)::bigint, sum(cost)::bigint FROM (SELECT month, sum(billed) AS billed, "
        f"sum(cost) AS cost FROM ({_sides(None)}) AS sides GROUP BY kind, subject_id, month) AS by_subject "
        "GROUP BY month ORDER BY month DESC"
    )
    with in_seller(schema), connection.cursor() as cursor:
        cursor.execute(statement, _parameters(schema, first_month, last_month, None))
        return [Total._make(row) for row in cursor.fetchall()]


def revenue_by_partner(month: date) -> dict[str, int]:
    """What the platform billed for ``month`` by the Partner's schema, less its credit notes, in cents."""
    partners = get_tenant_model()._meta.db_table
    with in_seller(get_public_schema_name()), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT partner.schema_name, sum(line.amount_cents - {CREDITED})::bigint "
            "FROM pos_billing_statementline AS line "
            "JOIN pos_billing_statement AS statement ON statement.id = line.statement_id "
            "JOIN pos_billing_account AS account ON account.id = statement.account_id "
            f'JOIN "{partners}" AS partner ON partner.id = account.partner_id '
            "WHERE line.month = %s GROUP BY 1 ORDER BY 1",
            [month],
        )
        return dict(cursor.fetchall())


def _sides(subjects: Sequence[Subject] | None) -> str:
    """The lines of both ledgers (of ``subjects``, or all), each with its amount as billed or as cost."""
    subject = (
        "CASE WHEN line.instance_id IS NULL THEN 'dedicated' ELSE 'instance' END AS kind, "
        "coalesce(line.instance_id, line.dedicated_environment_id) AS subject_id, line.subject_name AS name, line.month"
    )
    return (
        f"SELECT {subject}, line.amount_cents - {CREDITED} AS billed, 0 AS cost FROM pos_billing_statementline AS line "
        f"WHERE line.month BETWEEN %(first)s AND %(last)s {_chosen(subjects)} "
        f"UNION ALL SELECT {subject}, 0, line.amount_cents - {CREDITED_BY_PLATFORM} "
        'FROM "{public}".pos_billing_account AS account '
        'JOIN "{public}".pos_billing_statement AS statement ON statement.account_id = account.id '
        'JOIN "{public}".pos_billing_statementline AS line ON line.statement_id = statement.id '
        f"WHERE account.partner_id = %(partner)s AND line.month BETWEEN %(first)s AND %(last)s {_chosen(subjects)}"
    ).replace("{public}", get_public_schema_name())


def _chosen(subjects: Sequence[Subject] | None) -> str:
    if subjects is None:
        return ""
    return "AND (line.instance_id = ANY(%(instances)s) OR line.dedicated_environment_id = ANY(%(dedicated)s))"


def _parameters(
    schema: str, first: date, last: date, subjects: Sequence[Subject] | None
) -> dict[str, date | int | list[int] | None]:
    return {
        "first": first,
        "last": last,
        "partner": get_tenant_model().objects.values_list("pk", flat=True).get(schema_name=schema),
        "instances": [s.id for s in subjects or () if s.kind == "instance"],
        "dedicated": [s.id for s in subjects or () if s.kind == "dedicated"],
    }
