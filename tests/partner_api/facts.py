"""What tests look at: the facts of the register as plain values, and a print of everything the database holds."""

from typing import Any
from uuid import UUID

from django.db import connection

from pos_billing.instances.models import Domain, Instance
from pos_billing.plans.models import Assignment
from pos_billing.sellers.schemas import in_seller


def domains(uuid: UUID) -> list[tuple[str, str, str | None]]:
    """Host, day added and day removed of each Domain of an Instance, in the order of their days."""
    rows = Domain.objects.filter(instance__uuid=uuid).order_by("added_on", "host")
    return [(row.host, str(row.added_on), str(row.removed_on) if row.removed_on else None) for row in rows]


def periods(rows: Any, name: str) -> list[tuple[str, str, str | None]]:
    """Value, first day and end of each dated fact."""
    return [
        (str(getattr(row, name)), str(row.days.lower), str(row.days.upper) if row.days.upper else None)
        for row in rows.order_by("days")
    ]


def plans_of(uuid: UUID, schema: str) -> list[tuple[str, str, str | None]]:
    """Plan, first day and end of each assignment of an Instance in a schema."""
    key = Instance.objects.get(uuid=uuid).pk
    with in_seller(schema):
        return periods(Assignment.objects.filter(instance_id=key).select_related("plan"), "plan")


def contents(besides: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every row of every table that holds one, as text, by schema and table; without tables named in ``besides``."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname NOT LIKE 'pg_temp%'"
        )
        for schema, table in cursor.fetchall():
            if table not in besides:
                cursor.execute(f'SELECT whole::text FROM "{schema}"."{table}" AS whole ORDER BY 1')
                rows = [row[0] for row in cursor.fetchall()]
                if rows:
                    found[f"{schema}.{table}"] = rows
    return found
