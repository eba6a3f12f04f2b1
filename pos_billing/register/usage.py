"""Importing usage logs: a quantity for each Instance, metric and day; all of the file or nothing.

A row that is known already changes nothing; another quantity for the same day is a correction and replaces it. The
months it touches are rated again by the next run.
"""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.changes import Rows
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.models import RegisterImport
from pos_billing.rating.metrics import HIGHEST_DAILY_QUANTITY, METRICS
from pos_billing.register.file_rows import Progress, sha256_of
from pos_billing.register.report import Problem, Report
from pos_billing.sellers.schemas import in_seller

COLUMNS = ("uuid", "metric", "day", "quantity")
STAGED = "pos_billing_import_usage"
EVERY = 20_000

KNOWN = (
    "SELECT row.number, instance.id AS instance_id, row.metric, row.day, row.quantity FROM {staged} AS row "
    "JOIN pos_billing_instances_instance AS instance ON instance.uuid = row.uuid"
)
WRITE = (
    "WITH known AS ({known}), written AS ("
    "INSERT INTO pos_billing_instances_usageday AS usage (instance_id, metric, day, quantity) "
    "SELECT instance_id, metric, day, quantity FROM known ORDER BY 1, 2, 3 "
    "ON CONFLICT (instance_id, metric, day) DO UPDATE SET quantity = excluded.quantity "
    "WHERE usage.quantity <> excluded.quantity RETURNING (xmax = 0) AS added) "
    "SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM written"
)


class _Undone(Exception):
    """Takes everything back: the file was refused, or it was a preview."""


def import_usage(
    file: BinaryIO,
    name: str,
    *,
    by: str,
    why: str = "",
    preview: bool = False,
    progress: Progress = lambda doing, rows: None,
) -> Report:
    """Import a CSV file with the columns uuid, metric, day and quantity (a whole number, 0 or more).

    One transaction, recorded with ``by`` and ``why``. When a row is refused nothing is written and the report holds
    every bad row; a preview does the same work and takes it back. Raises ``Refused`` (field ``file``) for a file that
    cannot be read at all.
    """
    report = Report(name, sha256_of(file), preview)
    why = why.strip() or f"Import of {name}"
    with in_seller(get_public_schema_name()), suppress(_Undone), recorded("usage_import", by=by, why=why):
        _stage(file, report, progress)
        _refuse_unknown(report)
        report.problems.sort(key=lambda problem: problem.number)
        if not report.refused:
            progress("writing", report.rows.get("usage", 0))
            with connection.cursor() as cursor:
                cursor.execute(WRITE.format(known=KNOWN.format(staged=STAGED)))
                added, altered = cursor.fetchone()
            report.add("usage", Rows(added=added, altered=altered))
        if report.refused or preview:
            raise _Undone
        RegisterImport.objects.create(file_name=name[-255:], sha256=report.sha256, by=by, report=report.as_json())
    return report


def _stage(file: BinaryIO, report: Report, progress: Progress) -> None:
    """Check each row by itself and copy the good ones into a temporary table, in one stream."""
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGED} (number bigint, uuid uuid, metric text, day date, quantity bigint) "
            "ON COMMIT DROP"
        )
        with cursor.copy(f"COPY {STAGED} FROM STDIN") as copy:
            for number, cells in _rows(file):
                count += 1
                values = _checked(number, cells, report.problems)
                if values is not None:
                    copy.write_row((number, *values))
                if count % EVERY == 0:
                    progress("reading", count)
    report.rows["usage"] = count
    progress("reading", count)


def _rows(file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their line numbers."""
    reader = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), strict=True)
    try:
        if set(reader.fieldnames or ()) != set(COLUMNS):
            raise Refused(
                "file",
                f"The first row must name the columns {', '.join(COLUMNS)}, and no others.",
                code="usage_columns_wrong",
            )
        for cells in reader:
            yield reader.line_num, cells
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused("file", f"It is not a CSV file in UTF-8 ({error}).", code="usage_not_csv") from error


def _checked(number: int, cells: dict[str, Any], problems: list[Problem]) -> tuple[UUID, str, date, int] | None:
    """The values of a row, or ``None`` after telling everything that is wrong with it."""
    told = len(problems)

    def wrong(field: str, message: str) -> None:
        problems.append(Problem("usage", number, field, message))

    uuid = day = quantity = None
    if None in cells or None in cells.values():
        wrong("", f"the row must have {len(COLUMNS)} cells.")
        return None
    try:
        uuid = UUID(cells["uuid"].strip())
    except ValueError:
        wrong("uuid", f"{cells['uuid']!r} is not a valid uuid.")
    metric = cells["metric"].strip()
    if metric not in METRICS:
        wrong("metric", f"{metric!r} is not one of {', '.join(METRICS)}.")
    try:
        day = date.fromisoformat(cells["day"].strip())
    except ValueError:
        wrong("day", f"{cells['day']!r} is not a valid day. Write it as 2019-01-31.")
    text = cells["quantity"].strip()
    if text.isascii() and text.isdigit() and int(text) <= HIGHEST_DAILY_QUANTITY:
        quantity = int(text)
    else:
        wrong("quantity", f"{cells['quantity']!r} is not a whole number from 0 to {HIGHEST_DAILY_QUANTITY:,}.")
    if len(problems) > told or uuid is None or day is None or quantity is None:
        return None
    return uuid, metric, day, quantity


def _refuse_unknown(report: Report) -> None:
    """Refuse rows of Instances that are not in the register, and rows that say one day twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, uuid::text FROM {STAGED} AS row WHERE NOT EXISTS "
            "(SELECT FROM pos_billing_instances_instance AS instance WHERE instance.uuid = row.uuid)"
        )
        report.refuse(
            Problem("usage", number, "uuid", f"{uuid} is not an Instance of the register.")
            for number, uuid in cursor.fetchall()
        )
        cursor.execute(
            "SELECT number, first FROM (SELECT number, min(number) OVER (PARTITION BY uuid, metric, day) AS first "
            f"FROM {STAGED}) AS row WHERE number <> first"
        )
        report.refuse(
            Problem("usage", number, "day", f"row {first} has this Instance, metric and day already.")
            for number, first in cursor.fetchall()
        )
