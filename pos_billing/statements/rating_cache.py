"""Subjects that owe the same, rated once.

On the first of a month most subjects differ in nothing but their names: the same plan all month, or from the same day
on. The *shape* of a subject is everything that decides its amounts, without what does not: its id and name, the days
before the first month that is rated, which Account it is (but not whether it is another one than before). Subjects of
one shape get the same lines, filled with their own names. Usage, and lines billed before, belong to one subject alone:
whoever has them is rated by itself.

This is a shortcut, not a rule: without it the statements are the same (tests/statements/test_shapes.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pos_billing.rating.difference import Line
from pos_billing.rating.facts import Facts
from pos_billing.rating.months import days_in_month
from pos_billing.rating.terms import Catalogue, Fee, Plan
from pos_billing.rating.timeline import Segment
from pos_billing.statements.reading import Known, Row
from pos_billing.statements.scope import InScope
from pos_billing.statements.snapshot import Template, template

Shape = tuple[Any, ...]


class What(NamedTuple):
    """What a line charges: the same for every subject of a shape. Money in cents."""

    kind: str
    month: date
    plan_id: int
    plan_name: str
    fee_id: int
    fee_name: str
    days: int
    days_in_month: int
    due_cents: int


class LineOfShape(NamedTuple):
    """A line of every subject of a shape. ``payer`` is the Account's place among the subject's Accounts."""

    payer: int
    what: What
    explanation: Template


class CachedRating(NamedTuple):
    """What is due for a shape: its lines, and the reasons why days of the newest closed month are not charged."""

    lines: tuple[LineOfShape, ...]
    reasons: tuple[str, ...]


def held_from(rows: Sequence[Row], since: date) -> Sequence[Row]:
    """Those of a subject's dated rows that hold on ``since`` or later."""
    if len(rows) == 1:
        return rows if rows[0][2] > since else ()
    return [row for row in rows if row[2] > since]


def shape_of(subject: InScope, known: Known, held: Sequence[Row], since: date) -> Shape:
    """What decides the amounts of ``subject`` from ``since`` on. Equal shapes owe equal amounts.

    ``held`` are its assignments from then on.
    """
    known_by, created_on, domain = subject.id, subject.created_on, known.domains.get(subject.id)
    environments, placements = known.environments.get(known_by), known.placements.get(known_by)
    return (
        known.kind,
        since,
        created_on if created_on > since else since,
        subject.ends_on,
        _assignments(held, since),
        _spans(environments, since) if environments else None,
        None if domain is None else domain[1] if domain[1] > since else since,
        _spans(placements, since) if placements else None,
    )


def accounts_of(held: Sequence[Row]) -> Sequence[int]:
    """The Accounts of a subject's assignments, each once, in order of id (in which lines are written)."""
    if len(held) == 1:
        return (held[0][4],)
    return sorted({row[4] for row in held if row[4] is not None})


def _assignments(held: Sequence[Row], since: date) -> Shape:
    if len(held) == 1:
        _, start, end, plan, account, *_ = held[0]
        return (start if start > since else since, end, plan, None if account is None else 0)
    places = {account: place for place, account in enumerate(accounts_of(held))}
    return tuple((row[1] if row[1] > since else since, row[2], row[3], places.get(row[4])) for row in held)


def _spans(rows: Sequence[Row], since: date) -> Shape:
    if len(rows) == 1:
        _, start, end, *values = rows[0]
        return (start if start > since else since, end, *values)
    return tuple((row[1] if row[1] > since else since, *row[2:]) for row in rows if row[2] > since)


def lines_of_shape(
    lines: Sequence[Line],
    facts: Facts,
    segments: Sequence[Segment],
    held: Sequence[Row],
    catalogue: Catalogue,
    fees: Mapping[int, tuple[Plan, Fee]],
) -> tuple[LineOfShape, ...]:
    """The lines that one subject of a shape was given, without its names. ``held`` are its assignments."""
    accounts = accounts_of(held)
    places = {row[5]: place for place, row in enumerate(held)}
    return tuple(
        LineOfShape(
            accounts.index(line.key.account), what_of(line, fees), template(line, facts, segments, catalogue, places)
        )
        for line in lines
    )


def what_of(line: Line, fees: Mapping[int, tuple[Plan, Fee]]) -> What:
    """What ``line`` charges, with the names of plan and fee as they are now."""
    plan, fee = fees[line.key.fee]
    return What(
        line.kind.value,
        line.key.month,
        plan.id,
        plan.name,
        fee.id,
        fee.name,
        sum(share.days for share in line.shares),
        days_in_month(line.key.month),
        line.due,
    )
