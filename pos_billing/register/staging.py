"""A register file in temporary tables: copied in one stream, then one table for each kind, with ids found."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.register.file_rows import Given, Progress
from pos_billing.register.format import KINDS
from pos_billing.register.report import Problem, Report
from pos_billing.register.rows import checked

RAW = "pos_billing_import"
PARTNERS = "pos_billing_import_partners"
EVERY = 5000
BAD = "bad "
"""Stands before the kind of a row that is refused by itself: what it names is not unknown to other rows."""
TYPES = {
    "date": {
        "from",
        "until",
        "created_on",
        "deleted_on",
        "removed_on",
        "added_on",
        "archived_on",
        "launch_on",
        "first_payment_on",
        "floor",
        "cut_off",
    },
    "uuid": {"uuid", "dedicated_environment"},
    "bigint": {"cents", "included"},
    "jsonb": {"tiers"},
    "boolean": {"granted_to_all"},
}
RENAMED = {"from": "start"}
ONE_BY_ONE = {"partner", "seller", "plan"}
"""Few rows each, carried out by their commands."""
THINGS = {
    "instance": ("pos_billing_instances_instance", "uuid"),
    "environment": ("pos_billing_instances_instance", "uuid"),
    "status": ("pos_billing_instances_instance", "uuid"),
    "owner": ("pos_billing_instances_instance", "uuid"),
    "domain": ("pos_billing_instances_instance", "uuid"),
    "placement": ("pos_billing_instances_instance", "uuid"),
    "dedicated_environment": ("pos_billing_instances_dedicatedenvironment", "uuid"),
}


def table_of(kind: str) -> str:
    """The temporary table of a kind: ``number``, ``refused``, its columns (``from`` is ``start``), and ids found."""
    return f"{RAW}_{kind}"


class Staged:
    """The rows of a file in temporary tables, and the report that problems are added to."""

    def __init__(self, report: Report, progress: Progress) -> None:
        self.report, self.progress = report, progress

    def copy(self, rows: Iterable[Given]) -> None:
        """Check each row by itself and copy the good ones, in one stream."""
        self.execute(f"DROP TABLE IF EXISTS {RAW}")
        self.execute(f"CREATE TEMPORARY TABLE {RAW} (kind text, number bigint, given jsonb) ON COMMIT DROP")
        done = 0
        with connection.cursor() as cursor, cursor.copy(f"COPY {RAW} (kind, number, given) FROM STDIN") as copy:
            for given in rows:
                values, good = checked(given, self.report.problems)
                kind = given.kind if given.kind in KINDS else "unknown"
                self.report.rows[kind] = self.report.rows.get(kind, 0) + 1
                copy.write_row((kind if good else BAD + kind, given.number, json.dumps(values)))
                done += 1
                if done % EVERY == 0:
                    self.progress("reading", done)
        self.progress("reading", done)
        self.make_table("partner")

    def make_tables(self) -> None:
        """Make the tables of all kinds, with the Sellers and Partners they name, once Partners are there."""
        partners = connection.ops.quote_name(get_tenant_model()._meta.db_table)
        self.execute(f"DROP TABLE IF EXISTS {PARTNERS}")
        self.execute(
            f"CREATE TEMPORARY TABLE {PARTNERS} ON COMMIT DROP AS SELECT id, schema_name, name FROM {partners}"
        )
        for kind in KINDS:
            if kind != "partner":
                self.make_table(kind)
                if self.has(kind):
                    self._find_sides(kind)

    def has(self, kind: str) -> bool:
        """Whether the file has rows of the kind."""
        return kind in self.report.rows

    def make_table(self, kind: str) -> None:
        """Make the table of a kind."""
        columns = ", ".join(
            f"(given->>'{name}')::{_type(name)} AS {RENAMED.get(name, name)}" for name in KINDS[kind].columns
        )
        self.execute(f"DROP TABLE IF EXISTS {table_of(kind)}")
        self.execute(
            f"CREATE TEMPORARY TABLE {table_of(kind)} ON COMMIT DROP AS "
            f"SELECT number, false AS refused, {columns}, NULL::bigint AS thing, NULL::bigint AS partner_id, "
            f"NULL::text AS schema_name{', given' if kind in ONE_BY_ONE else ''} "
            f"FROM {RAW} WHERE kind = '{kind}' ORDER BY number"
        )

    def _find_sides(self, kind: str) -> None:
        """Find the Partners and Sellers that rows name, by schema or by name."""
        for column, found in (("partner", "partner_id = partner.id"), ("seller", "schema_name = partner.schema_name")):
            if column in KINDS[kind].columns:
                self.execute(
                    f"UPDATE {table_of(kind)} AS row SET {found} FROM {PARTNERS} AS partner "
                    f"WHERE lower(row.{column}) IN (lower(partner.schema_name), lower(partner.name))"
                )
        if "seller" in KINDS[kind].columns:
            public = get_public_schema_name()
            self.execute(
                f"UPDATE {table_of(kind)} SET schema_name = %s WHERE schema_name IS NULL AND lower(seller) = %s",
                [public, public],
            )
        self.execute(f"ANALYZE {table_of(kind)}")

    def find_things(self, kind: str) -> None:
        """Set ``thing``, the id of the Instance or dedicated environment that the uuid names."""
        table, column = THINGS[kind]
        self.execute(
            f"UPDATE {table_of(kind)} AS row SET thing = known.id FROM {table} AS known "
            f"WHERE known.uuid = row.{column} AND row.thing IS NULL"
        )

    def refuse(self, kind: str, field: str, message: str, rows: str) -> None:
        """Refuse the rows that ``rows`` finds: a SELECT of ``number`` and two values, ``one`` and ``two``."""
        with connection.cursor() as cursor:
            cursor.execute(rows.replace("{table}", table_of(kind)))
            found = cursor.fetchall()
        self.refuse_rows(Problem(kind, number, field, message.format(one=one, two=two)) for number, one, two in found)

    def refuse_rows(self, problems: Iterable[Problem]) -> None:
        """Add problems to the report, and leave their rows out of what is applied."""
        by_kind: dict[str, list[int]] = {}
        for problem in problems:
            self.report.problems.append(problem)
            by_kind.setdefault(problem.kind, []).append(problem.number)
        for kind, numbers in by_kind.items():
            self.execute(f"UPDATE {table_of(kind)} SET refused = true WHERE number = ANY(%s)", [numbers])

    def execute(self, statement: str, parameters: Any = None) -> int:
        """Run a statement; return how many rows it found or wrote."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return int(cursor.rowcount)


def _type(name: str) -> str:
    return next((kind for kind, names in TYPES.items() if name in names), "text")
