"""Lines and statements as a run makes them, before (and whether or not) they are written."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pos_billing.rating.difference import Line, LineKind, difference
from pos_billing.rating.due import due, usage_needed
from pos_billing.rating.facts import Facts, Subject
from pos_billing.rating.horizon import Window
from pos_billing.rating.months import month_of, previous_month
from pos_billing.rating.terms import Catalogue, Fee, Plan
from pos_billing.rating.timeline import Segment, timeline
from pos_billing.statements.billed import Ledger
from pos_billing.statements.rating_cache import (
    CachedRating,
    Shape,
    What,
    accounts_of,
    held_from,
    lines_of_shape,
    shape_of,
    what_of,
)
from pos_billing.statements.reading import Known, Needed, Quantities, Row
from pos_billing.statements.scope import InScope
from pos_billing.statements.snapshot import snapshot
from pos_billing.wording import money
from pos_billing.wording import month as month_text


class DraftLine(NamedTuple):
    """A line of a statement, ready to be written. Money in cents; ``explanation`` is JSON text.

    It can be explained like a line that is issued (``statements.explanation.sentences``).
    """

    account: int
    instance_id: int | None
    dedicated_environment_id: int | None
    subject_name: str
    what: What
    billed_cents: int
    credited_cents: int
    amount_cents: int
    corrects: tuple[int, ...]
    explanation: str

    @property
    def subject(self) -> Subject:
        """The Instance or dedicated environment the line is for."""
        if self.instance_id is not None:
            return Subject("instance", self.instance_id)
        return Subject("dedicated", self.dedicated_environment_id or 0)

    @property
    def month(self) -> date:
        """The first day of the month that is charged."""
        return self.what.month

    @property
    def plan_name(self) -> str:
        """The plan whose fee is charged."""
        return self.what.plan_name

    @property
    def fee_name(self) -> str:
        """The fee that is charged."""
        return self.what.fee_name

    @property
    def days(self) -> int:
        """The days of the month that are charged."""
        return self.what.days

    @property
    def days_in_month(self) -> int:
        """All days of the month."""
        return self.what.days_in_month

    @property
    def due_cents(self) -> int:
        """What is due for the month, in cents."""
        return self.what.due_cents


class Rules(NamedTuple):
    """What a Seller rates by on one day. ``fees`` is the catalogue's fees by id, each with its plan."""

    as_of: date
    floor: date | None
    catalogue: Catalogue
    fees: Mapping[int, tuple[Plan, Fee]]


def fees_by_id(catalogue: Catalogue) -> dict[int, tuple[Plan, Fee]]:
    """Each fee of the catalogue with the plan it belongs to."""
    return {fee.id: (plan, fee) for plan in catalogue.values() for fee in plan.fees}


UsageOf = Callable[[Mapping[Subject, Needed]], Quantities]


HIGHEST_AMOUNT = 10**13
"""No line is for more cents than this: a hundred thousand millions of dollars are a slip of the finger."""


class Unbillable(NamedTuple):
    """A subject that cannot be billed as its facts are, and what to do about it."""

    subject: str
    month: date
    why: str


def _unbillable(subject: InScope, line: Line) -> Unbillable:
    return Unbillable(
        subject.name,
        line.key.month,
        f"{month_text(line.key.month)} would come to {money(line.due)}: look at its usage and the prices of its "
        "plan. Once they are right, the next run bills it.",
    )


