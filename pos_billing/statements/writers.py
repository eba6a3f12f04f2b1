"""Where the lines and statements of a run go: into PostgreSQL by COPY, or, for a preview, aside.

Both take the same drafts in the same order. Lines are written before their statements, because a statement, once it
stands, takes no further line (``statements.models``); so the ids of statements are reserved before.
"""

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import IO, Protocol

from django.db import connection

from pos_billing.statements.drafts import DraftLine, DraftStatement, Sum
from pos_billing.statements.rating_cache import What

LINE_COLUMNS = (
    "statement_id, instance_id, dedicated_environment_id, subject_name, billed_cents, credited_cents, amount_cents, "
    "corrects, explanation, kind, month, plan_id, plan_name, fee_id, fee_name, days, days_in_month, due_cents"
)
STATEMENT_COLUMNS = (
    "id, number, sequence, account_id, run_id, as_of, due_on, currency, line_count, total_cents, "
    "brought_forward_cents, set_off_cents, amount_due_cents, carried_forward_cents, seller, buyer, issued_at"
)


class Writer(Protocol):
    """What a run hands its drafts to."""

    def statement_ids(self, count: int) -> list[int]:
        """Reserve ids for ``count`` further statements."""

    def prepared(self, lines: Sequence[DraftLine], sums: dict[int, Sum]) -> str:
        """The lines of a chunk as text for ``add_lines``; ``sums`` has the statement of every Account in it."""

    def add_lines(self, prepared: str) -> None:
        """Take the lines of a chunk."""

    def add_statements(self, statements: Sequence[DraftStatement], run_id: int) -> None:
        """Take all statements of the run."""


class TableWriter:
    """Writes to the tables of the current schema."""

    def statement_ids(self, count: int) -> list[int]:
        return reserved_ids("pos_billing_statement", count)

    def prepared(self, lines: Sequence[DraftLine], sums: dict[int, Sum]) -> str:
        return "".join([_line_row(line, sums[line.account].statement_id) for line in lines])

    def add_lines(self, prepared: str) -> None:
        _copy(f"COPY pos_billing_statementline ({LINE_COLUMNS}) FROM STDIN", [prepared])

    def add_statements(self, statements: Sequence[DraftStatement], run_id: int) -> None:
        if statements:
            now = _transaction_time()
            rows = (_statement_row(statement, run_id, now) for statement in statements)
            _copy(f"COPY pos_billing_statement ({STATEMENT_COLUMNS}) FROM STDIN", rows)


class PreviewWriter:
    """Keeps the lines of a preview in a temporary file, however many there are."""

    IN_MEMORY = 2_000_000

    def __init__(self) -> None:
        self._reserved = 0
        self._file: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (lives as long as the preview)
            max_size=self.IN_MEMORY, mode="w+", encoding="utf-8", newline="\n"
        )

    def statement_ids(self, count: int) -> list[int]:
        self._reserved += count
        return list(range(self._reserved - count + 1, self._reserved + 1))

    def prepared(self, lines: Sequence[DraftLine], sums: dict[int, Sum]) -> str:
        return "".join([f"{line.account}\t{json.dumps(line, default=date.isoformat)}\n" for line in lines])

    def add_lines(self, prepared: str) -> None:
        self._file.seek(0, 2)
        self._file.write(prepared)

    def add_statements(self, statements: Sequence[DraftStatement], run_id: int) -> None:
        """Nothing to keep: the run returns them."""

    def lines(self, account: int | None = None) -> Iterator[DraftLine]:
        """The lines, in the order of the statement; of one Account, or of all."""
        self._file.seek(0)
        for row in self._file:
            owner, _, text = row.partition("\t")
            if account is None or int(owner) == account:
                values = json.loads(text)
                what = values[len(values) - 6]
                what[1] = date.fromisoformat(what[1])
                values[len(values) - 6] = What._make(what)
                values[len(values) - 2] = tuple(values[len(values) - 2])
                yield DraftLine._make(values)


def reserved_ids(table: str, count: int) -> list[int]:
    """Take ``count`` ids of ``table`` in the current schema from its sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]


def _copy(statement: str, blocks: Iterable[str]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in blocks:
            copy.write(block)


def _line_row(line: DraftLine, statement_id: int) -> str:
    """A line as a row of COPY's text format. JSON holds backslashes, and nothing else that COPY minds."""
    _, instance, dedicated, subject, what, billed, credited, amount, corrects, explanation = line
    if "\\" in explanation:
        explanation = explanation.replace("\\", "\\\\")
    return (
        f"{statement_id}\t{NULL if instance is None else instance}\t{NULL if dedicated is None else dedicated}\t"
        f"{_text(subject)}\t{billed}\t{credited}\t{amount}\t{list(corrects) if corrects else EMPTY}\t"
        f"{explanation}\t{_what(what)}\n"
    )


@lru_cache(maxsize=4096)
def _what(what: What) -> str:
    """The columns that many lines share."""
    kind, month, plan, plan_name, fee, fee_name, days, of, due = what
    return f"{kind}\t{month.isoformat()}\t{plan}\t{_text(plan_name)}\t{fee}\t{_text(fee_name)}\t{days}\t{of}\t{due}"


NULL = "\\N"
EMPTY = "[]"
_PLAIN = re.compile(r"[^\\\t\n\r]*").fullmatch


def _statement_row(statement: DraftStatement, run_id: int, issued_at: str) -> str:
    """A statement as a row of COPY's text format."""
    return (
        f"{statement.id}\t{_text(statement.number)}\t{statement.sequence}\t{statement.account}\t{run_id}\t"
        f"{statement.as_of}\t{statement.due_on}\t{statement.currency}\t{statement.lines}\t{statement.total}\t"
        f"{statement.brought_forward}\t{statement.set_off}\t{statement.amount_due}\t{statement.carried_forward}\t"
        f"{_text(json.dumps(statement.seller))}\t{_text(json.dumps(statement.buyer))}\t{issued_at}\n"
    )


def _text(value: str) -> str:
    """Escape what COPY's text format takes for something else."""
    if _PLAIN(value):
        return value
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _transaction_time() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()::text")
        time: str = cursor.fetchone()[0]
        return time
