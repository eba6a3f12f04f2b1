"""Assignments: which plan an Instance or dedicated environment has, who pays, from which day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from pos_billing.facts.days import as_days, end_on
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.models import DedicatedEnvironment, Instance
from pos_billing.plans.models import Account, Assignment, Plan
from pos_billing.plans.serving import refuse_unless_served
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.sellers.schemas import in_seller, is_platform

Subject = Instance | DedicatedEnvironment


def assignment_change(
    subject: Subject, *, plan: Plan, account: Account | None, day: date, until: date | None = None, by: str, why: str
) -> Assignment:
    """Give a subject a plan from ``day`` on, paid by ``account``; see ``assignments_change``."""
    assignments_change([subject], plan=plan, account=account, day=day, until=until, by=by, why=why)
    return Assignment.objects.get(**{column_of(subject): subject}, days__contains=day)


def assignments_change(
    subjects: Iterable[Subject], *, plan: Plan, account: Account | None, day: date, until: date | None = None,
    by: str, why: str,
) -> None:
    """Give subjects (all Instances, or all dedicated environments) a plan from ``day`` on, also a day in the past.

    What was assigned on those days is cut back; days before stay; a change that was entered for a later day stays
    too. In a Partner's schema the parent plan is assigned in the platform's for the same days. A fixed number of
    queries, however many subjects. Raises ``Refused`` when the plan does not serve a subject on those days, is not
    granted, is archived, or the days lie outside the subject's life.
    """
    subjects = list(subjects)
    with recorded("assignment_change", by=by, why=why):
        _check_terms(plan, account, day, until)
        refuse_unless_served(subjects, plan, day, until)
        _write(subjects, plan, account, day, until, by)
        if not is_platform() and not plan.placeholder:
            _assign_parent(subjects, plan, day, until, by)


def column_of(subject: Subject) -> str:
    """The field of ``Assignment`` that holds such a subject."""
    return "instance" if isinstance(subject, Instance) else "dedicated_environment"


def _assign_parent(subjects: Sequence[Subject], plan: Plan, day: date, until: date | None, by: str) -> None:
    """The Partner pays the platform for the same days under the parent plan."""
    partner, parent_id = connection.tenant, plan.parent_id
    with in_seller("public"):
        account = Account.objects.filter(partner__schema_name=partner.schema_name).first()
        if account is None:
            raise Refused("account", f"The platform has no Account for {partner.schema_name}. Ask the platform.")
        parent = Plan.objects.get(pk=parent_id)
        try:
            _check_terms(parent, account, day, until)
        except Refused as refused:
            raise Refused("plan", f"The parent plan {parent} cannot be used: {refused.text}") from refused
        _write(subjects, parent, account, day, until, by)


def _check_terms(plan: Plan, account: Account | None, day: date, until: date | None) -> None:
    if until is not None and until <= day:
        raise Refused("until", f"The end must be after {day}.")
    if account is None and not plan.placeholder:
        raise Refused("account", "Choose who pays.")
    if plan.archived_on is not None and day >= plan.archived_on:
        raise Refused("plan", f"{plan} has been archived since {plan.archived_on}. Choose another plan.")
    if account is not None and account.closed_on is not None and day >= account.closed_on:
        raise Refused("account", f"{account} has been closed since {account.closed_on}.")
    if not plan.granted_to_all and not plan.grants.filter(account=account).exists():
        raise Refused("plan", f"{plan} is not granted to {account}. Grant it first.")


def _write(
    subjects: Sequence[Subject], plan: Plan, account: Account | None, day: date, until: date | None, by: str
) -> None:
    """Cut back what overlaps and add the new rows, set-based: what ``facts.days.change_from`` does for one."""
    column = column_of(subjects[0]) if subjects else "instance"
    key = f"{column}_id"
    existing = (
        Assignment.objects.select_for_update()
        .filter(**{f"{key}__in": [subject.pk for subject in subjects]})
        .filter(Q(days__upper_inf=True) | Q(days__endswith__gt=day))
        .order_by(key, "days")
    )
    rows: dict[int, list[Assignment]] = {subject.pk: [] for subject in subjects}
    for row in existing:
        rows[getattr(row, key)].append(row)
    cut, added, removed = [], [], []
    for subject in subjects:
        own = rows[subject.pk]
        end = until or next((row.span.start for row in own if row.span.start > day), FOREVER)
        same = [row for row in own if row.plan_id == plan.pk and row.account_id == getattr(account, "pk", None)]
        if any(row.span.start <= day and end <= row.span.end for row in same):
            continue
        for row in own:
            start, stop = row.span
            if stop <= day or end <= start:
                continue
            if end < stop:
                added.append(_copy(row, Span(end, stop)))
            if start < day:
                row.days = as_days(start, day)
                cut.append(row)
            else:
                removed.append(row.pk)
        added.append(
            Assignment(**{key: subject.pk}, plan=plan, account=account, days=as_days(day, end), by=by)
        )
    Assignment.objects.filter(pk__in=removed).delete()
    Assignment.objects.bulk_update(cut, ["days"], batch_size=2_000)
    Assignment.objects.bulk_create(added, batch_size=2_000)


def _copy(row: Assignment, span: Span) -> Assignment:
    copy: Any = Assignment(
        instance_id=row.instance_id, dedicated_environment_id=row.dedicated_environment_id, plan_id=row.plan_id,
        account_id=row.account_id, by=row.by, days=as_days(*span),
    )
    return copy


def end_assignments(subject: Subject, day: date) -> None:
    """Let nothing be assigned to the subject in the current schema from ``day`` on."""
    end_on(Assignment.objects.filter(**{column_of(subject): subject}), day)

