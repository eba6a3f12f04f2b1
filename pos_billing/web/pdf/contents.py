"""What stands in the PDF of a statement: frozen values in the order of reading, taken from the issued rows alone."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Count, Sum

from pos_billing.statements.explanation import sentences
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.web.shared.breakdown import CURRENT, PARTS, PartMonth, lines_by_part, months_by_part

LINES_IN_FULL = 1_500
"""Up to so many lines each one is printed (some forty pages). Beyond, plans are; the CSV has every line."""

EXPLAINED_LINES = 300
"""Up to so many lines their reasons are printed below them; the CSV always has them."""


class Row(NamedTuple):
    """One printed row: a line of an Instance, or all lines of a plan's fee when there are too many of them.

    ``cents`` is what this statement bills; ``due`` and ``billed`` (cents) say what a correction corrects.
    ``of`` is the days of the month; ``subjects`` counts Instances when the row stands for several.
    """

    name: str
    fee: str
    days: int
    of: int
    cents: int
    due: int
    billed: int
    subjects: int
    reasons: tuple[str, ...]


class MonthRows(NamedTuple):
    """The rows of one month in one part of the statement."""

    month: PartMonth
    rows: tuple[Row, ...]


class Section(NamedTuple):
    """One part of the statement, newest month first."""

    part: str
    title: str
    cents: int
    months: tuple[MonthRows, ...]


class Contents(NamedTuple):
    """Everything that is printed. ``in_full`` says whether each line is."""

    statement: Statement
    in_full: bool
    sections: tuple[Section, ...]


def contents_of(statement: Statement) -> Contents:
    """The contents of the PDF of ``statement``; two queries, in the schema of its Seller."""
    in_full = statement.line_count <= LINES_IN_FULL
    rows = _lines(statement) if in_full else _plans(statement)
    months = months_by_part(statement)
    sections = [
        Section(
            part,
            PARTS[part],
            sum(month.cents for month in of_part),
            tuple(MonthRows(month, tuple(rows[part, month.month])) for month in of_part),
        )
        for part, of_part in ((part, list(found)) for part, found in groupby(months, key=lambda month: month.part))
    ]
    return Contents(statement, in_full, tuple(sections))


Rows = dict[tuple[str, date], list[Row]]


def _lines(statement: Statement) -> Rows:
    """Each line as a row, by Instance; reasons are printed where somebody would ask for them."""
    rows: Rows = defaultdict(list)
    lines: Iterable[StatementLine] = lines_by_part(statement).order_by(
        "subject_name", "instance_id", "dedicated_environment_id", "plan_name", "fee_name", "id"
    )
    explained = statement.line_count <= EXPLAINED_LINES
    for line in lines:
        asked_for = explained and (line.part != CURRENT or line.days != line.days_in_month)
        reasons = tuple(sentences(line, statement.currency)) if asked_for else ()
        rows[line.part, line.month].append(
            Row(
                line.subject_name,
                f"{line.plan_name} · {line.fee_name}",
                line.days,
                line.days_in_month,
                line.amount_cents,
                line.due_cents,
                line.billed_cents,
                1,
                reasons,
            )
        )
    return rows


def _plans(statement: Statement) -> Rows:
    """One row for each plan's fee, part and month: as many as there are plans, not Instances."""
    rows: Rows = defaultdict(list)
    found = (
        lines_by_part(statement)
        .order_by()
        .values("part", "month", "plan_name", "fee_name", "days_in_month")
        .annotate(
            cents=Sum("amount_cents"),
            due=Sum("due_cents"),
            billed=Sum("billed_cents"),
            all_days=Sum("days"),
            instances=Count("instance_id", distinct=True),
            dedicated=Count("dedicated_environment_id", distinct=True),
        )
        .order_by("plan_name", "fee_name")
    )
    for row in found:
        rows[row["part"], row["month"]].append(
            Row(
                f"{row['plan_name']} · {row['fee_name']}",
                "",
                int(row["all_days"]),
                row["days_in_month"],
                int(row["cents"]),
                int(row["due"]),
                int(row["billed"]),
                row["instances"] + row["dedicated"],
                (),
            )
        )
    return rows
