"""Since when something is charged, or why it is not: read from the timeline that the bills are made from."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pos_billing.plans.models import SellerSettings
from pos_billing.plans.queries import catalogue, dedicated_facts_of, facts_of
from pos_billing.rating.facts import Facts
from pos_billing.rating.timeline import NotCharged, Segment, chargeable_since, timeline
from pos_billing.wording import day

ADVICE = {
    NotCharged.NOT_ASSIGNED: "Choose a client and a plan.",
    NotCharged.NO_CUSTOM_DOMAIN: "It is charged from the day its first custom Domain is added.",
    NotCharged.UNBILLED: "Choose a plan: it will reach back to the day of the first custom Domain.",
    NotCharged.ON_DEDICATED_ENVIRONMENT: "The dedicated environment is charged instead.",
    NotCharged.PLAN_DOES_NOT_SERVE: "Choose a plan for this environment.",
    NotCharged.BEFORE_FLOOR: "Days before that day are never charged.",
}


class Charging(NamedTuple):
    """How one subject stands on a day. ``reason`` is ``None`` while it is charged.

    ``because`` says what began it; ``advice`` what would.
    """

    charged: bool
    since: date | None
    reason: str
    because: str
    advice: str


def charging(facts: Facts, segments: Sequence[Segment], today: date) -> Charging:
    """How the subject of ``facts`` stands on ``today`` (on its last day, when it is gone)."""
    if facts.exists.end <= today:
        return Charging(False, chargeable_since(segments), f"deleted on {day(facts.exists.end)}", "", "")
    now = next((segment for segment in segments if today in segment.span), None)
    if now is None:
        return Charging(False, None, "it does not exist yet", "", "")
    if now.reason is not None:
        return Charging(False, chargeable_since(segments), now.reason.value, "", ADVICE[now.reason])
    since = _current_stretch(segments, now)
    return Charging(True, since, "", _because(facts, since, now), "")


def _current_stretch(segments: Sequence[Segment], now: Segment) -> date:
    """The first day of the charged days that lead, without a gap, to ``now``."""
    since = now.span.start
    for segment in reversed(segments[: segments.index(now)]):
        if segment.reason is not None or segment.span.end != since:
            break
        since = segment.span.start
    return since


def _because(facts: Facts, since: date, now: Segment) -> str:
    domain = facts.first_custom_domain
    if domain is not None and domain.added_on == since:
        return f"first custom Domain {domain.host}"
    if any(assigned.span.start == since for assigned in facts.assignments):
        return "plan assigned on that day"
    if facts.exists.start == since:
        return "created on that day"
    return ""


def charging_of(
    instances: Sequence[int], seller: SellerSettings, today: date, *, dedicated: bool = False
) -> dict[int, Charging]:
    """How these Instances (or dedicated environments) stand: a fixed number of queries, however many."""
    if not instances:
        return {}
    plans = catalogue()
    facts = (dedicated_facts_of if dedicated else facts_of)(instances)
    return {key: charging(known, timeline(known, plans, today, seller.floor), today) for key, known in facts.items()}
