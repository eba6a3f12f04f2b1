"""What earlier statements say: the sum of the lines of each key, read for a chunk of subjects at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from pos_billing.instances.subjects import KINDS
from pos_billing.rating.difference import Billed
from pos_billing.rating.due import Key
from pos_billing.rating.facts import Subject, SubjectKind
from pos_billing.statements.scope import InScope


class EarlierLine(NamedTuple):
    """A line of an earlier statement, as a correction names it."""

    id: int
    statement: str
    as_of: date
    cents: int
    credited: int = 0


class Ahead(NamedTuple):
    """What a credit note gave of a line ahead of its correction, in cents."""

    credit_note: str
    cents: int


class Ledger(NamedTuple):
    """Billed amounts by subject and key, the lines they are the sum of, and what was credited ahead of them."""

    amounts: dict[Subject, dict[Key, Billed]]
    lines: dict[int, EarlierLine]
    ahead: dict[int, list[Ahead]]


NOTHING = Ledger({}, {}, {})


def billed_of(chunk: Sequence[InScope], kind: SubjectKind, newest_month: date | None) -> Ledger:
    """What was billed for the subjects of ``chunk``, each from its first month on; two queries, or none.

    ``newest_month`` is the newest month any run has billed: months after it need no look.
    """
    earlier = [s for s in chunk if newest_month is not None and s.first_month <= newest_month]
    if not earlier:
        return NOTHING
    column = KINDS[kind]
    amounts: dict[Subject, dict[Key, list[EarlierLine]]] = defaultdict(lambda: defaultdict(list))
    lines: dict[int, EarlierLine] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line.{column}, statement.account_id, line.fee_id, line.month, line.id, statement.number, "
            "statement.as_of, line.amount_cents, line.credited_cents "
            "FROM unnest(%s::bigint[], %s::date[]) AS chunk (id, first_month) "
            f"JOIN pos_billing_statementline AS line ON line.{column} = chunk.id AND line.month >= chunk.first_month "
            "JOIN pos_billing_statement AS statement ON statement.id = line.statement_id ORDER BY line.id",
            [[subject.id for subject in earlier], [subject.first_month for subject in earlier]],
        )
        for subject_id, account, fee, month, line_id, number, as_of, cents, credited in cursor.fetchall():
            subject = Subject(kind, subject_id)
            line = lines[line_id] = EarlierLine(line_id, number, as_of, cents, credited)
            amounts[subject][Key(account, subject, fee, month)].append(line)
        ahead = _ahead(cursor, list(lines))
    return Ledger(
        {subject: {key: _sum(found, ahead) for key, found in keys.items()} for subject, keys in amounts.items()},
        lines,
        ahead,
    )


def _ahead(cursor: Any, lines: Sequence[int]) -> dict[int, list[Ahead]]:
    """What credit notes gave ahead of corrections, by the line they credit."""
    found: dict[int, list[Ahead]] = defaultdict(list)
    cursor.execute(
        "SELECT part.statement_line_id, note.number, part.cents FROM pos_billing_creditnoteline AS part "
        "JOIN pos_billing_creditnote AS note ON note.id = part.credit_note_id "
        "WHERE note.kind = 'ahead' AND part.statement_line_id = ANY(%s) ORDER BY part.id",
        [lines],
    )
    for line_id, number, cents in cursor.fetchall():
        found[line_id].append(Ahead(number, cents))
    return found


def _sum(lines: Sequence[EarlierLine], ahead: Mapping[int, Sequence[Ahead]]) -> Billed:
    given = sum(one.cents for line in lines for one in ahead.get(line.id, ()))
    used = sum(line.credited for line in lines)
    return Billed(sum(line.cents - line.credited for line in lines), tuple(line.id for line in lines), given - used)
