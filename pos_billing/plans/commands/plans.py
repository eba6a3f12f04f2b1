"""Billing Plans: what is sold, at what price, to whom."""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import connection
from django.db.models import Max
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.plans.commands.checks import locked, sane_day
from pos_billing.plans.commands.fees import fee_make
from pos_billing.plans.losses import losses_warned
from pos_billing.plans.models import (
    Account,
    ParentPlan,
    Plan,
    PlanBegins,
    PlanEnvironment,
    PlanGrant,
    PlanTiming,
    Price,
)
from pos_billing.plans.partner_accounts import account_of, current_partner
from pos_billing.plans.pricing import new_fee
from pos_billing.rating.facts import DEDICATED
from pos_billing.sellers.schemas import in_seller, is_platform

MOST_FEES = 50


class PlanValues(TypedDict, total=False):
    """What of a plan can be changed."""

    name: str
    description: str
    parent: Plan | ParentPlan | int | None
    environments: Iterable[str]
    begins: str
    timing: str
    granted_to_all: bool
    external_id: str


def plan_create(
    *,
    name: str,
    parent: Plan | ParentPlan | int | None = None,
    description: str = "",
    environments: Iterable[str],
    begins: str = PlanBegins.FIRST_CUSTOM_DOMAIN,
    timing: str = PlanTiming.ARREARS,
    granted_to_all: bool = False,
    fees: Iterable[Mapping[str, Any]] = (),
    from_day: date,
    external_id: str = "",
    by: str,
    why: str,
) -> Plan:
    """Make a plan with its fees, priced from ``from_day`` on.

    ``parent`` is the platform's plan (or its id) that the Partner pays for under this one: needed in a Partner's
    schema, refused on the platform. ``fees`` are ``{"name", "cents"}`` (flat, cents a month) or ``{"name", "metric",
    "included", "tiers"}``; a plan without fees is free. Raises ``Refused``; warns of a plan that loses money.
    """
    given = [new_fee(fee) for fee in fees]
    if len(given) > MOST_FEES:
        raise Refused("fees", f"A plan has at most {MOST_FEES} fees.", code="too_many_fees")
    sane_day("from_day", from_day)
    plan = Plan(
        name=name.strip(),
        description=description,
        environments=_environments(environments),
        begins=begins,
        timing=timing,
        granted_to_all=granted_to_all,
        external_id=external_id,
    )
    plan.parent = _parent(parent, plan.environments)
    refuse_invalid(plan)
    with recorded("plan_create", by=by, why=why), losses_warned(plan, from_day, "cents"):
        plan.save(force_insert=True)
        for fee in given:
            fee_make(plan, fee, from_day)
    return plan


def plan_change(plan: Plan, *, by: str, why: str, **values: Unpack[PlanValues]) -> Plan:
    """Change name, description, parent, environments, begins, timing, granted_to_all or external_id.

    Prices are changed by ``price_change``. Raises ``Refused`` for a new parent while the plan is assigned (what was
    paid to the platform would not follow: make another plan), and for taking away an environment it serves somewhere.
    """
    unknown = set(values) - set(PlanValues.__annotations__)
    if unknown:
        raise Refused(
            min(unknown), f"This of a plan cannot be changed: {', '.join(sorted(unknown))}.", code="plan_not_changeable"
        )
    with recorded("plan_change", by=by, why=why):
        row = _own_plan(plan)
        changed: dict[str, Any] = {**values}
        if "environments" in values:
            changed["environments"] = _environments(values["environments"])
            _refuse_unserved(row, changed["environments"])
        if "parent" in values or "environments" in values:
            parent = _parent(values.get("parent", row.parent_id), changed.get("environments", row.environments))
            if (parent.pk if parent else None) != row.parent_id and row.assignments.exists():
                raise Refused(
                    "parent",
                    f"{row} is assigned already: make another plan with the other parent.",
                    code="parent_of_assigned_plan",
                )
            changed["parent"] = parent
        priced_from = Price.objects.filter(fee__plan=row).aggregate(newest=Max("days__startswith"))["newest"]
        with losses_warned(row, priced_from, "parent") if priced_from and "parent" in values else nullcontext():
            for name, value in changed.items():
                setattr(row, name, value.strip() if name == "name" else value)
            refuse_invalid(row)
            if changed:
                row.save(update_fields=list(changed))
    return row


def plan_archive(plan: Plan, *, day: date, by: str, why: str) -> Plan:
    """The plan is not assigned anew from ``day`` on. Who has it keeps it."""
    sane_day("day", day)
    with recorded("plan_archive", by=by, why=why):
        row = _own_plan(plan)
        row.archived_on = day
        row.save(update_fields=["archived_on"])
    return row


