"""What a Seller knows, as frozen values for pages and previews of a few subjects. A run streams its facts instead
(``statements.reading``)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pos_billing.facts.days import as_span
from pos_billing.facts.known import Entry, as_known, history_of
from pos_billing.instances.hosts import is_custom, platform_suffixes
from pos_billing.instances.models import DedicatedEnvironment, Domain, EnvironmentPeriod, Instance, Placement
from pos_billing.instances.queries import tracked_of_dedicated_environment, tracked_of_instance
from pos_billing.plans.catalogue import catalogue
from pos_billing.plans.models import Account, Assignment, Plan, PlanGrant, Price, SellerSettings, UsageFee
from pos_billing.rating.facts import DEDICATED, Assigned, Facts, FirstCustomDomain, InEnvironment, Placed, Subject
from pos_billing.rating.spans import FOREVER, Span, overlap
from pos_billing.rating.timeline import Segment, timeline

__all__ = [
    "account_history",
    "catalogue",
    "dedicated_facts_of",
    "facts_of",
    "plan_history",
    "seller_suffixes",
    "settings_history",
    "subject_history",
    "timeline_of",
]


def seller_suffixes(seller: Any = None) -> tuple[str, ...]:
    """The endings of host names that are not custom for this schema's Seller, sorted: the platform's and its own.

    ``seller`` is a ``SellerSettings`` that was read already.
    """
    seller = seller or SellerSettings.objects.get()
    return tuple(sorted({*platform_suffixes(), *seller.platform_suffixes}))


def facts_of(instances: Iterable[int], known_at: datetime | None = None) -> dict[int, Facts]:
    """The facts of these Instances (ids) as this schema's Seller sees them: at most eight queries, however many.

    ``known_at`` gives them as they were known at that moment: what a statement issued then was made of.
    """
    ids = list(instances)
    seller = as_known(SellerSettings, known_at)[0]
    suffixes, zone = seller_suffixes(seller), ZoneInfo(seller.time_zone)
    assignments = _assigned(as_known(Assignment, known_at, instance_id__in=ids), "instance_id", zone)
    environments: dict[int, list[InEnvironment]] = defaultdict(list)
    for row in _by_day(as_known(EnvironmentPeriod, known_at, instance_id__in=ids)):
        environments[row.instance_id].append(InEnvironment(as_span(row.days), row.environment))
    placements = _placements(ids, known_at)
    domains = _first_custom_domains(as_known(Domain, known_at, instance_id__in=ids), suffixes)
    return {
        row.id: Facts(
            Subject("instance", row.id),
            Span(row.created_on, row.deleted_on or FOREVER),
            assignments.get(row.id, ()),
            tuple(environments[row.id]),
            domains.get(row.id),
            placements.get(row.id, ()),
        )
        for row in as_known(Instance, known_at, id__in=ids)
    }


def dedicated_facts_of(dedicated_environments: Iterable[int], known_at: datetime | None = None) -> dict[int, Facts]:
    """The same for dedicated environments (ids): three queries."""
    ids = list(dedicated_environments)
    zone = ZoneInfo(as_known(SellerSettings, known_at)[0].time_zone)
    rows = as_known(Assignment, known_at, dedicated_environment_id__in=ids)
    assignments = _assigned(rows, "dedicated_environment_id", zone)
    return {
        row.id: Facts(
            Subject(DEDICATED, row.id), Span(row.created_on, row.removed_on or FOREVER), assignments.get(row.id, ())
        )
        for row in as_known(DedicatedEnvironment, known_at, id__in=ids)
    }


def timeline_of(
    subject: Instance | DedicatedEnvironment, as_of: date, known_at: datetime | None = None
) -> tuple[Segment, ...]:
    """Every day of the subject for this schema's Seller, charged or with the reason why not (``rating.timeline``).

    ``as_of`` is the day of reading: an assignment that begins later does not reach back yet.
    """
    floor = as_known(SellerSettings, known_at)[0].floor
    of = facts_of if isinstance(subject, Instance) else dedicated_facts_of
    return timeline(of([subject.pk], known_at)[subject.pk], catalogue(known_at), as_of, floor)


def subject_history(subject: Instance | DedicatedEnvironment) -> tuple[Entry, ...]:
    """Every change of the subject in the register and of its plans at this schema's Seller, newest first."""
    if isinstance(subject, Instance):
        return history_of((*tracked_of_instance(subject.pk), (Assignment, {"instance": subject.pk})))
    kept = tracked_of_dedicated_environment(subject.pk)
    return history_of((*kept, (Assignment, {"dedicated_environment": subject.pk})))


def plan_history(plan: Plan) -> tuple[Entry, ...]:
    """Every change of the plan, its fees, their prices and to whom it is granted, newest first."""
    fees = list(plan.fees.values_list("pk", flat=True))
    of_plan = {"plan": plan.pk}
    return history_of(((Plan, {"id": plan.pk}), (UsageFee, of_plan), (Price, {"fee__in": fees}), (PlanGrant, of_plan)))


def account_history(account: Account) -> tuple[Entry, ...]:
    """Every change of the Account and of the plans granted to it, newest first."""
    return history_of(((Account, {"id": account.pk}), (PlanGrant, {"account": account.pk})))


def settings_history() -> tuple[Entry, ...]:
    """Every change of this schema's Seller settings, newest first."""
    return history_of(((SellerSettings, {"id": 1}),))


def _assigned(rows: Sequence[Any], column: str, zone: ZoneInfo) -> Mapping[int, tuple[Assigned, ...]]:
    found: dict[int, list[Assigned]] = defaultdict(list)
    for row in _by_day(rows):
        entered_on = row.entered_at.astimezone(zone).date()
        found[getattr(row, column)].append(
            Assigned(as_span(row.days), row.plan_id, row.account_id, row.id, entered_on, row.by)
        )
    return {subject: tuple(assigned) for subject, assigned in found.items()}


def _first_custom_domains(rows: Sequence[Any], suffixes: tuple[str, ...]) -> dict[int, FirstCustomDomain]:
    """The custom Domain each Instance had first. One removed on the day it was added was never there."""
    found: dict[int, FirstCustomDomain] = {}
    for row in sorted(rows, key=lambda row: (row.added_on, row.host)):
        if row.removed_on != row.added_on and is_custom(row.host, suffixes):
            found.setdefault(row.instance_id, FirstCustomDomain(row.added_on, row.host))
    return found


def _placements(instances: Sequence[int], known_at: datetime | None) -> Mapping[int, tuple[Placed, ...]]:
    """The days of each placement on which the environment has a plan of this Seller, with that plan."""
    rows = _by_day(as_known(Placement, known_at, instance_id__in=list(instances)))
    environments = {row.dedicated_environment_id for row in rows}
    known = dedicated_facts_of(environments, known_at) if environments else {}
    found: dict[int, list[Placed]] = defaultdict(list)
    for row in rows:
        environment = known[row.dedicated_environment_id]
        stood = overlap(as_span(row.days), environment.exists)
        for assigned in environment.assignments:
            days = None if stood is None else overlap(stood, assigned.span)
            if days is not None:
                found[row.instance_id].append(Placed(days, row.dedicated_environment_id, assigned.plan))
    return {instance: tuple(placed) for instance, placed in found.items()}


def _by_day(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row.days.lower)
