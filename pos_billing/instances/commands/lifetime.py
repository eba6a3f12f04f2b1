"""What happens to an Instance on a day: deleted, published, moved to another environment or Partner."""

from datetime import date
from typing import Any

from pos_billing.facts.days import change_from
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.commands.checks import a_partner, known_environment, locked, sane_day, while_it_exists
from pos_billing.instances.models import EnvironmentPeriod, Instance, Ownership, Status, StatusPeriod


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
        if row.deleted_on is not None and row.deleted_on != day:
            _revive(row)
        if row.deleted_on != day:
            row.deleted_on = day
            row.save(update_fields=["deleted_on"])
            change_from(StatusPeriod, {"instance": row}, day, {"status": Status.DELETED})
            row.domains.filter(removed_on=None).update(removed_on=day)
    return row


def instance_undelete(instance: Instance, *, by: str, why: str) -> Instance:
    """The Instance was not deleted after all: from that day on it exists, with its status and Domains, again.

    Raises ``Refused`` when one of its host names belongs to another Instance by now.
    """
    with recorded("instance_undelete", by=by, why=why):
        row = locked(instance)
        if row.deleted_on is None:
            raise Refused("instance", f"{row} is not deleted.", code="not_deleted")
        _revive(row)
    return row


def _revive(row: Instance) -> None:
    """Take the deletion back: the status before it holds again, and Domains that ended with it go on."""
    assert row.deleted_on is not None
    periods = row.statuses.filter(days__startswith__lt=row.deleted_on).exclude(status=Status.DELETED)
    before = periods.order_by("-days").first()
    status = before.status if before else Status.ACTIVE
    change_from(StatusPeriod, {"instance": row}, row.deleted_on, {"status": status})
    row.domains.filter(removed_on=row.deleted_on).update(removed_on=None)
    row.deleted_on = None
    row.save(update_fields=["deleted_on"])


def instance_unpublish(instance: Instance, *, day: date, by: str, why: str) -> Instance:
    """The Instance is unpublished from ``day`` on. It stays billable; its plan may be changed."""
    return _change_status(instance, Status.UNPUBLISHED, "instance_unpublish", day, by, why)


def instance_publish(instance: Instance, *, day: date, by: str, why: str) -> Instance:
    """The Instance is active from ``day`` on: republished, or live for the first time."""
    return _change_status(instance, Status.ACTIVE, "instance_publish", day, by, why)


def _change_status(instance: Instance, status: str, command: str, day: date, by: str, why: str) -> Instance:
    with recorded(command, by=by, why=why):
        row = locked(instance)
        while_it_exists(row, "day", day)
        change_from(StatusPeriod, {"instance": row}, day, {"status": status})
    return row


def instance_change_environment(instance: Instance, *, environment: str, day: date, by: str, why: str) -> Instance:
    """The Instance is in ``environment`` from ``day`` on (until the next change that is known).

    A plan that does not serve it is not charged from then on, and said to be so; assign one that does.
    """
    environment = known_environment(environment)
    with recorded("instance_change_environment", by=by, why=why):
        row = locked(instance)
        while_it_exists(row, "day", day)
        change_from(EnvironmentPeriod, {"instance": row}, day, {"environment": environment})
    return row


def instance_change_owner(instance: Instance, *, partner: Any, day: date, by: str, why: str) -> Instance:
    """The Instance belongs to ``partner`` from ``day`` on, in the register alone.

    Plans do not follow here: ``plans.commands.instance_transfer`` does the whole of it. Raises ``Refused`` when it
    belongs to that Partner on that day already.
    """
    with recorded("instance_change_owner", by=by, why=why):
        row = locked(instance)
        while_it_exists(row, "day", day)
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
        change_from(Ownership, {"instance": row}, day, {"partner": partner})
    return row