def plan_unarchive(plan: Plan, *, by: str, why: str) -> Plan:
    """The plan may be assigned again."""
    with recorded("plan_unarchive", by=by, why=why):
        row = _own_plan(plan)
        row.archived_on = None
        row.save(update_fields=["archived_on"])
    return row


def plan_grant(plan: Plan, account: Account, *, by: str, why: str) -> PlanGrant:
    """The Account may have the plan. Granting it twice changes nothing."""
    with recorded("plan_grant", by=by, why=why):
        grant, _ = PlanGrant.objects.get_or_create(plan=_own_plan(plan), account=account)
    return grant


def plan_withdraw(plan: Plan, account: Account, *, by: str, why: str) -> None:
    """The plan is not assigned to the Account anew. What it has stays."""
    with recorded("plan_withdraw", by=by, why=why):
        row = _own_plan(plan)
        removed, _ = row.grants.filter(account=account).delete()
        if not removed:
            raise Refused(
                "account", f"{row} was not granted to {account} by itself.", code="plan_not_granted_by_itself"
            )


def _own_plan(plan: Plan) -> Plan:
    """The plan, locked; ``Refused`` for Unbilled, which stays as it is."""
    row = locked(plan)
    if row.placeholder:
        raise Refused(
            "plan", "Unbilled says that no plan was chosen yet: it stays as it is.", code="unbilled_not_changeable"
        )
    return row


def _environments(given: Iterable[str]) -> list[str]:
    chosen = set(given)
    unknown = chosen - set(PlanEnvironment.values)
    if unknown:
        raise Refused(
            "environments",
            f"{', '.join(sorted(unknown))}: choose of {', '.join(PlanEnvironment.values)}.",
            code="environments_unknown",
        )
    if not chosen:
        raise Refused("environments", "Choose at least one environment the plan serves.", code="environments_missing")
    if DEDICATED in chosen and len(chosen) > 1:
        raise Refused(
            "environments",
            "A plan for dedicated environments serves nothing else: make two plans.",
            code="dedicated_plan_serves_others",
        )
    return [environment for environment in PlanEnvironment.values if environment in chosen]


def _parent(given: Plan | ParentPlan | int | None, environments: Iterable[str]) -> ParentPlan | None:
    """The parent plan, checked: it stands, is granted to this Partner, and serves what the plan serves."""
    if is_platform():
        if given is not None:
            raise Refused("parent", "The platform's own plans have no parent.", code="platform_plan_without_parent")
        return None
    if given is None:
        raise Refused(
            "parent",
            "Choose the parent plan: what you pay the platform for Instances on this plan.",
            code="parent_missing",
        )
    partner = current_partner()
    account = account_of(partner)
    with in_seller(get_public_schema_name()):
        row = Plan.objects.filter(pk=given if isinstance(given, int) else given.pk).first()
        if row is None or row.placeholder:
            raise Refused("parent", "Choose a billed plan of the platform.", code="parent_not_a_billed_plan")
        if not row.granted_to_all and not row.grants.filter(account=account).exists():
            raise Refused(
                "parent",
                f"{row} is not granted to {partner}: choose another, or ask the platform.",
                code="parent_not_granted",
            )
        missing = [name for name in environments if name not in row.environments]
        if missing:
            raise Refused(
                "parent",
                f"{row} does not serve {', '.join(missing)}: choose another parent plan.",
                code="parent_does_not_serve",
            )
    return ParentPlan(pk=row.pk, name=row.name, archived_on=row.archived_on)


def _refuse_unserved(plan: Plan, environments: list[str]) -> None:
    """Refuse to take away an environment in which an Instance has the plan."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT period.environment, count(DISTINCT fact.instance_id) FROM pos_billing_assignment AS fact "
            "JOIN pos_billing_instances_instance AS thing ON thing.id = fact.instance_id "
            "JOIN pos_billing_instances_environmentperiod AS period ON period.instance_id = fact.instance_id "
            "AND period.days && (fact.days * daterange(thing.created_on, thing.deleted_on)) "
            "WHERE fact.plan_id = %s AND period.environment = ANY(%s) AND NOT period.environment = ANY(%s) "
            "GROUP BY 1 ORDER BY 1",
            [plan.pk, plan.environments, environments],
        )
        for environment, count in cursor.fetchall():
            raise Refused(
                "environments",
                f"{count} Instances have {plan} in {environment}: give them another first.",
                code="environment_in_use",
            )
        cursor.execute(
            "SELECT count(*) FROM pos_billing_assignment WHERE plan_id = %s AND dedicated_environment_id IS NOT NULL",
            [plan.pk],
        )
        (count,) = cursor.fetchone()
    if count and DEDICATED not in environments:
        raise Refused(
            "environments",
            f"{count} dedicated environments have {plan}: give them another first.",
            code="dedicated_in_use",
        )
