"""Subjects enter the books, and move from Partner to Partner: the register and both Sellers in one transaction."""

from datetime import date
from typing import Any

from pos_billing.facts.days import as_days
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.commands import dedicated_environment_create, instance_create, instance_set_owner
from pos_billing.instances.models import DedicatedEnvironment, Instance
from pos_billing.plans.commands.assignments import assignments_change, column_of, end_assignments
from pos_billing.plans.models import Account, Assignment, Plan
from pos_billing.sellers.schemas import in_seller


def instance_introduce(*, partner: Any, created_on: date, by: str, why: str, **values: Any) -> Instance:
    """Enter an Instance (``instance_create``) and begin it on Unbilled, with the platform and with its Partner."""
    with recorded("instance_introduce", by=by, why=why):
        instance = instance_create(partner=partner, created_on=created_on, by=by, why=why, **values)
        _begin_unbilled(instance, partner, created_on, by)
        return instance


def dedicated_environment_introduce(
    *, partner: Any, created_on: date, by: str, why: str, **values: Any
) -> DedicatedEnvironment:
    """Enter a dedicated environment and begin it on Unbilled, with the platform and with its Partner."""
    with recorded("dedicated_environment_introduce", by=by, why=why):
        environment = dedicated_environment_create(partner=partner, created_on=created_on, by=by, why=why, **values)
        _begin_unbilled(environment, partner, created_on, by)
        return environment


def instance_transfer(instance: Instance, *, partner: Any, day: date, by: str, why: str) -> None:
    """Move an Instance to another Partner on ``day``. Each payer keeps its own days and usage.

    The Partner before ends on that day. With the platform the plan goes on where the new Partner may have it,
    otherwise the Instance is Unbilled; with the new Partner it begins Unbilled, its client not known yet.
    """
    with recorded("instance_transfer", by=by, why=why):
        before = instance.ownerships.filter(days__contains=day).select_related("partner").first()
        if before is None:
            raise Refused("day", f"{instance} belongs to nobody on {day}.")
        if before.partner == partner:
            raise Refused("partner", f"{instance} belongs to {partner} already on {day}.")
        instance_set_owner(instance, partner=partner, day=day, by=by, why=why)
        with in_seller(before.partner.schema_name):
            end_assignments(instance, day)
        with in_seller("public"):
            account = account_of(partner)
            current = Assignment.objects.filter(instance=instance, days__contains=day).select_related("plan").first()
            plan = current.plan if current else _unbilled()
            if not (plan.granted_to_all or plan.grants.filter(account=account).exists()):
                plan = _unbilled()
            end_assignments(instance, day)
            assignments_change([instance], plan=plan, account=account, day=day, by=by, why=why)
        with in_seller(partner.schema_name):
            end_assignments(instance, day)
            assignments_change([instance], plan=_unbilled(), account=None, day=day, by=by, why=why)


def account_of(partner: Any) -> Account:
    """The platform's Account of a Partner. Raises ``Refused`` when there is none yet."""
    with in_seller("public"):
        account = Account.objects.filter(partner=partner).first()
    if account is None:
        raise Refused("partner", f"The platform has no Account for {partner}. Create one first.")
    return account


def _begin_unbilled(subject: Instance | DedicatedEnvironment, partner: Any, day: date, by: str) -> None:
    column, days = column_of(subject), as_days(day)
    with in_seller("public"):
        Assignment.objects.create(
            **{column: subject}, plan=_unbilled(), account=account_of(partner), days=days, by=by
        )
    with in_seller(partner.schema_name):
        Assignment.objects.create(**{column: subject}, plan=_unbilled(), account=None, days=days, by=by)


def _unbilled() -> Plan:
    return Plan.objects.get(placeholder=True)

