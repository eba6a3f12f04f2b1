"""A billing run of one Seller: what is due, minus what was billed, becomes statements, in one transaction.

The facts are read in one snapshot, in chunks of subjects; each chunk is rated by pure code, its lines written by
COPY. Statements follow their lines, the run's own row comes last. A run that is killed leaves nothing behind, and the
next one does its work. A preview is the same run with its lines set aside instead of written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from functools import lru_cache

from django.db import connection

from pos_billing.facts.errors import Refused
from pos_billing.instances.hosts import platform_likes
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.catalogue import catalogue
from pos_billing.plans.models import Account, SellerSettings
from pos_billing.plans.queries import seller_suffixes
from pos_billing.rating.facts import Subject, SubjectKind
from pos_billing.rating.horizon import held_back_before, window
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.billed import Ledger, billed_of
from pos_billing.statements.database_thread import database_thread, no_garbage_collection
from pos_billing.statements.drafts import DraftLine, Rating, Rules, Sum, fees_by_id
from pos_billing.statements.issue import drafted, next_numbers, numbers_taken
from pos_billing.statements.locks import one_run_of, one_snapshot
from pos_billing.statements.models import BillingRun
from pos_billing.statements.outcome import RunOutcome
from pos_billing.statements.reading import Known, Needed, Quantities, Reading, known_of, usage_of
from pos_billing.statements.run_days import refuse_absurd
from pos_billing.statements.scope import (
    InScope,
    Scope,
    count_subjects,
    last_run,
    newest_billed_month,
    newest_run_day,
    not_comparable,
    scope_of,
    subjects,
)
from pos_billing.statements.signals import statements_issued
from pos_billing.statements.writers import PreviewWriter, TableWriter, Writer, reserved_ids

CHUNK = 2_500
Chunk = tuple[list[InScope], Known, Ledger]
MISSED_NAMED = 100

Progress = Callable[[str, int, int], None]
"""Told the schema, how many subjects are rated, and how many there are."""


def bill(
    schema: str,
    *,
    as_of: date,
    by: str,
    preview: bool = False,
    full: bool = False,
    accounts: Sequence[int] | None = None,
    expected: str | None = None,
    wait: bool = True,
    progress: Progress | None = None,
) -> RunOutcome:
    """Bill every Account of the Seller ``schema`` for what is due on ``as_of`` and was not billed before.

    ``preview`` writes nothing; ``full`` rates every month again; ``by`` is who asked for it. ``accounts`` are the ids
    of those that are billed alone (a purchase, rule 14): nobody else gets a line, and the Seller's next run comes out
    as if this one had been part of it. ``expected`` is the fingerprint of the preview somebody saw: where the run would
    issue anything else, it issues nothing and raises ``Changed``. With ``wait=False`` a
    run that is under way raises ``locks.Busy``; otherwise this one follows it. Raises ``Refused`` before the Seller's
    launch day, and when a later day was billed already. Call it outside a transaction: it makes its own, in which
    all facts are read as of one moment.
    """
    refuse_absurd("as_of", as_of)
    if not by.strip():
        raise Refused("by", "Say who makes this run.", code="by_missing")
    with in_seller(schema):
        if preview:
            with one_snapshot():
                return _Run(schema, as_of, full, PreviewWriter(), progress, accounts=accounts).made()
        with one_run_of(schema, wait=wait), one_snapshot():
            return _Run(schema, as_of, full, TableWriter(), progress, accounts=accounts).recorded(by.strip(), expected)


def preview_of(
    schema: str, *, as_of: date, chosen: Sequence[Subject] | None = None, full: bool = False, by_shape: bool = True
) -> RunOutcome:
    """What ``bill`` would make of some subjects alone. Reads in the caller's transaction, if it is in one.

    The statements' totals are those of the chosen subjects; what is brought forward is the Account's. ``by_shape`` is
    the shortcut of ``statements.shapes``; without it the answer is the same.
    """
    with in_seller(schema), one_snapshot():
        return _Run(schema, as_of, full, PreviewWriter(), None, chosen, by_shape).made()


class Changed(Refused):
    """A fact or a payment came in after the preview, and the run would issue something else than it showed."""

    def __init__(self) -> None:
        super().__init__(
            "as_of",
            "Something changed since the preview, so nothing was issued. Look at the new preview first.",
            code="run_differs_from_preview",
        )


class _Run:
    """The state of one run while it goes through its chunks."""

    def __init__(
        self,
        schema: str,
        as_of: date,
        full: bool,
        writer: Writer,
        progress: Progress | None,
        chosen: Sequence[Subject] | None = None,
        by_shape: bool = True,
        accounts: Sequence[int] | None = None,
    ) -> None:
        self.seller = SellerSettings.objects.get()
        self.accounts = None if accounts is None else _known_accounts(accounts)
        self.suffixes = seller_suffixes(self.seller)
        self.last = last_run()
        _refuse(self.seller, newest_run_day(), as_of)
        self.snapshot_xmin, self.snapshot, self.own_transaction, self.database_system = _transaction_ids()
        why_not = not_comparable(self.last, self.database_system, self.suffixes)
        comparable = None if why_not else self.last
        asked = None if self.accounts is None else sorted(self.accounts)
        self.scope = scope_of(as_of, None if full else comparable, chosen, asked)
        self.incremental = scope_of(as_of, comparable, chosen) if full and comparable and not self.accounts else None
        plans = catalogue()
        self.held_back = held_back_before(self.seller.cut_off, None if self.last is None else self.last.as_of)
        windows = lru_cache(maxsize=None)(lambda first: window(as_of, first, self.held_back))
        rules = Rules(as_of, self.seller.floor, plans, fees_by_id(plans))
        self.rating = Rating(rules, windows, self._usage_of, by_shape=by_shape)
        self.reading = Reading(self.seller.time_zone, platform_likes(self.suffixes))
        self.writer, self.progress = writer, progress
        self.sums: dict[int, Sum] = {}
        self.newest_month = newest_billed_month()
        self.outcome = RunOutcome(schema, as_of, isinstance(writer, PreviewWriter), self.scope.full)
        if self.last is not None and not full:
            self.outcome.full_because = why_not
        if isinstance(writer, PreviewWriter):
            self.outcome._aside = writer

    def made(self) -> RunOutcome:
        """Rate everything, hand over the lines, settle the statements."""
        self.first = next_numbers(self.seller, self.scope.as_of, locked=not self.outcome.preview)
        total = sum(count_subjects(self.scope, kind) for kind in KINDS) if self.progress else 0
        with database_thread() as database, no_garbage_collection():
            self.database = database
            chunks = self._read()
            ahead = database.soon(next, chunks, None)
            written: Future[None] | None = None
            while (chunk := ahead.result()) is not None:
                ahead = database.soon(next, chunks, None)
                lines = self._rated(*chunk)
                if lines:
                    self._sum_up(lines)
                    prepared = self.writer.prepared(lines, self.sums)
                    if written is not None:
                        written.result()  # raises what went wrong, and keeps no more than one chunk waiting
                    written = database.soon(self.writer.add_lines, prepared)
                    if self.incremental is not None:
                        database.now(self._name_missed, lines, chunk[1].kind, self.incremental)
                if self.progress:
                    self.progress(self.outcome.schema, self.outcome.subjects, total)
            if written is not None:
                written.result()
        self.outcome.not_charged = self.rating.not_charged
        self.outcome.unbillable = [one._asdict() for one in self.rating.unbillable]
        self.outcome.statements = drafted(self.sums, self.seller, self.scope.as_of, self.first)
        return self.outcome

    def recorded(self, by: str, expected: str | None) -> RunOutcome:
        """Make the run, write its statements and then its own row, and tell who listens."""
        outcome = self.made()
        if expected is not None and outcome.fingerprint != expected:
            raise Changed
        [run_id] = reserved_ids("pos_billing_billingrun", 1)
        self.writer.add_statements(outcome.statements, run_id)
        if outcome.statements:
            numbers_taken(self.first.after(len(outcome.statements)))
        run = self._row(run_id, by)
        outcome.run_id = run_id
        if outcome.statements:
            ids = [statement.id for statement in outcome.statements]
            statements_issued.send(sender=BillingRun, schema=outcome.schema, run=run, statement_ids=ids)
        return outcome

    def _read(self) -> Iterator[Chunk]:
        """The subjects of the run in chunks, with their facts and what was billed for them."""
        billed_until = self.newest_month
        for kind in KINDS:
            for chunk in subjects(self.scope, kind, CHUNK):
                chunk = self._from_cut_off(chunk)
                yield chunk, known_of(chunk, kind, self.reading), billed_of(chunk, kind, billed_until)

    def _usage_of(self, needed: Mapping[Subject, Needed]) -> Quantities:
        return self.database.now(usage_of, needed)

    def _rated(self, chunk: list[InScope], known: Known, ledger: Ledger) -> list[DraftLine]:
        """Rate a chunk."""
        lines = self.rating.lines(chunk, known, ledger)
        if self.accounts is not None:
            lines = [line for line in lines if line.account in self.accounts]
        self.outcome.subjects += len(chunk)
        if lines:
            newest = max([line.what.month for line in lines])
            self.newest_month = newest if self.newest_month is None else max(newest, self.newest_month)
        return lines

    def _sum_up(self, lines: Sequence[DraftLine]) -> None:
        """Add the lines to their statements; each Account that gets its first line has one reserved."""
        new = sorted({line.account for line in lines} - self.sums.keys())
        if new:
            ids = self.database.now(self.writer.statement_ids, len(new))
            self.sums.update(zip(new, map(Sum, ids), strict=True))
        for line in lines:
            self.sums[line.account].add(line)

    def _from_cut_off(self, chunk: list[InScope]) -> list[InScope]:
        """Leave months before the cut-off as they were billed (rule 10)."""
        first = self.held_back
        if first is None:
            return chunk
        return [s if s.first_month >= first else s._replace(first_month=first) for s in chunk]

    def _name_missed(self, lines: Sequence[DraftLine], kind: SubjectKind, incremental: Scope) -> None:
        """Compare what a full run found with where an incremental run would have looked."""
        looked_at = incremental._replace(chosen=tuple({line.subject for line in lines}))
        first_months = {s.id: s.first_month for chunk in subjects(looked_at, kind, CHUNK) for s in chunk}
        for line in lines:
            first_month = first_months.get(line.subject.id)
            if first_month is None or line.month < first_month:
                self.outcome.missed += 1
                if len(self.outcome.missed_named) < MISSED_NAMED:
                    self.outcome.missed_named.append(
                        {"subject": line.subject_name, "month": line.month, "amount_cents": line.amount_cents}
                    )

    def _row(self, run_id: int, by: str) -> BillingRun:
        outcome = self.outcome
        started_at, finished_at = _times()
        return BillingRun.objects.create(
            id=run_id,
            as_of=outcome.as_of,
            full=outcome.full,
            started_at=started_at,
            finished_at=finished_at,
            by=by,
            snapshot_xmin=self.snapshot_xmin,
            snapshot=self.snapshot,
            own_transaction=self.own_transaction,
            database_system=self.database_system,
            platform_suffixes=list(self.suffixes),
            newest_month=self.newest_month,
            accounts=None if self.accounts is None else sorted(self.accounts),
            full_because=outcome.full_because,
            statements=len(outcome.statements),
            lines=outcome.lines,
            total_cents=outcome.total,
            summary={
                "subjects": outcome.subjects,
                "accounts": len(outcome.statements),
                "adjustments": outcome.adjustments,
                "not_charged": dict(outcome.not_charged),
                "unbillable": outcome.unbillable,
                "missed": outcome.missed,
                "missed_named": outcome.missed_named,
            },
        )


def _known_accounts(asked: Sequence[int]) -> frozenset[int]:
    """The Accounts that a run is made for. Raises ``Refused`` for none, and for one there is not."""
    unknown = set(asked) - set(Account.objects.filter(pk__in=list(asked)).values_list("pk", flat=True))
    if unknown or not asked:
        raise Refused(
            "accounts",
            f"There is no Account {min(unknown)} here." if unknown else "Name at least one Account, or bill all.",
            code="run_account_unknown",
        )
    return frozenset(asked)


def _refuse(seller: SellerSettings, newest: date | None, as_of: date) -> None:
    if seller.launch_on is not None and as_of < seller.launch_on:
        raise Refused("as_of", f"No statement is issued before the launch on {seller.launch_on}.", code="before_launch")
    if seller.cut_off is not None and seller.cut_off > as_of:
        raise Refused(
            "cut_off", f"The cut-off is set to {seller.cut_off}, after the day of this run: months would be left out. "
            "Set an earlier one in the Seller's settings, or none.", code="day_not_come",
        )  # fmt: skip
    if newest is not None and as_of < newest:
        raise Refused(
            "as_of",
            f"A run was made for {newest} already: choose that day or a later one.",
            code="run_already_made",
        )


def _transaction_ids() -> tuple[int, str, int | None, int]:
    """Which transactions this snapshot sees: all before the first value, and those the second says.

    Then the transaction this is itself, if it has changed something already, and the database cluster they belong to.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_current_snapshot()::text, "
            "pg_current_xact_id_if_assigned()::text::bigint, system_identifier FROM pg_control_system()"
        )
        ids: tuple[int, str, int | None, int] = cursor.fetchone()
        return ids


def _times() -> tuple[datetime, datetime]:
    """When the run's transaction began, and now, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp(), clock_timestamp()")
        times: tuple[datetime, datetime] = cursor.fetchone()
        return times
