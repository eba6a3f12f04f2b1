"""What a run must look at: months that have closed, days that have come, and what something has touched.

An incremental run rates every subject from the first month that the last finished run had not closed. Earlier months
are rated again only for a subject

- that a note of the database concerns (``facts.touched``): notes of transactions the last run could not see yet;
- that stands, or stood, on a dedicated environment that such a note concerns: whether the environment is billed
  decides on which days the Instance bears a fee of its own (rule 3);
- whose assignment has begun since the last run's day: it reaches back only from its first day on (rule 4).

Everything else came out the same as before, because the same facts give the same amounts. A full run rates every
month of every subject, and says whether it found a difference where an incremental run would not have looked.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connection

from pos_billing.facts.change_notes import WHOLE_HISTORY
from pos_billing.rating.facts import Subject, SubjectKind
from pos_billing.rating.months import month_of


class LastRun(NamedTuple):
    """What the next run must know of the last finished one of the Seller (runs for chosen Accounts are none).

    ``snapshot`` tells which transactions' notes it saw (PostgreSQL's ``pg_snapshot``); notes of ``own_transaction``,
    in which it was made itself, may have come after it.
    """

    as_of: date
    snapshot_xmin: int
    snapshot: str
    own_transaction: int | None
    database_system: int
    platform_suffixes: tuple[str, ...]


class Scope(NamedTuple):
    """What one run looks at. ``since`` is the last run, or ``None`` when everything is rated.

    ``first_month`` is where months begin that no earlier run has closed; ``chosen`` narrows all of it to these
    subjects (a preview of some), ``accounts`` to subjects that these Accounts have or had.
    """

    as_of: date
    since: LastRun | None
    first_month: date
    chosen: tuple[Subject, ...] | None = None
    accounts: tuple[int, ...] | None = None

    @property
    def full(self) -> bool:
        """Whether every month of every subject is rated."""
        return self.since is None


class InScope(NamedTuple):
    """A subject of a run, what it is called, when it exists, and the first month to be rated."""

    id: int
    first_month: date
    name: str
    created_on: date
    ends_on: date | None


def last_run() -> LastRun | None:
    """The last finished run of the current schema, or ``None``. A run for chosen Accounts is not the Seller's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.as_of, r.snapshot_xmin, r.snapshot, r.own_transaction, r.database_system, r.platform_suffixes "
            "FROM pos_billing_billingrun AS r WHERE r.accounts IS NULL ORDER BY r.id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return LastRun(row[0], row[1], row[2], row[3], row[4], tuple(row[5]))


def newest_run_day() -> date | None:
    """The newest day of any run of the current schema, those for chosen Accounts included; no run may go before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(as_of) FROM pos_billing_billingrun")
        newest: date | None = cursor.fetchone()[0]
        return newest


def newest_billed_month() -> date | None:
    """The newest month that any run of the current schema has billed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(newest_month) FROM pos_billing_billingrun")
        newest: date | None = cursor.fetchone()[0]
        return newest


def not_comparable(last: LastRun | None, database_system: int, suffixes: tuple[str, ...]) -> str:
    """Why the notes of changed facts do not tell what changed since ``last``; empty where they do.

    In words for people. ``database_system`` and ``suffixes`` are those of now.
    """
    if last is None:
        return "it is the first run"
    if last.database_system != database_system:
        return "the data were restored into another database cluster"
    if last.platform_suffixes != suffixes:
        return "the endings of host names that are not custom Domains have changed"
    if not covers(last.snapshot, forgotten(database_system)):
        return "changes of facts since the last run may have been forgotten (this Seller's data were restored)"
    return ""


def database_system() -> int:
    """The database cluster this is: transaction ids mean something within one alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return int(cursor.fetchone()[0])


def forgotten(here: int) -> str | None:
    """The snapshot whose notes of the register may be gone; ``None``: nothing was ever forgotten in this cluster."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot FROM pos_billing_instances_forgottennotes WHERE database_system = %s", [here])
        row = cursor.fetchone()
        return None if row is None else str(row[0])


def covers(snapshot: str, other: str | None) -> bool:
    """Whether ``snapshot`` shows every transaction that ``other`` does. Snapshots of one cluster are a chain."""
    if other is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmax(%(other)s::pg_snapshot) <= pg_snapshot_xmax(%(this)s::pg_snapshot) "
            "AND NOT EXISTS (SELECT FROM pg_snapshot_xip(%(this)s::pg_snapshot) AS unseen "
            "WHERE pg_visible_in_snapshot(unseen, %(other)s::pg_snapshot))",
            {"this": snapshot, "other": other},
        )
        return bool(cursor.fetchone()[0])


