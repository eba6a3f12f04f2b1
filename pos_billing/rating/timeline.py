"""Which days of a subject are charged, under which plan, to whom; and why the others are not (rules 2, 3, 4, 10)."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import NamedTuple

from pos_billing.rating.facts import DEDICATED, PRODUCTION, Assigned, Facts, Placed
from pos_billing.rating.spans import Span
from pos_billing.rating.stretches import Stretch, stretches
from pos_billing.rating.terms import Begins, Catalogue


class NotCharged(Enum):
    """Why a day is not charged. The value is said to people."""

    NOT_ASSIGNED = "not assigned to an account"
    NO_CUSTOM_DOMAIN = "no custom domain yet"
    UNBILLED = "Unbilled: no plan chosen yet"
    CHANGED_HANDS = "changed hands before a plan was chosen"
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


def timeline(
    facts: Facts, catalogue: Catalogue, as_of: date, floor: date | None = None, since: date = date.min
) -> tuple[Segment, ...]:
    """Every day the subject exists, in order, without gaps: charged, or the reason why not.

    ``as_of`` is the day of reading: an assignment that begins later does not reach back yet.
    ``floor`` is the Seller's day before which it never charges (rule 10).
    ``since`` leaves out the days before it (what a run does not look at); the others come out the same.
    """
    segments: list[Segment] = []
    for stretch in stretches(facts, floor, since):
        span, assigned, environment, _ = stretch
        reason, reached_back = _reason(facts, catalogue, stretch), False
        if reason is NotCharged.UNBILLED and environment == PRODUCTION and assigned is not None:
            chosen = _chosen_afterwards(facts, catalogue, assigned, as_of)
            if isinstance(chosen, NotCharged):
                reason = chosen
            else:
                assigned, reason, reached_back = chosen, None, True
        if reason is None and floor is not None and span.start < floor:
            reason = NotCharged.BEFORE_FLOOR
        account = None if assigned is None else assigned.account
        segment = Segment(span, environment, assigned, account, reason, reached_back)
        if segments and _alike(segments[-1], segment):
            segments[-1] = segments[-1]._replace(span=Span(segments[-1].span.start, span.end))
        else:
            segments.append(segment)
    return tuple(segments)


def _reason(facts: Facts, catalogue: Catalogue, stretch: Stretch) -> NotCharged | None:
    """Rules 2 and 3: why the days are not charged by themselves, before any reach of a later assignment."""
    span, assigned, environment, placed = stretch
    if placed is not None and _billed_itself(placed, catalogue):
        return NotCharged.ON_DEDICATED_ENVIRONMENT
    if assigned is None:
        return NotCharged.NOT_ASSIGNED
    plan, domain = catalogue[assigned.plan], facts.first_custom_domain
    waits = environment == PRODUCTION and (domain is None or span.start < domain.added_on)
    if plan.placeholder:
        return NotCharged.NO_CUSTOM_DOMAIN if waits else NotCharged.UNBILLED
    if assigned.account is None:
        return NotCharged.NOT_ASSIGNED
    if environment not in plan.environments:
        return NotCharged.PLAN_DOES_NOT_SERVE
    if waits and plan.begins is Begins.FIRST_CUSTOM_DOMAIN:
        return NotCharged.NO_CUSTOM_DOMAIN
    return None


def _billed_itself(placed: Placed, catalogue: Catalogue) -> bool:
    """Rule 3: whether this Seller bills the environment on the days of the placement, instead of what stands on it."""
    plan = catalogue[placed.plan]
    return not plan.placeholder and DEDICATED in plan.environments


def _chosen_afterwards(facts: Facts, catalogue: Catalogue, unbilled: Assigned, as_of: date) -> Assigned | NotCharged:
    """Rule 4: the first billed plan that serves production assigned after ``unbilled``, or why none reaches back.

    The reach ends where the payer changes, were it only for some Unbilled days, or where nobody pays: each payer
    keeps its own days, and no later plan can reach them any more. A payer not known yet (``None``) is the first one
    known afterwards. A plan that begins with its assignment does not reach back, and neither does another plan over
    it. What begins after ``as_of`` decides nothing yet.
    """
    payer, end = unbilled.account, unbilled.span.end
    for later in sorted(facts.assignments, key=_first_day):
        if later.span.start < end:
            continue
        if later.span.start > min(end, as_of):
            break
        if payer is None:
            payer = later.account
        elif later.account not in (None, payer):
            return NotCharged.CHANGED_HANDS
        end, plan = later.span.end, catalogue[later.plan]
        if not plan.placeholder and PRODUCTION in plan.environments:
            reaches = later.account is not None and plan.begins is Begins.FIRST_CUSTOM_DOMAIN
            return later if reaches else NotCharged.UNBILLED
    nobody_pays = end <= as_of and end < facts.exists.end
    return NotCharged.CHANGED_HANDS if nobody_pays else NotCharged.UNBILLED


def _first_day(assigned: Assigned) -> date:
    return assigned.span.start


def _alike(one: Segment, other: Segment) -> bool:
    """Whether two neighbours are told apart by nothing but their days."""
    return one[1:] == other[1:]


def chargeable_since(segments: Sequence[Segment]) -> date | None:
    """The first day of the timeline that is charged, or ``None``."""
    return next((segment.span.start for segment in segments if segment.reason is None), None)
