"""Dedicated environments, and the Instances that stand on them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from pos_billing.facts.days import as_days, change_from, end_on
from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.instances import removal
from pos_billing.instances.commands.checks import a_partner, locked, sane_day, while_it_exists, while_it_stands
from pos_billing.instances.models import DedicatedEnvironment, EndedPlacement, Instance, Placement
from pos_billing.instances.signals import subjects_changed


def dedicated_environment_create(
    *, name: str, partner: Any, created_on: date, uuid: UUID | None = None, data_center: str = "", by: str, why: str
) -> DedicatedEnvironment:
    """Put a dedicated environment into the register, on Unbilled in both ledgers (``signals.subjects_changed``)."""
    dedicated = DedicatedEnvironment(
        uuid=uuid or uuid4(),
        name=name.strip(),
        data_center=data_center,
        partner=a_partner(partner),
        created_on=sane_day("created_on", created_on),
    )
    refuse_invalid(dedicated)
    with recorded("dedicated_environment_create", by=by, why=why):
        dedicated.save(force_insert=True)
        subjects_changed.send(sender=DedicatedEnvironment, instances=[], dedicated_environments=[dedicated.pk], by=by)
    return dedicated


def dedicated_environment_remove(
    dedicated_environment: DedicatedEnvironment, *, day: date, by: str, why: str
) -> DedicatedEnvironment:
    """The server is given up on ``day``: it is not billed any more, and what is placed on it bears its own fee again.

    For one that is removed already the day is corrected, and what was placed on it then stays up to the new day.
    """
    sane_day("day", day)
    with recorded("dedicated_environment_remove", by=by, why=why):
        row = locked(dedicated_environment)
        if day < row.created_on:
            raise Refused(
                "day",
                f"{row} was created on {row.created_on}: it cannot be removed before.",
                code="removed_before_creation",
            )
        late = row.placements.filter(days__startswith__gte=day).select_related("instance").first()
        if late is not None:
            raise Refused(
                "day",
                f"{late.instance} was placed on it on {late.span.start}, after that day.",
                code="placed_after_removal",
            )
        removal.stage_one(row.pk, day)
        removal.placements_follow()
        row.removed_on = day
        row.save(update_fields=["removed_on"])
    return row


def placement_begin(
    instance: Instance, *, dedicated_environment: DedicatedEnvironment, day: date, by: str, why: str
) -> Placement:
    """The Instance stands on the dedicated environment from ``day`` on and bears no fee of its own, until the next
    placement that is known, the day the environment was given up, or the day the Instance went to another Partner.

    Raises ``Refused`` when one of the two does not exist that day or the Instance is another Partner's.
    """
    with recorded("placement_begin", by=by, why=why):
        row, dedicated = locked(instance), locked(dedicated_environment)
        while_it_exists(row, "day", day)
        while_it_stands(dedicated, "day", day)
        if not row.ownerships.filter(days__contains=day, partner_id=dedicated.partner_id).exists():
            raise Refused(
                "dedicated_environment",
                f"{dedicated} is another Partner's than {row} on {day}.",
                code="environment_of_another_partner",
            )
        change_from(Placement, {"instance": row}, day, {"dedicated_environment": dedicated})
        placement = row.placements.get(days__contains=day)
        end, leaves = _end(placement), _leaves_on(row, dedicated, day)
        if leaves is not None and (end is None or end > leaves):
            end_on(Placement, {"instance": row}, leaves, until=end)
            if leaves == dedicated.removed_on:
                EndedPlacement.objects.create(instance=row, dedicated_environment=dedicated, days=as_days(leaves, end))
            placement.refresh_from_db()
    return placement


def placement_end(instance: Instance, *, day: date, by: str, why: str) -> None:
    """The Instance stands on no dedicated environment from ``day`` on. Raises ``Refused`` when it does not anyway."""
    sane_day("day", day)
    with recorded("placement_end", by=by, why=why):
        row = locked(instance)
        current = row.placements.filter(Q(days__upper_inf=True) | Q(days__endswith__gt=day), days__startswith__lte=day)
        if not current.exists():
            raise Refused("day", f"{row} is not placed on a dedicated environment on {day}.", code="not_placed")
        end_on(Placement, {"instance": row}, day, _end(current.get()))


def _leaves_on(instance: Instance, dedicated: DedicatedEnvironment, day: date) -> date | None:
    """The first day after ``day`` on which the Instance cannot stand there: given up, or another Partner's by then."""
    others = instance.ownerships.exclude(partner_id=dedicated.partner_id).filter(days__startswith__gt=day)
    known = [*(ownership.span.start for ownership in others), *filter(None, [dedicated.removed_on])]
    return min(known, default=None)


def _end(placement: Placement) -> date | None:
    end: date | None = placement.days.upper
    return end
