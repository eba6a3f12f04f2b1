"""The Instances a Partner sees, as rows for lists: its own and no others, each with what holds on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django_tenants.utils import get_public_schema_name

from pos_billing.instances.hosts import platform_pattern
from pos_billing.instances.models import (
    DedicatedEnvironment,
    Domain,
    EnvironmentPeriod,
    Instance,
    Ownership,
    Placement,
    StatusPeriod,
)
from pos_billing.plans.models import Assignment


def own_instances(partner: Any, day: date) -> QuerySet[Instance]:
    """Instances that belong to ``partner`` on ``day``; a deleted one belongs to whom it belonged last.

    For the platform: all.
    """
    if partner.schema_name == get_public_schema_name():
        return Instance.objects.all()
    own = Ownership.objects.filter(partner_id=partner.pk, days__contains=day)
    return Instance.objects.filter(pk__in=own.values("instance_id"))


def own_dedicated(partner: Any) -> QuerySet[DedicatedEnvironment]:
    """Dedicated environments of ``partner``; for the platform: all."""
    if partner.schema_name == get_public_schema_name():
        return DedicatedEnvironment.objects.all()
    return DedicatedEnvironment.objects.filter(partner_id=partner.pk)


def with_state(instances: QuerySet[Instance], day: date) -> QuerySet[Instance]:
    """Annotate environment, status, plan and client as of ``day`` (of its last day, for a deleted one).

    Everything is a subquery on an index of its table, so that a page of a long list stays fast.
    """

    def on_the_day(model: Any, column: str) -> Subquery:
        periods = model.objects.filter(instance=OuterRef("pk"), days__startswith__lte=day).order_by("-days")
        return Subquery(periods.values(column)[:1], output_field=CharField())

    assigned = Assignment.objects.filter(
        instance=OuterRef("pk"), days__startswith__lte=Least(Coalesce(OuterRef("deleted_on"), day), day)
    ).order_by("-days")
    return instances.annotate(
        environment=on_the_day(EnvironmentPeriod, "environment"),
        status=on_the_day(StatusPeriod, "status"),
        plan_id=Subquery(assigned.values("plan_id")[:1]),
        plan_name=Subquery(assigned.values("plan__name")[:1]),
        placeholder=Subquery(assigned.values("plan__placeholder")[:1]),
        account_id=Subquery(assigned.values("account_id")[:1]),
        client=Subquery(assigned.values("account__name")[:1]),
    )


def searched(instances: QuerySet[Instance], text: str, day: date) -> QuerySet[Instance]:
    """Instances whose name, address, uuid, Domain, data center, or client on ``day`` holds the text."""
    domains = Domain.objects.filter(host__icontains=text)
    clients = _assigned(day).filter(account__name__icontains=text)
    return instances.filter(
        Q(name__icontains=text) | Q(url__icontains=text) | Q(data_center__icontains=text)
        | Q(uuid__in=_uuids(text)) | Q(pk__in=domains.values("instance_id")) | Q(pk__in=clients.values("instance_id"))
    )  # fmt: skip


def _uuids(text: str) -> list[UUID]:
    """The uuid that the text is, if it is one."""
    try:
        return [UUID(text.strip())]
    except ValueError:
        return []


def waiting_for_a_plan(instances: QuerySet[Instance], suffixes: tuple[str, ...], day: date) -> QuerySet[Instance]:
    """Production Instances with a custom Domain, and no plan chosen on ``day``."""
    custom = Domain.objects.exclude(host__regex=platform_pattern(suffixes))
    there = custom.filter(Q(removed_on=None) | Q(removed_on__gt=F("added_on")))
    return in_environment(instances, "production", day).filter(
        ~Q(pk__in=_assigned(day).filter(plan__placeholder=False).values("instance_id")),
        deleted_on=None, pk__in=there.values("instance_id"),
    )  # fmt: skip


def in_environment(instances: QuerySet[Instance], environment: str, day: date) -> QuerySet[Instance]:
    """Instances in an environment on ``day``. This and the next three are set-based: quick on long registers."""
    periods = EnvironmentPeriod.objects.filter(environment=environment, days__contains=day)
    return instances.filter(pk__in=periods.values("instance_id"))


def in_status(instances: QuerySet[Instance], status: str, day: date) -> QuerySet[Instance]:
    """Instances of a status on ``day``."""
    periods = StatusPeriod.objects.filter(status=status, days__contains=day)
    return instances.filter(pk__in=periods.values("instance_id"))


def with_plan(instances: QuerySet[Instance], plan: int, day: date) -> QuerySet[Instance]:
    """Instances that have a plan (id) on ``day``."""
    return instances.filter(pk__in=_assigned(day).filter(plan_id=plan).values("instance_id"))


def of_client(instances: QuerySet[Instance], account: int, day: date) -> QuerySet[Instance]:
    """Instances whose plan an Account (id) pays on ``day``."""
    return instances.filter(pk__in=_assigned(day).filter(account_id=account).values("instance_id"))


def _assigned(day: date) -> QuerySet[Assignment]:
    return Assignment.objects.filter(instance__isnull=False, days__contains=day)


def placed_on(instance: Instance, day: date) -> Placement | None:
    """Where the Instance stands on ``day``, if on a dedicated environment."""
    return instance.placements.filter(days__contains=day).select_related("dedicated_environment").first()
