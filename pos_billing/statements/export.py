"""A statement as CSV and JSON: every line with its explanation, streamed, so that size does not matter."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from pos_billing.statements.explanation import sentences
from pos_billing.statements.models import Statement, StatementLine

ROWS_AT_ONCE = 2_000
COLUMNS = (
    "statement", "issued", "line", "kind", "month", "subject", "subject_id", "instance", "plan", "fee",
    "days", "days_in_month", "due", "billed_before", "amount", "currency", "corrects", "explanation",
)  # fmt: skip


def statement_csv(statement: Statement) -> Iterator[str]:
    """The lines of ``statement`` as CSV text, in pieces: a header, then one row a line in the order of the statement.

    Amounts are in units of the currency with two decimals (``70.97``), days as ``YYYY-MM-DD``. Text that a spreadsheet
    would take for a formula is led by an apostrophe. One server-side cursor, in the current schema.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for line in _lines(statement):
        writer.writerow(_row(statement, line))
        if buffer.tell() > 65_536:
            yield _taken(buffer)
    yield _taken(buffer)


def statement_json(statement: Statement) -> Iterator[str]:
    """``statement`` and its lines as one JSON object, in pieces. Money in integer cents."""
    head = json.dumps(statement_values(statement))
    yield f'{head[:-1]}, "lines": ['
    for place, line in enumerate(_lines(statement)):
        yield f"{', ' if place else ''}{json.dumps(line_values(line) | {'sentences': sentences(line)})}"
    yield "]}"


def statement_values(statement: Statement) -> dict[str, Any]:
    """What a statement says apart from its lines, as plain values: money in cents, days as text."""
    return {
        "number": statement.number,
        "as_of": statement.as_of.isoformat(),
        "due_on": statement.due_on.isoformat(),
        "currency": statement.currency,
        "line_count": statement.line_count,
        "total_cents": statement.total_cents,
        "brought_forward_cents": statement.brought_forward_cents,
        "amount_due_cents": statement.amount_due_cents,
        "carried_forward_cents": statement.carried_forward_cents,
        "seller": statement.seller,
        "buyer": statement.buyer,
    }


def line_values(line: StatementLine) -> dict[str, Any]:
    """What a line says, as plain values: money in cents, days as text."""
    return {
        "kind": line.kind,
        "month": line.month.isoformat(),
        "instance_id": line.instance_id,
        "dedicated_environment_id": line.dedicated_environment_id,
        "subject": line.subject_name,
        "plan": line.plan_name,
        "fee": line.fee_name,
        "days": line.days,
        "days_in_month": line.days_in_month,
        "due_cents": line.due_cents,
        "billed_cents": line.billed_cents,
        "amount_cents": line.amount_cents,
        "corrects": line.corrects,
        "explanation": line.explanation,
    }


def _lines(statement: Statement) -> Iterator[StatementLine]:
    return statement.lines.order_by("id").iterator(chunk_size=ROWS_AT_ONCE)


def _row(statement: Statement, line: StatementLine) -> list[Any]:
    instance = line.instance_id is not None
    return [
        _safe(statement.number), statement.as_of, line.pk, line.kind, f"{line.month:%Y-%m}", _safe(line.subject_name),
        line.instance_id if instance else line.dedicated_environment_id,
        "Instance" if instance else "dedicated environment", _safe(line.plan_name), _safe(line.fee_name),
        line.days, line.days_in_month, _units(line.due_cents), _units(line.billed_cents), _units(line.amount_cents),
        statement.currency, " ".join(map(str, line.corrects)), _safe(" ".join(sentences(line, statement.currency))),
    ]  # fmt: skip


def _units(cents: int) -> str:
    """Integer cents as ``-70.97``, without any arithmetic on fractions."""
    units, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{units}.{rest:02d}"


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
