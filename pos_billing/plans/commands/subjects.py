"""Subjects as both ledgers see them: introduced on Unbilled, transferred with their payer's days kept apart."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.commands import dedicated_environment_create, instance_change_owner, instance_create
from pos_billing.instances.models import DedicatedEnvironment, Instance, Status
from pos_billing.plans.commands.assignments import assignment_change
from pos_billing.plans.models import Plan
from pos_billing.plans.undecided import days_between_payers
from pos_billing.sellers.schemas import in_seller


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
        return instance_create(
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


def instance_transfer(
    instance: Instance, *, partner: Any, day: date, plan_before: Plan | None = None, by: str, why: str
) -> Instance:
    """The Instance belongs to ``partner`` from ``day`` on; each payer keeps its own days.

    The former Partner's assignment ends on that day. The new one starts on Unbilled in its own ledger; on the platform
    the plan stays where it is granted to the new Partner, and is Unbilled otherwise. Raises ``Refused`` when it is
    that Partner's already, does not exist that day, or stands on a dedicated environment.

    ``plan_before``, a plan of the platform, is what the former Partner pays for its days on which no plan was chosen
    yet: no later plan reaches them once the payer has changed. Without it they are listed until somebody decides.
    ``Refused`` when there are no such days, or the plan may not be assigned to them.
    """
    with recorded("instance_transfer", by=by, why=why):
        row = instance_change_owner(instance, partner=partner, day=day, by=by, why=why)
        if plan_before is not None:
            _choose_before(row, plan_before, day, by, why)
    return row


def _choose_before(row: Instance, plan: Plan, day: date, by: str, why: str) -> None:
    """Assign ``plan`` to the former owner for its days that changed hands on ``day`` before a plan was chosen."""
    former = row.ownerships.filter(days__endswith=day).first()
    since = former.span.start if former is not None else day
    with in_seller(get_public_schema_name()):
        spans = [one.span for one in days_between_payers(day, [row.pk]) if since <= one.span.start < day]
        if not spans:
            raise Refused(
                "plan_before", f"{row} has no chargeable days before {day} on which no plan was chosen: leave the plan "
                "for the days before empty.",
                code="plan_before_without_days",
            )  # fmt: skip
        for span in spans:
            assignment_change(row, plan=plan, account=None, day=span.start, until=min(span.end, day), by=by, why=why)


def dedicated_environment_register(
    *, name: str, partner: Any, created_on: date, uuid: UUID | None = None, data_center: str = "", by: str, why: str
) -> DedicatedEnvironment:
    """A new dedicated environment in the register, and on Unbilled on both sides."""
    with recorded("dedicated_environment_register", by=by, why=why):
        return dedicated_environment_create(
            name=name, partner=partner, created_on=created_on, uuid=uuid, data_center=data_center, by=by, why=why
        )
