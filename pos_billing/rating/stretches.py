"""The days of a subject, cut wherever any of its facts changes."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from pos_billing.rating.facts import DEDICATED, PRODUCTION, Assigned, Facts, InEnvironment, Placed
from pos_billing.rating.spans import Span

Stretch = tuple[Span, Assigned | None, str, Placed | None]
"""Days on which no fact changes; then the assignment, the environment and the placement that hold on all of them."""


def stretches(facts: Facts, floor: date | None = None, since: date = date.min) -> Iterator[Stretch]:
    """The days the subject exists from ``since`` on, in order, without gaps, cut at every change of a fact.

    ``floor`` is one more day to cut at. In whatever order the facts stand, the stretches are the same.
    """
    day, end = facts.exists
    if day < since:
        day = since
    domain = facts.first_custom_domain
    unknown = DEDICATED if facts.subject.kind == DEDICATED else PRODUCTION
    while day < end:
        assigned, until = _holding(facts.assignments, day, end)
        inside, until = _holding(facts.environments, day, until)
        placed, until = _holding(facts.placements, day, until)
        if domain is not None and day < domain.added_on < until:
            until = domain.added_on
        if floor is not None and day < floor < until:
            until = floor
        yield Span(day, until), assigned, unknown if inside is None else inside.environment, placed
        day = until


_Dated = TypeVar("_Dated", Assigned, InEnvironment, Placed)


def _holding(dated: Sequence[_Dated], day: date, until: date) -> tuple[_Dated | None, date]:
    """The fact that holds on ``day``, and how long it stays so: up to ``until`` unless something changes before.

    Spans are disjoint, so at most one fact holds; where none does, the next one to begin ends that.
    """
    for fact in dated:
        start, end = fact.span
        if start <= day:
            if day < end:
                return fact, end if end < until else until
        elif start < until:
            until = start
    return None, until