def scope_of(
    as_of: date,
    last: LastRun | None,
    chosen: Sequence[Subject] | None = None,
    accounts: Sequence[int] | None = None,
) -> Scope:
    """What a run on ``as_of`` looks at after ``last``; everything when ``last`` is ``None``."""
    first = date.min if last is None else month_of(last.as_of)
    return Scope(
        as_of, last, first, None if chosen is None else tuple(chosen), None if accounts is None else tuple(accounts)
    )


def subjects(scope: Scope, kind: SubjectKind, itersize: int) -> Iterator[list[InScope]]:
    """The subjects of ``scope`` by id, in chunks of ``itersize``, from one server-side cursor.

    ``kind`` is ``instance`` or ``dedicated``. Only subjects this Seller ever assigned a plan or billed.
    """
    statement, parameters = _subjects(scope, kind)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(itersize):
            yield [InScope._make(row) for row in rows]


def count_subjects(scope: Scope, kind: SubjectKind) -> int:
    """How many subjects ``subjects`` yields."""
    statement, parameters = _subjects(scope, kind)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({statement}) AS all_of_them", parameters)
        counted: int = cursor.fetchone()[0]
        return counted


def _subjects(scope: Scope, kind: SubjectKind) -> tuple[str, dict[str, date | int | str | list[int] | None]]:
    column, register, end = {
        "instance": ("instance_id", "pos_billing_instances_instance", "deleted_on"),
        "dedicated": ("dedicated_environment_id", "pos_billing_instances_dedicatedenvironment", "removed_on"),
    }[kind]
    parts = _everything(column) if scope.since is None else _incremental(column, kind)
    narrowed = []
    if scope.chosen is not None:
        narrowed.append("found.subject = ANY(%(chosen)s)")
    if scope.accounts is not None:
        narrowed.append(
            f"found.subject IN (SELECT {column} FROM pos_billing_assignment WHERE account_id = ANY(%(accounts)s) "
            f"UNION SELECT line.{column} FROM pos_billing_statementline AS line JOIN pos_billing_statement AS issued "
            "ON issued.id = line.statement_id WHERE issued.account_id = ANY(%(accounts)s))"
        )
    chosen = f"WHERE {' AND '.join(narrowed)}" if narrowed else ""
    statement = (
        f"SELECT s.id, found.first_month, s.name, s.created_on, s.{end} "
        f"FROM (SELECT subject, min(first_month) AS first_month FROM ({parts}) AS found {chosen} GROUP BY 1) AS found "
        f"JOIN {register} AS s ON s.id = found.subject ORDER BY s.id"
    )
    parameters: dict[str, date | int | str | list[int] | None] = {
        "as_of": scope.as_of,
        "first_month": scope.first_month,
    }
    if scope.chosen is not None:
        parameters["chosen"] = [subject.id for subject in scope.chosen if subject.kind == kind]
    if scope.accounts is not None:
        parameters["accounts"] = list(scope.accounts)
    if scope.since is not None:
        parameters |= {
            "xmin": scope.since.snapshot_xmin,
            "snapshot": scope.since.snapshot,
            "own_transaction": scope.since.own_transaction,
            "last_as_of": scope.since.as_of,
            "new_months": scope.first_month < month_of(scope.as_of),
        }
    return statement, parameters


def _everything(column: str) -> str:
    """All subjects: those with an assignment, and those that were billed while they had one."""
    return (
        f"SELECT DISTINCT {column} AS subject, {WHOLE_HISTORY} AS first_month FROM pos_billing_assignment "
        f"WHERE {column} IS NOT NULL "
        f"UNION ALL SELECT DISTINCT {column}, {WHOLE_HISTORY} FROM pos_billing_statementline "
        f"WHERE {column} IS NOT NULL"
    )


