"""A statement's lines, put together for reading. PostgreSQL adds up what is billed; nothing is computed here."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When

from pos_billing.rating.months import month_of, previous_month
from pos_billing.statements.models import LineKind, Statement, StatementLine

CURRENT, EARLIER, CORRECTED = "current", "earlier", "corrected"
PARTS = {
    CURRENT: "Charges",
    EARLIER: "Charged for earlier months",
    CORRECTED: "Corrections of earlier statements",
}
"""The parts of a statement, in the order in which they are read."""


class PartMonth(NamedTuple):
    """What a statement bills for a month in one of its parts: cents, lines, and how many subjects they concern."""

    part: str
    title: str
    month: date
    cents: int
    lines: int
    subjects: int


class SubjectLines(NamedTuple):
    """An Instance or dedicated environment with its lines on a statement, and their sum in cents."""

    kind: str
    id: int
    name: str
    plans: tuple[str, ...]
    cents: int
    lines: tuple[StatementLine, ...]


def lines_by_part(statement: Statement) -> QuerySet[StatementLine]:
    """The statement's lines, each with its ``part``.

    A correction names lines it corrects. A charge of a month before the last one closed on the day of the statement
    is retroactive.
    """
    last_closed = previous_month(month_of(statement.as_of))
    return statement.lines.annotate(
        part=Case(
            When(kind=LineKind.ADJUSTMENT, then=Value(CORRECTED)),
            When(month__lt=last_closed, then=Value(EARLIER)),
            default=Value(CURRENT),
            output_field=CharField(),
        )
    )


def months_by_part(statement: Statement) -> list[PartMonth]:
    """What the statement bills by part and month: one query."""
    rows = (
        lines_by_part(statement)
        .order_by()
        .values("part", "month")
        .annotate(
            cents=Sum("amount_cents"),
            number=Count("id"),
            instances=Count("instance_id", distinct=True),
            dedicated=Count("dedicated_environment_id", distinct=True),
        )
    )
    parts = [
        PartMonth(
            row["part"],
            PARTS[row["part"]],
            row["month"],
            int(row["cents"]),
            row["number"],
            row["instances"] + row["dedicated"],
        )
        for row in rows
    ]
    order = list(PARTS)
    return sorted(parts, key=lambda p: (order.index(p.part), -p.month.toordinal()))


def subjects(lines: QuerySet[StatementLine]) -> QuerySet[Any]:
    """The subjects of ``lines`` by name, with sum and count: rows to be counted, cut to pages, and opened."""
    return (
        lines.order_by()
        .values("subject_name", "instance_id", "dedicated_environment_id")
        .annotate(cents=Sum("amount_cents"), number=Count("id"))
        .order_by("subject_name", "instance_id", "dedicated_environment_id")
    )


def opened(lines: QuerySet[StatementLine], rows: Iterable[Any]) -> list[SubjectLines]:
    """Each row of ``subjects`` with its lines, newest month first: one query for all of them."""
    rows = list(rows)
    instances = [r["instance_id"] for r in rows if r["instance_id"] is not None]
    dedicated = [r["dedicated_environment_id"] for r in rows if r["dedicated_environment_id"] is not None]
    by_subject: dict[tuple[Any, Any], list[StatementLine]] = {}
    chosen = lines.filter(Q(instance_id__in=instances) | Q(dedicated_environment_id__in=dedicated))
    for line in chosen.order_by("-month", "plan_name", "fee_name", "id"):
        by_subject.setdefault((line.instance_id, line.dedicated_environment_id), []).append(line)
    return [_subject(row, by_subject[row["instance_id"], row["dedicated_environment_id"]]) for row in rows]


def _subject(row: Any, lines: list[StatementLine]) -> SubjectLines:
    kind, number = ("instance", row["instance_id"])
    if number is None:
        kind, number = "dedicated", row["dedicated_environment_id"]
    plans = tuple(dict.fromkeys(line.plan_name for line in lines))
    return SubjectLines(kind, number, row["subject_name"], plans, int(row["cents"]), tuple(lines))