class Rating:
    """Rates chunks of subjects: due, minus what the ledger says, gives lines. Asks ``usage_of``; writes nothing.

    ``not_charged`` counts subjects with days of the newest closed month that are not charged, by the reason why not.
    """

    SHAPES = 20_000
    """How many shapes are remembered; then they are forgotten, so that memory stays flat."""

    def __init__(
        self, rules: Rules, window: Callable[[date], Window], usage_of: UsageOf, *, by_shape: bool = True
    ) -> None:
        self.rules, self.window, self.by_shape = rules, window, by_shape
        self.usage_of = usage_of
        self.not_charged: Counter[str] = Counter()
        self.unbillable: list[Unbillable] = []
        self._shapes: dict[Shape, CachedRating | None] = {}

    def lines(self, chunk: Sequence[InScope], known: Known, ledger: Ledger) -> list[DraftLine]:
        """The lines that the next statements get for the subjects of ``chunk``, in its order."""
        if len(self._shapes) > self.SHAPES:
            self._shapes.clear()
        found: list[Sequence[DraftLine]] = []
        alone: list[tuple[int, InScope]] = []
        for place, subject in enumerate(chunk):
            lines = None
            if not ledger.amounts or Subject(known.kind, subject.id) not in ledger.amounts:
                lines = self._by_shape(subject, known)
            if lines is None:
                alone.append((place, subject))
            found.append(lines or ())
        if alone:
            for (place, _), lines in zip(alone, self._alone([s for _, s in alone], known, ledger), strict=True):
                found[place] = lines
        return [line for lines in found for line in lines]

    def _by_shape(self, subject: InScope, known: Known) -> list[DraftLine] | None:
        """The lines of a subject for which nothing was billed yet; ``None`` when it must be rated by itself."""
        if not self.by_shape:
            return None
        since = self.window(subject.first_month).first_month
        held = held_from(known.assignments.get(subject.id, ()), since)
        shape = shape_of(subject, known, held, since)
        try:
            outcome = self._shapes[shape]
        except KeyError:
            outcome = self._shapes[shape] = self._outcome(subject, known, held)
        if outcome is None:
            return None
        if outcome.reasons:
            self.not_charged.update(outcome.reasons)
        if not outcome.lines:
            return []
        accounts, domain = accounts_of(held), known.domains.get(subject.id)
        instance = subject.id if known.kind == "instance" else None
        dedicated = None if known.kind == "instance" else subject.id
        catalogue = self.rules.catalogue
        return [
            DraftLine(
                accounts[line.payer], instance, dedicated, subject.name, line.what, 0, 0, line.what.due_cents, (),
                line.explanation.filled(held, domain, catalogue),
            )
            for line in outcome.lines
        ]  # fmt: skip

    def _outcome(self, subject: InScope, known: Known, held: Sequence[Row]) -> CachedRating | None:
        """What every subject of this one's shape owes; ``None`` when usage decides."""
        rules, window, facts = self.rules, self.window(subject.first_month), known.facts(subject)
        segments = timeline(facts, rules.catalogue, rules.as_of, rules.floor, window.first_month)
        if usage_needed(segments, rules.catalogue, window):
            return None
        lines = difference(due(facts.subject, segments, rules.catalogue, {}, window), {})
        return CachedRating(
            lines_of_shape(lines, facts, segments, held, rules.catalogue, rules.fees), self._reasons(segments)
        )

    def _alone(self, chunk: Sequence[InScope], known: Known, ledger: Ledger) -> list[list[DraftLine]]:
        """The lines of subjects rated each by itself: those with usage, and those billed before."""
        rules = self.rules
        timelines, needed = [], {}
        for subject in chunk:
            facts, window = known.facts(subject), self.window(subject.first_month)
            segments = timeline(facts, rules.catalogue, rules.as_of, rules.floor, window.first_month)
            timelines.append((facts, segments, window))
            asked = usage_needed(segments, rules.catalogue, window)
            if asked:
                needed[facts.subject] = asked
        usage = self.usage_of(needed) if needed else {}
        found = []
        for subject, (facts, segments, window) in zip(chunk, timelines, strict=True):
            self.not_charged.update(self._reasons(segments))
            owed = due(facts.subject, segments, rules.catalogue, usage.get(facts.subject, {}), window)
            lines = difference(owed, ledger.amounts.get(facts.subject, {}))
            beyond = next((line for line in lines if abs(line.due) > HIGHEST_AMOUNT), None)
            if beyond is not None:
                self.unbillable.append(_unbillable(subject, beyond))
                lines = ()
            found.append([_draft(line, subject, facts, segments, rules, ledger) for line in lines])
        return found

    def _reasons(self, segments: Iterable[Segment]) -> tuple[str, ...]:
        """Why days of the newest closed month are not charged."""
        end = month_of(self.rules.as_of)
        month = previous_month(end)
        reasons = {
            segment.reason
            for segment in segments
            if segment.reason is not None and segment.span.start < end and segment.span.end > month
        }
        return tuple(sorted(reason.value for reason in reasons))


def _draft(
    line: Line, subject: InScope, facts: Facts, segments: tuple[Segment, ...], rules: Rules, ledger: Ledger
) -> DraftLine:
    key = line.key
    metric = rules.fees[key.fee][1].metric
    corrected = [ledger.lines[line_id] for line_id in line.corrects]
    ahead = [one for line_id in line.corrects for one in ledger.ahead.get(line_id, ())] if line.credited else []
    is_instance = key.subject.kind == "instance"
    return DraftLine(
        key.account,
        subject.id if is_instance else None,
        None if is_instance else subject.id,
        subject.name,
        what_of(line, rules.fees),
        line.billed,
        line.credited,
        line.amount,
        line.corrects,
        json.dumps(snapshot(line, facts, segments, rules.catalogue, metric, corrected, ahead)),
    )


ADJUSTMENT = LineKind.ADJUSTMENT.value


class Sum:
    """What the lines of one Account add up to, while they come."""

    __slots__ = ("adjustments", "lines", "statement_id", "total")

    def __init__(self, statement_id: int) -> None:
        self.statement_id = statement_id
        self.lines = self.total = self.adjustments = 0

    def add(self, line: DraftLine) -> None:
        """Count one more line."""
        self.lines += 1
        self.total += line.amount_cents
        self.adjustments += line.what.kind == ADJUSTMENT


class DraftStatement(NamedTuple):
    """A statement, ready to be written. Money in cents; ``seller`` and ``buyer`` as they are printed on it."""

    id: int
    number: str
    sequence: int
    account: int
    as_of: date
    due_on: date
    currency: str
    lines: int
    adjustments: int
    total: int
    brought_forward: int
    set_off: int
    amount_due: int
    carried_forward: int
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
