"""What happens to an Instance on a day: deleted, published, moved to another environment or Partner."""

from datetime import date
from typing import Any

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.facts.staged import raise_first
from pos_billing.instances import deletion, domain_changes, period_changes
from pos_billing.instances.commands.checks import a_partner, known_environment, locked, sane_day
from pos_billing.instances.models import Instance, Status
from pos_billing.instances.signals import subjects_changed


def instance_delete(instance: Instance, *, day: date, by: str, why: str) -> Instance:
    """The Instance is deleted on ``day``: that day is not billed any more.

    Its host names are free from that day on. For one that is deleted already the day is corrected. Raises ``Refused``
    for a day before it was created, and for one before a Domain was added: one of the two days is wrong then.
    """
    sane_day("day", day)
    with recorded("instance_delete", by=by, why=why):
        row = locked(instance)
        if day < row.created_on:
            raise Refused(
                "day",
                f"{row} was created on {row.created_on}: it cannot be deleted before.",
                code="deleted_before_creation",
            )
        late = row.domains.filter(added_on__gt=day).order_by("added_on").first()
        if late is not None:
            raise Refused(
                "day",
                f"{late} was added on {late.added_on}, after that day: correct one of the two days.",
                code="domain_after_deletion",
            )
        if row.deleted_on != day:
            _delete_on(row, day)
    return row


def instance_undelete(instance: Instance, *, by: str, why: str) -> Instance:
    """The Instance was not deleted after all: what the deletion ended, its status and Domains, goes on.

    A Domain that was removed by itself stays removed, also on that very day. Raises ``Refused`` when one of its host
    names belongs to another Instance by now.
    """
    with recorded("instance_undelete", by=by, why=why):
        row = locked(instance)
        if row.deleted_on is None:
            raise Refused("instance", f"{row} is not deleted.", code="not_deleted")
        _delete_on(row, None)
    return row


def _delete_on(row: Instance, day: date | None) -> None:
    """The Instance is deleted on ``day`` (``None``: it is not), and what a deletion ends ends on that day."""
    row.deleted_on = day
    row.save(update_fields=["deleted_on"])
    deletion.stage_one(row.pk, day)
    deletion.statuses_follow()
    domain_changes.stage_deletion(row.pk, day)
    raise_first(domain_changes.problems(), {"added_on": "day"})
    domain_changes.apply()


def instance_unpublish(instance: Instance, *, day: date, by: str, why: str) -> Instance:
    """The Instance is unpublished from ``day`` on. It stays billable; its plan may be changed."""
    return _change_status(instance, Status.UNPUBLISHED, "instance_unpublish", day, by, why)


def instance_publish(instance: Instance, *, day: date, by: str, why: str) -> Instance:
    """The Instance is active from ``day`` on: republished, or live for the first time."""
    return _change_status(instance, Status.ACTIVE, "instance_publish", day, by, why)


def _change_status(instance: Instance, status: str, command: str, day: date, by: str, why: str) -> Instance:
    with recorded(command, by=by, why=why):
        row = locked(instance)
        period_changes.hold_from("status", row.pk, sane_day("day", day), status)
    return row


def instance_change_environment(instance: Instance, *, environment: str, day: date, by: str, why: str) -> Instance:
    """The Instance is in ``environment`` from ``day`` on (until the next change that is known).

    A plan that does not serve it is not charged from then on, and said to be so; assign one that does.
    """
    environment = known_environment(environment)
    with recorded("instance_change_environment", by=by, why=why):
        row = locked(instance)
        period_changes.hold_from("environment", row.pk, sane_day("day", day), environment)
    return row


def instance_change_owner(instance: Instance, *, partner: Any, day: date, by: str, why: str) -> Instance:
    """The Instance belongs to ``partner`` from ``day`` on; plans follow (``signals.subjects_changed``).

    Raises ``Refused`` when it belongs to that Partner on that day already.
    """
    with recorded("instance_change_owner", by=by, why=why):
        row = locked(instance)
        sane_day("day", day)
        if row.ownerships.filter(days__contains=day, partner_id=a_partner(partner).pk).exists():
            raise Refused("partner", f"{row} belongs to {partner} on {day} already.", code="owner_already")
        if (
            row.placements.filter(days__endswith__gt=day).exists()
            or row.placements.filter(days__upper_inf=True).exists()
        ):
            raise Refused(
                "day",
                f"{row} is placed on a dedicated environment then: take it off by that day first.",
                code="still_placed",
            )
        period_changes.hold_from("owner", row.pk, day, partner.pk)
        subjects_changed.send(sender=Instance, instances=[row.pk], dedicated_environments=[], by=by)
    return row
