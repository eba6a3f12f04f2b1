"""What commands on the register have in common: rows locked, days that make sense, constraints in words."""

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused, refused_by
from pos_billing.facts.staged import AFTER_DELETION, AFTER_REMOVAL, BEFORE_CREATION
from pos_billing.instances.models import DedicatedEnvironment, Environment, Instance, Status

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
AT_ONCE = "Somebody changed the same days at the same moment. Look at it again and repeat the change."

refused_by(
    {
        "pos_billing_instances_instance_uuid_key": ("uuid", "An Instance with this uuid is in the register already."),
        "pos_billing_instances_dedicatedenvironment_uuid_key": (
            "uuid",
            "A dedicated environment with this uuid is in the register already.",
        ),
        "domain_once": ("host", "The Instance had this Domain from that day already."),
        "domain_on_one_instance": ("host", "This Domain belongs to another Instance: remove it there first."),
        "domain_removed_after_added": ("day", "A Domain is removed on the day it was added or later."),
        "domain_lower_case": ("host", "Write the host name in small letters."),
        "instance_deleted_after_created": ("day", "An Instance is deleted on the day it was created or later."),
        "dedicated_removed_after_created": ("day", "It is removed on the day it was created or later."),
        "one_environment_a_day": ("day", AT_ONCE),
        "one_status_a_day": ("day", AT_ONCE),
        "one_owner_a_day": ("day", AT_ONCE),
        "one_placement_a_day": ("day", AT_ONCE),
    }
)

Row = TypeVar("Row", bound=models.Model)


def locked(row: Row) -> Row:
    """The row as it is now, for this transaction alone."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def sane_day(field: str, day: date) -> date:
    """``day``, or ``Refused``: a date between 1990 and 2200. Slips of the finger are outside."""
    if not isinstance(day, date) or not EARLIEST <= day < LATEST:
        raise Refused(field, f"{day} is not a possible day: use {EARLIEST:%Y} to {LATEST:%Y}.", code="day_out_of_range")
    return day


def while_it_exists(instance: Instance, field: str, day: date) -> None:
    """Refuse a ``day`` on which the Instance does not exist."""
    sane_day(field, day)
    if day < instance.created_on:
        raise Refused(field, BEFORE_CREATION.format(subject=instance, one=instance.created_on), code="before_creation")
    if instance.deleted_on is not None and day >= instance.deleted_on:
        raise Refused(field, AFTER_DELETION.format(subject=instance, one=instance.deleted_on), code="after_deletion")


def while_it_stands(dedicated: DedicatedEnvironment, field: str, day: date) -> None:
    """Refuse a ``day`` on which the dedicated environment does not exist."""
    sane_day(field, day)
    if day < dedicated.created_on:
        raise Refused(
            field, BEFORE_CREATION.format(subject=dedicated, one=dedicated.created_on), code="before_creation"
        )
    if dedicated.removed_on is not None and day >= dedicated.removed_on:
        raise Refused(field, AFTER_REMOVAL.format(subject=dedicated, one=dedicated.removed_on), code="after_removal")


def known_environment(environment: str) -> str:
    """``environment`` as it is stored, or ``Refused``."""
    if environment not in Environment.values:
        raise Refused(
            "environment", f"{environment!r} is not one of {', '.join(Environment.values)}.", code="environment_unknown"
        )
    return str(environment)


def known_status(status: str) -> str:
    """``status`` as it is stored, or ``Refused``."""
    if status not in Status.values:
        raise Refused("status", f"{status!r} is not one of {', '.join(Status.values)}.", code="status_unknown")
    return str(status)


def a_partner(partner: Any) -> Any:
    """``partner``, or ``Refused`` when it is the platform itself."""
    if partner.schema_name == get_public_schema_name():
        raise Refused(
            "partner", "An Instance belongs to a Partner, not to the platform itself.", code="partner_is_platform"
        )
    return partner


def clean_tags(tags: Any) -> list[str]:
    """At most five tags of at most 50 characters, blanks trimmed, each once, in the order given; or ``Refused``."""
    cleaned = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(cleaned) > 5:
        raise Refused("tags", f"An Instance has at most 5 tags; these are {len(cleaned)}.", code="too_many_tags")
    for tag in cleaned:
        if len(tag) > 50:
            raise Refused("tags", f"A tag has at most 50 characters: {tag[:20]}… has {len(tag)}.", code="tag_too_long")
    return cleaned
