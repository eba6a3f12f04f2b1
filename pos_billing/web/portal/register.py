"""The Instances a Partner sees, as rows for lists: its own and no others, each with what holds on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
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


def searched(instances: QuerySet[Instance], text: str) -> QuerySet[Instance]:
    """Instances whose name, address, uuid, Domain, data center or client holds the text."""
    domains = Domain.objects.filter(instance=OuterRef("pk"), host__icontains=text)
    return instances.filter(
        Q(name__icontains=text) | Q(url__icontains=text) | Q(data_center__icontains=text) | Q(client__icontains=text)
        | Q(uuid__in=_uuids(text)) | Exists(domains)
    )  # fmt: skip


def _uuids(text: str) -> list[UUID]:
    """The uuid that the text is, if it is one."""
    try:
        return [UUID(text.strip())]
    except ValueError:
        return []


def waiting_for_a_plan(instances: QuerySet[Instance], suffixes: tuple[str, ...]) -> QuerySet[Instance]:
    """Production Instances (annotated by ``with_state``) with a custom Domain and no plan chosen yet."""
    custom = Domain.objects.filter(instance=OuterRef("pk")).exclude(host__regex=platform_pattern(suffixes))
    there = custom.filter(Q(removed_on=None) | Q(removed_on__gt=F("added_on")))
    return instances.filter(
        Q(placeholder=True) | Q(placeholder=None), Exists(there), environment="production", deleted_on=None
    )


def placed_on(instance: Instance, day: date) -> Placement | None:
    """Where the Instance stands on ``day``, if on a dedicated environment."""
    return instance.placements.filter(days__contains=day).select_related("dedicated_environment").first()
