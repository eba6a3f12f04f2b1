"""Which days of a subject are charged, under which plan, to whom; and why the others are not (rules 2, 3, 4, 10)."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import NamedTuple, TypeVar

from pos_billing.rating.facts import DEDICATED, PRODUCTION, Assigned, Facts, InEnvironment, Placed
from pos_billing.rating.spans import Span
from pos_billing.rating.terms import Begins, Catalogue, Plan


class NotCharged(Enum):
    """Why a day is not charged. The value is said to people."""

    NOT_ASSIGNED = "not assigned to an account"
    NO_CUSTOM_DOMAIN = "no custom domain yet"
    UNBILLED = "Unbilled: no plan chosen yet"
    ON_DEDICATED_ENVIRONMENT = "on a dedicated environment"
    PLAN_DOES_NOT_SERVE = "the plan does not serve this environment"
    BEFORE_FLOOR = "before the day from which the Seller charges"


class Segment(NamedTuple):
    """Days that are all treated alike. Charged when ``reason`` is ``None``, and then ``account`` is known.

    ``assigned`` is the assignment whose plan is charged. ``reached_back`` says that it was made afterwards (rule 4).
    """

    span: Span
    environment: str
    assigned: Assigned | None
    account: int | None
    reason: NotCharged | None
    reached_back: bool = False


def timeline(facts: Facts, catalogue: Catalogue, as_of: date, floor: date | None = None) -> tuple[Segment, ...]:
    """Every day the subject exists, in order, without gaps: charged, or the reason why not.

    ``as_of`` is the day of reading: an assignment that begins later does not reach back yet.
    ``floor`` is the Seller's day before which it never charges (rule 10).
    """
    segments: list[Segment] = []
    following: list[Assigned] = []
    for span, assigned, environment, placed in reversed(_stretches(facts, floor)):
        segment = _judged(facts, catalogue, span, assigned, environment, placed)
        if segment.reason is NotCharged.UNBILLED and environment == PRODUCTION:
            segment = _reached_back(facts, catalogue, segment, following)
        if floor is not None and span.start < floor and segment.reason is None:
            segment = segment._replace(reason=NotCharged.BEFORE_FLOOR)
        if assigned is not None and assigned.span.start <= as_of and (not following or following[-1] is not assigned):
            following.append(assigned)
        if segments and _alike(segment, segments[-1]):
            segments[-1] = segments[-1]._replace(span=Span(span.start, segments[-1].span.end))
        else:
            segments.append(segment)
    segments.reverse()
    return tuple(segments)


def _judged(
    facts: Facts, catalogue: Catalogue, span: Span, assigned: Assigned | None, environment: str, placed: Placed | None
) -> Segment:
    """Rules 2 and 3 for days on which nothing changes, before any reach from later assignments."""
    account = assigned.account if assigned else None
    reason: NotCharged | None = None
    if placed is not None:
        reason = NotCharged.ON_DEDICATED_ENVIRONMENT
    elif assigned is None:
        reason = NotCharged.NOT_ASSIGNED
    else:
        plan = catalogue[assigned.plan]
        domain = facts.first_custom_domain
        waits = environment == PRODUCTION and (domain is None or span.start < domain.added_on)
        if plan.placeholder:
            reason = NotCharged.NO_CUSTOM_DOMAIN if waits else NotCharged.UNBILLED
        elif environment not in plan.environments:
            reason = NotCharged.PLAN_DOES_NOT_SERVE
        elif waits and plan.begins is Begins.FIRST_CUSTOM_DOMAIN:
            reason = NotCharged.NO_CUSTOM_DOMAIN
    return Segment(span, environment, assigned, account, reason)


def _reached_back(
    facts: Facts, catalogue: Catalogue, segment: Segment, following: list[Assigned]
) -> Segment:
    """Rule 4: Unbilled days are charged under the first billed plan assigned afterwards, to the same payer.

    ``following`` holds later assignments, nearest last. The first billed one that serves the environment decides.
    A plan that begins with its assignment does not reach back, nor does a plan of another payer: each payer keeps
    its own days.
    """
    for later in reversed(following):
        plan: Plan = catalogue[later.plan]
        if plan.placeholder or segment.environment not in plan.environments:
            continue
        same_payer = segment.account is None or segment.account == later.account
        if same_payer and plan.begins is Begins.FIRST_CUSTOM_DOMAIN:
            return segment._replace(assigned=later, account=later.account, reason=None, reached_back=True)
        return segment
    return segment


def _alike(one: Segment, other: Segment) -> bool:
    """Whether two neighbours are told apart by nothing but a day."""
    return one[1:] == other[1:]


_Dated = TypeVar("_Dated", Assigned, InEnvironment, Placed)


def _stretches(facts: Facts, floor: date | None) -> list[tuple[Span, Assigned | None, str, Placed | None]]:
    """The days the subject exists, cut wherever any fact changes."""
    start, end = facts.exists
    if start >= end:
        return []
    cuts = {start, end}
    for dated in (facts.assignments, facts.environments, facts.placements):
        for fact in dated:
            cuts.add(fact.span.start)
            cuts.add(fact.span.end)
    if facts.first_custom_domain is not None:
        cuts.add(facts.first_custom_domain.added_on)
    if floor is not None:
        cuts.add(floor)
    days = sorted(day for day in cuts if start <= day <= end)
    unknown = DEDICATED if facts.subject.kind == DEDICATED else PRODUCTION
    stretches = []
    for first, last in zip(days, days[1:]):
        inside = _holding(facts.environments, first)
        stretches.append((
            Span(first, last),
            _holding(facts.assignments, first),
            inside.environment if inside else unknown,
            _holding(facts.placements, first),
        ))
    return stretches


def _holding(dated: Sequence[_Dated], day: date) -> _Dated | None:
    """The fact that holds on ``day``: spans are disjoint, so there is at most one."""
    for fact in dated:
        if fact.span.start <= day < fact.span.end:
            return fact
    return None


def chargeable_since(segments: Sequence[Segment]) -> date | None:
    """The first day of the timeline that is charged, or ``None``."""
    return next((segment.span.start for segment in segments if segment.reason is None), None)


