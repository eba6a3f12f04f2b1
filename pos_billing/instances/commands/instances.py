"""An Instance itself: make, name, tag, correct the day it was created."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Min

from pos_billing.facts.days import as_days
from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.instances import period_changes
from pos_billing.instances.commands.checks import (
    a_partner,
    clean_tags,
    known_environment,
    known_status,
    locked,
    sane_day,
)
from pos_billing.instances.models import EnvironmentPeriod, Instance, Ownership, Status, StatusPeriod
from pos_billing.instances.signals import subjects_changed


def instance_create(
    *,
    name: str,
    environment: str,
    created_on: date,
    partner: Any,
    uuid: UUID | None = None,
    status: str = Status.ACTIVE,
    data_center: str = "",
    url: str = "",
    tags: Iterable[str] = (),
    by: str,
    why: str,
) -> Instance:
    """Put an Instance into the register: its environment, status and Partner hold from ``created_on``.

    It is on Unbilled in both ledgers (``signals.subjects_changed``). Returns the Instance. Raises
    ``Refused`` for a name that is empty, an unknown environment or status, the platform as Partner, a uuid that is
    taken, or more than five tags.
    """
    environment, status = known_environment(environment), known_status(status)
    if status == Status.DELETED:
        raise Refused(
            "status",
            "An Instance is made first and deleted afterwards, with the day of deletion.",
            code="status_deleted_at_creation",
        )
    instance = Instance(
        uuid=uuid or uuid4(),
        name=name.strip(),
        created_on=sane_day("created_on", created_on),
        data_center=data_center,
        url=url,
        tags=clean_tags(tags),
    )
    refuse_invalid(instance)
    with recorded("instance_create", by=by, why=why):
        instance.save(force_insert=True)
        days = as_days(created_on)
        EnvironmentPeriod.objects.create(instance=instance, environment=environment, days=days)
        StatusPeriod.objects.create(instance=instance, status=status, days=days)
        Ownership.objects.create(instance=instance, partner=a_partner(partner), days=days)
        subjects_changed.send(sender=Instance, instances=[instance.pk], dedicated_environments=[], by=by)
    return instance


def instance_rename(instance: Instance, *, name: str, by: str, why: str) -> Instance:
    """Give the Instance another name. Issued statements keep the one they were issued with."""
    with recorded("instance_rename", by=by, why=why):
        row = locked(instance)
        row.name = name.strip()
        refuse_invalid(row)
        row.save(update_fields=["name"])
    return row


def instance_relocate(instance: Instance, *, data_center: str, by: str, why: str) -> Instance:
    """The Instance runs in another data center. Where it runs changes no amount; its environment may."""
    with recorded("instance_relocate", by=by, why=why):
        row = locked(instance)
        row.data_center = data_center.strip()
        refuse_invalid(row)
        row.save(update_fields=["data_center"])
    return row


def instance_retag(instance: Instance, *, tags: Iterable[str], by: str, why: str) -> Instance:
    """Replace the tags of the Instance (at most five)."""
    with recorded("instance_retag", by=by, why=why):
        row = locked(instance)
        row.tags = clean_tags(tags)
        row.save(update_fields=["tags"])
    return row


def instance_correct_creation(instance: Instance, *, created_on: date, by: str, why: str) -> Instance:
    """Correct the day the Instance was created.

    What held first (environment, status, Partner) holds from the corrected day, and its plans follow: days that are
    new are on Unbilled in both ledgers, so that the plan chosen afterwards reaches back over them. Raises
    ``Refused`` when a fact with an earlier day would be left before it: a Domain, or a change of environment, status
    or Partner.
    """
    sane_day("created_on", created_on)
    with recorded("instance_correct_creation", by=by, why=why):
        row = locked(instance)
        if row.deleted_on is not None and created_on > row.deleted_on:
            raise Refused(
                "created_on",
                f"{row} was deleted on {row.deleted_on}: it was created before that.",
                code="created_after_deletion",
            )
        first_domain = row.domains.aggregate(first=Min("added_on"))["first"]
        if first_domain is not None and first_domain < created_on:
            raise Refused(
                "created_on",
                f"A Domain of {row} was added on {first_domain}: correct that day first.",
                code="created_after_domain",
            )
        for periods, value in ((EnvironmentPeriod, "environment"), (StatusPeriod, "status"), (Ownership, "partner")):
            _refuse_changed_before(periods, row, value, created_on)
        period_changes.begin_on(row.pk, row.created_on, created_on)
        row.created_on = created_on
        row.save(update_fields=["created_on"])
        subjects_changed.send(sender=Instance, instances=[row.pk], dedicated_environments=[], by=by)
    return row


def _refuse_changed_before(periods: Any, instance: Instance, value: str, day: date) -> None:
    """Refuse a first day on which something else than what held first would hold already."""
    later = periods.objects.filter(instance=instance).order_by("days")[1:2]
    if later and later[0].span.start <= day:
        raise Refused(
            "created_on",
            f"Its {value} changed on {later[0].span.start}: the day must be before that.",
            code="created_after_change",
        )
