"""Billing plan types of the Portal beside our plans: what differs is told, never changed.

A price holds from a day, and the Portal names no day: only people can say from when. So a plan type that is unknown,
named or priced otherwise is a finding of each sync until somebody changes the plan (or the plan type).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.partner_api.values import PlanType, PortalPartner
from pos_billing.plans.models import Plan, Price
from pos_billing.sellers.schemas import in_seller
from pos_billing.sync.report import Entry
from pos_billing.wording import money


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan of ours by its id in the Portal. ``cents``: its flat fees a month on the day, together."""

    name: str
    archived: bool
    cents: int


def cents_of(price: str, unit: str) -> int | None:
    """A price as given (``11000`` or ``110.50``) in whole cents; ``None`` when it is not such a price.

    >>> cents_of("11000", "cents"), cents_of("110.5", "dollars"), cents_of("1.005", "dollars")
    (11000, 11050, None)
    """
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?", price)
    if match is None:
        return None
    places = 2 if unit == "dollars" else 0
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > places:
        return None
    return int(match[1] + fraction.ljust(places, "0"))


def plan_type_findings(
    partners: Iterable[PortalPartner], tenants: dict[str, Any], *, unit: str, day: date
) -> Iterator[Entry]:
    """What differs in the plan types of linked Partners (``tenants`` by their id in the Portal).

    A plan type is looked for among the platform's plans, then among the Partner's own. Two queries for the platform
    and two for each Partner that needs them.
    """
    platform = _known_plans(day)
    told: set[Entry] = set()
    for partner in partners:
        types, tenant = partner.plan_types or (), tenants.get(partner.id)
        own: dict[str, KnownPlan] = {}
        if tenant is not None and any(one.id not in platform for one in types):
            with in_seller(tenant.schema_name):
                own = _known_plans(day)
        for one in types:
            of_partner = one.id not in platform
            for text, reason in _differences(one, platform.get(one.id) or own.get(one.id), unit):
                subject = f"plan type {one.name} ({one.id})" + (f" of {partner.name}" if of_partner else "")
                entry = Entry(Kind.PLAN_TYPE_DIFFERS, FindingOutcome.ATTENTION, subject, text, reason=reason)
                if entry not in told:
                    told.add(entry)
                    yield entry


def _differences(one: PlanType, plan: KnownPlan | None, unit: str) -> Iterator[tuple[str, str]]:
    if plan is None:
        yield "No plan here has its id.", f"Put {one.id} into the external id of the plan that is meant, or create one."
        return
    if plan.archived:
        yield f"The Portal still offers it; {plan.name} is archived here.", "Archive it there, or take it up here."
    if one.name != plan.name:
        yield f"It is called {plan.name} here.", "Rename one of the two."
    if one.currency not in (None, "USD"):
        yield f"Its currency is {one.currency}; only USD is billed.", "Change it in the Portal."
    if one.price is None:
        return
    cents = cents_of(one.price, unit)
    if cents is None:
        yield f"Its price {one.price!r} is not a price in {unit}.", "Look at POS_BILLING_PORTAL_PRICE_UNIT."
    elif cents != plan.cents:
        yield (
            f"It costs {money(cents)} a month in the Portal and {money(plan.cents)} here.",
            "Change the plan's price from the day on which the new one holds.",
        )


def _known_plans(day: date) -> dict[str, KnownPlan]:
    """The plans of the current schema that have an id in the Portal. Two queries."""
    cents: dict[int, int] = {}
    prices = Price.objects.order_by().filter(fee__metric="", days__contains=day).exclude(fee__plan__external_id="")
    for plan_id, price in prices.values_list("fee__plan_id", "cents"):
        cents[plan_id] = cents.get(plan_id, 0) + price
    return {
        external_id: KnownPlan(name, archived_on is not None and archived_on <= day, cents.get(key, 0))
        for key, external_id, name, archived_on in Plan.objects.order_by()
        .exclude(external_id="")
        .values_list("pk", "external_id", "name", "archived_on")
    }
