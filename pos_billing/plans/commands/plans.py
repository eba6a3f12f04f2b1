"""Billing Plans: made on top of a parent plan, changed, granted, archived."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pos_billing.facts.days import as_days
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.commands.prices import checked_terms
from pos_billing.plans.models import Account, Plan, PlanBegins, PlanEnvironment, PlanGrant, PlanTiming, Price, UsageFee
from pos_billing.rating.metrics import METRICS
from pos_billing.sellers.schemas import in_seller, is_platform

CHANGEABLE = ("name", "description", "timing", "begins", "environments", "granted_to_all", "external_id")


def plan_create(
    *, name: str, environments: Iterable[str], from_day: date, parent: Any = None,
    begins: str = PlanBegins.FIRST_CUSTOM_DOMAIN, timing: str = PlanTiming.ARREARS, granted_to_all: bool = False,
    fees: Iterable[Mapping[str, Any]] = (), description: str = "", external_id: str = "", by: str, why: str,
) -> Plan:
    """Make a Billing Plan with its fees, priced from ``from_day`` on.

    ``fees`` are ``{"name", "cents"}`` (flat, cents a month) or ``{"name", "metric", "included", "tiers"}``; none
    makes a truly free plan. A Partner's plan needs a ``parent`` that serves the same environments; the platform's
    has none. Raises ``Refused`` naming the field.
    """
    with recorded("plan_create", by=by, why=why):
        plan = Plan(
            name=name.strip(), description=description, begins=begins, timing=timing, external_id=external_id,
            environments=list(dict.fromkeys(environments)), granted_to_all=granted_to_all,
            parent_id=getattr(parent, "pk", parent),
        )
        _check(plan)
        plan.save()
        for fee in fees:
            _add_fee(plan, from_day, **fee)
        return plan


def plan_change(plan: Plan, *, by: str, why: str, **values: Any) -> None:
    """Change a plan's name, timing, environments and the like, for all months that are rated from now on."""
    with recorded("plan_change", by=by, why=why):
        _not_placeholder(plan)
        for field, value in values.items():
            if field not in CHANGEABLE:
                raise Refused(field, f"A plan's {field} cannot be changed.")
            setattr(plan, field, value.strip() if isinstance(value, str) else value)
        _check(plan)
        plan.save()


def plan_archive(plan: Plan, *, day: date, by: str, why: str) -> None:
    """Offer a plan no more from ``day`` on. Instances that have it keep it."""
    with recorded("plan_archive", by=by, why=why):
        _not_placeholder(plan)
        if plan.archived_on is not None:
            raise Refused("plan", f"{plan} has been archived since {plan.archived_on}.")
        plan.archived_on = day
        plan.save(update_fields=["archived_on"])


def plan_grant(plan: Plan, *, account: Account, by: str, why: str) -> None:
    """Let an Account have the plan. Granting twice changes nothing."""
    with recorded("plan_grant", by=by, why=why):
        PlanGrant.objects.get_or_create(plan=plan, account=account)


def plan_withdraw(plan: Plan, *, account: Account, by: str, why: str) -> None:
    """Take a grant back: the plan is not assigned anew to the Account. What it has it keeps."""
    with recorded("plan_withdraw", by=by, why=why):
        PlanGrant.objects.filter(plan=plan, account=account).delete()


def fee_add(plan: Plan, *, from_day: date, by: str, why: str, **fee: Any) -> UsageFee:
    """Add a fee to a plan, priced from ``from_day`` on (fields as in ``plan_create``)."""
    with recorded("fee_add", by=by, why=why):
        _not_placeholder(plan)
        return _add_fee(plan, from_day, **fee)


def _add_fee(
    plan: Plan, from_day: date, name: str = "Hosting", metric: str = "", cents: int | None = None,
    included: int | None = None, tiers: Iterable[Mapping[str, Any]] | None = None,
) -> UsageFee:
    if metric and metric not in METRICS:
        raise Refused("metric", f"{metric!r} is none of {', '.join(METRICS)}.")
    if plan.fees.filter(name__iexact=name.strip()).exists():
        raise Refused("name", f"{plan} has a fee named {name} already.")
    fee = UsageFee(plan=plan, name=name.strip(), metric=metric)
    fee.clean_fields(exclude=["plan"])
    terms = checked_terms(fee, cents=cents, included=included, tiers=tiers)
    fee.save()
    Price.objects.create(fee=fee, days=as_days(from_day), **terms)
    return fee


def _not_placeholder(plan: Plan) -> None:
    if plan.placeholder:
        raise Refused("plan", "Unbilled is the placeholder for no plan chosen yet; it stays as it is.")


def _check(plan: Plan) -> None:
    plan.clean_fields(exclude=["parent"])
    if not plan.environments or set(plan.environments) - set(PlanEnvironment.values):
        raise Refused("environments", f"Choose from {', '.join(PlanEnvironment.values)}.")
    others = Plan.objects.filter(name__iexact=plan.name)
    if (others.exclude(pk=plan.pk) if plan.pk else others).exists():
        raise Refused("name", f"There is a plan named {plan.name} already.")
    if is_platform():
        if plan.parent_id is not None:
            raise Refused("parent", "A plan of the platform has no parent plan.")
        return
    if plan.parent_id is None:
        raise Refused("parent", "Choose the plan that you yourself pay the platform for these Instances.")
    with in_seller("public"):
        parent = Plan.objects.filter(pk=plan.parent_id, placeholder=False).first()
    if parent is None:
        raise Refused("parent", "The platform has no such plan.")
    missing = set(plan.environments) - set(parent.environments)
    if missing:
        raise Refused("environments", f"The parent plan {parent} does not serve {', '.join(sorted(missing))}.")
