"""Subjects as both ledgers see them: introduced on Unbilled, transferred with their payer's days kept apart."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from pos_billing.facts.history import recorded
from pos_billing.instances.commands import dedicated_environment_create, instance_change_owner, instance_create
from pos_billing.instances.models import DedicatedEnvironment, Instance, Status
from pos_billing.plans.ownership import assignments_follow_ownership


def instance_register(
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
    """A new Instance in the register, and on Unbilled in the platform's ledger and in its Partner's.

    Raises ``Refused`` as ``instances.commands.instance_create`` does.
    """
    with recorded("instance_register", by=by, why=why):
        instance = instance_create(
            name=name,
            environment=environment,
            created_on=created_on,
            partner=partner,
            uuid=uuid,
            status=status,
            data_center=data_center,
            url=url,
            tags=tags,
            by=by,
            why=why,
        )
        assignments_follow_ownership(instances=[instance.pk], by=by)
    return instance


def instance_transfer(instance: Instance, *, partner: Any, day: date, by: str, why: str) -> Instance:
    """The Instance belongs to ``partner`` from ``day`` on; each payer keeps its own days.

    The former Partner's assignment ends on that day. The new one starts on Unbilled in its own ledger; on the platform
    the plan stays where it is granted to the new Partner, and is Unbilled otherwise. Raises ``Refused`` when it is
    that Partner's already, does not exist that day, or stands on a dedicated environment.
    """
    with recorded("instance_transfer", by=by, why=why):
        row = instance_change_owner(instance, partner=partner, day=day, by=by, why=why)
        assignments_follow_ownership(instances=[row.pk], by=by)
    return row


def dedicated_environment_register(
    *, name: str, partner: Any, created_on: date, uuid: UUID | None = None, data_center: str = "", by: str, why: str
) -> DedicatedEnvironment:
    """A new dedicated environment in the register, and on Unbilled on both sides."""
    with recorded("dedicated_environment_register", by=by, why=why):
        dedicated = dedicated_environment_create(
            name=name, partner=partner, created_on=created_on, uuid=uuid, data_center=data_center, by=by, why=why
        )
        assignments_follow_ownership(dedicated_environments=[dedicated.pk], by=by)
    return dedicated
