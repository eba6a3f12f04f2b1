"""Lines and statements as a run makes them, before (and whether or not) they are written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pos_billing.rating.difference import Line, LineKind, difference
from pos_billing.rating.due import due, usage_needed
from pos_billing.rating.facts import Facts, Subject
from pos_billing.rating.horizon import Window
from pos_billing.rating.months import days_in_month
from pos_billing.rating.terms import Catalogue, Fee, Plan
from pos_billing.rating.timeline import Segment, timeline
from pos_billing.statements.billed import Ledger
from pos_billing.statements.reading import usage_of
from pos_billing.statements.snapshot import snapshot
from pos_billing.statements.touches import InScope


class DraftLine(NamedTuple):
    """A line of a statement, ready to be written. Money in cents; ``explanation`` is JSON text."""

    account: int
    kind: str
    month: date
    instance_id: int | None
    dedicated_environment_id: int | None
    subject_name: str
    plan_id: int
    plan_name: str
    fee_id: int
    fee_name: str
    days: int
    days_in_month: int
    due: int
    billed: int
    amount: int
    corrects: tuple[int, ...]
    explanation: str

    @property
    def subject(self) -> Subject:
        """The Instance or dedicated environment the line is for."""
        if self.instance_id is not None:
            return Subject("instance", self.instance_id)
        return Subject("dedicated", self.dedicated_environment_id or 0)


class Rules(NamedTuple):
    """What a Seller rates by on one day. ``fees`` is the catalogue's fees by id, each with its plan."""

    as_of: date
    floor: date | None
    catalogue: Catalogue
    fees: Mapping[int, tuple[Plan, Fee]]


class Rated(NamedTuple):
    """One subject of a chunk: its timeline, and the lines its next statement gets."""

    subject: InScope
    facts: Facts
    segments: tuple[Segment, ...]
    lines: tuple[DraftLine, ...]


def fees_by_id(catalogue: Catalogue) -> dict[int, tuple[Plan, Fee]]:
    """Each fee of the catalogue with the plan it belongs to."""
    return {fee.id: (plan, fee) for plan in catalogue.values() for fee in plan.fees}


def rated(
    chunk: Sequence[InScope],
    facts: Sequence[Facts],
    windows: Mapping[date, Window],
    rules: Rules,
    ledger: Ledger,
) -> Iterator[Rated]:
    """Rate a chunk of subjects: due, minus what the ledger says, gives lines. Reads usage; writes nothing."""
    timelines = []
    needed = {}
    for subject, known in zip(chunk, facts, strict=True):
        window = windows[subject.first_month]
        segments = timeline(known, rules.catalogue, rules.as_of, rules.floor, window.first_month)
        timelines.append(segments)
        asked = usage_needed(segments, rules.catalogue, window)
        if asked:
            needed[known.subject] = asked
    usage = usage_of(needed) if needed else {}
    for subject, known, segments in zip(chunk, facts, timelines, strict=True):
        window = windows[subject.first_month]
        owed = due(known.subject, segments, rules.catalogue, usage.get(known.subject, {}), window)
        lines = difference(owed, ledger.amounts.get(known.subject, {}))
        yield Rated(
            subject,
            known,
            segments,
            tuple(_draft(line, subject, known, segments, rules, ledger) for line in lines),
        )


def _draft(
    line: Line, subject: InScope, facts: Facts, segments: tuple[Segment, ...], rules: Rules, ledger: Ledger
) -> DraftLine:
    key = line.key
    plan, fee = rules.fees[key.fee]
    corrected = [ledger.lines[line_id] for line_id in line.corrects]
    is_instance = key.subject.kind == "instance"
    return DraftLine(
        key.account,
        line.kind.value,
        key.month,
        subject.id if is_instance else None,
        None if is_instance else subject.id,
        subject.name,
        plan.id,
        plan.name,
        fee.id,
        fee.name,
        sum(share.days for share in line.shares),
        days_in_month(key.month),
        line.due,
        line.billed,
        line.amount,
        line.corrects,
        json.dumps(snapshot(line, facts, segments, rules.catalogue, fee.metric, corrected)),
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
        self.total += line.amount
        self.adjustments += line.kind == ADJUSTMENT


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
    amount_due: int
    carried_forward: int
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