def _incremental(column: str, kind: SubjectKind) -> str:
    """The subjects and first months that can have changed since the last run."""
    notes = "FROM pos_billing_changenote AS note"
    unread = f"NOT {READ}"
    of_all = "note.instance_id IS NULL AND note.dedicated_environment_id IS NULL AND note.plan_id IS NULL"
    return " UNION ALL ".join(
        [
            # Months that have closed since: whoever has an assignment in them.
            f"SELECT {column} AS subject, %(first_month)s::date AS first_month FROM pos_billing_assignment "
            f"WHERE %(new_months)s AND {column} IS NOT NULL AND days && daterange(%(first_month)s, NULL)",
            # Assignments whose first day has come, from the first Unbilled day they can reach back to.
            f"SELECT a.{column}, date_trunc('month', lower(unbilled.days))::date FROM pos_billing_assignment AS a "
            f"JOIN pos_billing_assignment AS unbilled ON unbilled.{column} = a.{column} "
            "AND lower(unbilled.days) < lower(a.days) "
            "JOIN pos_billing_plan AS plan ON plan.id = unbilled.plan_id AND plan.placeholder "
            "WHERE lower(a.days) > %(last_as_of)s AND lower(a.days) <= %(as_of)s",
            # What this Seller changed: for one subject, for all that ever had a plan, for all.
            f"SELECT note.{column}, note.first_month {notes} WHERE {unread} AND note.{column} IS NOT NULL",
            f"SELECT a.{column}, note.first_month {notes} JOIN pos_billing_assignment AS a ON a.plan_id = note.plan_id "
            f"WHERE {unread} AND a.{column} IS NOT NULL",
            f"SELECT a.{column}, note.first_month {notes} CROSS JOIN pos_billing_assignment AS a "
            f"WHERE {unread} AND {of_all} AND a.{column} IS NOT NULL",
            # What changed in the register.
            _register_notes(kind),
            *(_notes_of_environments() if kind == "instance" else ()),
        ]
    )


# The comparison with xmin is for the index on noted_in; it alone would read notes again and again while any
# transaction of the database cluster stays open.
READ = (
    "(note.noted_in < %(xmin)s OR (note.noted_in IS DISTINCT FROM %(own_transaction)s "
    "AND pg_visible_in_snapshot(note.noted_in::text::xid8, %(snapshot)s::pg_snapshot)))"
)


def _register_notes(kind: str) -> str:
    unread = f"NOT {READ}"
    if kind == "instance":
        return (
            "SELECT note.instance_id, note.first_month FROM pos_billing_instances_changenote AS note "
            f"WHERE {unread} AND EXISTS "
            "(SELECT FROM pos_billing_assignment AS a WHERE a.instance_id = note.instance_id)"
        )
    # Usage of the Instances placed on a dedicated environment is usage of the environment.
    return (
        "SELECT note.dedicated_environment_id, note.first_month FROM pos_billing_instances_dedicatedchangenote AS note "
        f"WHERE {unread} AND EXISTS (SELECT FROM pos_billing_assignment AS a "
        "WHERE a.dedicated_environment_id = note.dedicated_environment_id) "
        "UNION ALL SELECT p.dedicated_environment_id, note.first_month FROM pos_billing_instances_changenote AS note "
        "JOIN pos_billing_instances_placement AS p ON p.instance_id = note.instance_id "
        f"WHERE {unread} AND EXISTS (SELECT FROM pos_billing_assignment AS a "
        "WHERE a.dedicated_environment_id = p.dedicated_environment_id)"
    )


def _notes_of_environments() -> tuple[str, ...]:
    """Instances whose own days can have changed with the dedicated environment they were placed on.

    Its assignments, the plans it ever had here, and the days on which it stood.
    """
    unread = f"NOT {READ}"
    here = "EXISTS (SELECT FROM pos_billing_assignment AS a WHERE a.instance_id = placed.instance_id)"
    placed = "JOIN pos_billing_instances_placement AS placed ON placed.dedicated_environment_id ="
    return (
        f"SELECT placed.instance_id, note.first_month FROM pos_billing_changenote AS note "
        f"{placed} note.dedicated_environment_id WHERE {unread} AND {here}",
        f"SELECT placed.instance_id, note.first_month FROM pos_billing_changenote AS note "
        f"JOIN pos_billing_assignment AS held ON held.plan_id = note.plan_id "
        f"{placed} held.dedicated_environment_id WHERE {unread} AND {here}",
        f"SELECT placed.instance_id, note.first_month FROM pos_billing_instances_dedicatedchangenote AS note "
        f"{placed} note.dedicated_environment_id WHERE {unread} AND {here}",
    )
