"""A statement as CSV and JSON: every line with its explanation, streamed, so that size does not matter."""

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from pos_billing.facts.tables import cell, csv_lines, units
from pos_billing.statements.explanation import sentences
from pos_billing.statements.models import Statement, StatementLine

ROWS_AT_ONCE = 2_000
COLUMNS = (
    "statement", "issued", "line", "kind", "month", "subject", "subject_id", "instance", "plan", "fee",
    "days", "days_in_month", "due", "billed_before", "credited_ahead", "amount", "currency", "corrects", "explanation",
)  # fmt: skip


def statement_csv(statement: Statement) -> Iterator[str]:
    """The lines of ``statement`` as CSV text, in pieces: a header, then one row a line in the order of the statement.

    Amounts are in units of the currency with two decimals (``70.97``), days as ``YYYY-MM-DD``. Text that a spreadsheet
    would take for a formula is led by an apostrophe. One server-side cursor, in the current schema.
    """
    lines = csv_lines(chain([COLUMNS], (_row(statement, line) for line in _lines(statement))))
    while piece := "".join(islice(lines, ROWS_AT_ONCE)):
        yield piece


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
        "set_off_cents": statement.set_off_cents,
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
        "credited_cents": line.credited_cents,
        "amount_cents": line.amount_cents,
        "corrects": line.corrects,
        "explanation": line.explanation,
    }


def _lines(statement: Statement) -> Iterator[StatementLine]:
    return statement.lines.order_by("id").iterator(chunk_size=ROWS_AT_ONCE)


def _row(statement: Statement, line: StatementLine) -> list[Any]:
    instance = line.instance_id is not None
    return [
        cell(statement.number), statement.as_of, line.pk, line.kind, f"{line.month:%Y-%m}", cell(line.subject_name),
        line.instance_id if instance else line.dedicated_environment_id,
        "Instance" if instance else "dedicated environment", cell(line.plan_name), cell(line.fee_name),
        line.days, line.days_in_month, units(line.due_cents), units(line.billed_cents),
        units(line.credited_cents), units(line.amount_cents),
        statement.currency, " ".join(map(str, line.corrects)), cell(" ".join(sentences(line, statement.currency))),
    ]  # fmt: skip
