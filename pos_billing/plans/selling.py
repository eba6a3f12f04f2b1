"""Prices of a Partner's plans beside those of their parent plans: what a month of each earns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django_tenants.utils import get_public_schema_name

from pos_billing.plans.losses import children_of
from pos_billing.plans.models import Account, ParentPlan, Plan, Price
from pos_billing.rating.margin import profit
from pos_billing.rating.metrics import METRICS
from pos_billing.sellers.schemas import in_seller, is_platform
from pos_billing.wording import count, money, quantity

NAMED = 12


class Priced(NamedTuple):
    """A plan on a day: its flat fees and its parent's, in cents a month, and what is metered on either side.

    ``earns`` is the difference of the two prices; what a month really earned stands in the margin report.
    """

    plan: Plan
    cents: int
    parent_cents: int | None
    metered: bool

    @property
    def earns(self) -> int | None:
        """The plan's price less its parent's, or ``None`` without a parent."""
        return None if self.parent_cents is None else profit(self.cents, self.parent_cents)


def granted_parents(partner_id: int, day: date) -> QuerySet[ParentPlan] | None:
    """The platform's plans that this Partner may sell on, which are not archived on ``day``.

    ``None`` on the platform itself.
    """
    if is_platform():
        return None
    with in_seller(get_public_schema_name()):
        granted = Plan.objects.filter(
            Q(granted_to_all=True) | Q(grants__account__in=Account.objects.filter(partner_id=partner_id)),
            Q(archived_on=None) | Q(archived_on__gt=day),
            placeholder=False,
        )
        ids = list(granted.values_list("pk", flat=True).distinct())
    return ParentPlan.objects.filter(pk__in=ids).order_by("name")


def priced(plans: Iterable[Plan], day: date) -> list[Priced]:
    """The plans with both prices on ``day``; two queries."""
    plans = list(plans)
    own, own_metered = _flat([plan.pk for plan in plans], day)
    parents = [plan.parent_id for plan in plans if plan.parent_id is not None]
    with in_seller(get_public_schema_name()):
        cost, cost_metered = _flat(parents, day)
    return [
        Priced(
            plan,
            own.get(plan.pk, 0),
            None if plan.parent_id is None else cost.get(plan.parent_id, 0),
            plan.pk in own_metered or plan.parent_id in cost_metered,
        )
        for plan in plans
    ]


def parent_prices(parents: Iterable[int], day: date) -> dict[int, int]:
    """What the platform's plans (ids) cost a Partner on ``day``, flat fees in cents a month."""
    ids = list(parents)
    with in_seller(get_public_schema_name()):
        cents, _ = _flat(ids, day)
    return {key: cents.get(key, 0) for key in ids}


def _flat(plans: Sequence[int], day: date) -> tuple[dict[int, int], set[int]]:
    """Flat fees of plans in the current schema on ``day``, added up; and the plans that meter something."""
    cents: dict[int, int] = defaultdict(int)
    metered = set()
    rows = Price.objects.filter(fee__plan_id__in=plans, days__contains=day)
    for plan, metric, amount in rows.values_list("fee__plan_id", "fee__metric", "cents"):
        if metric:
            metered.add(plan)
        cents[plan] += amount
    return cents, metered


def kept_by(plan: Plan, day: date, account: Account | None = None) -> list[str]:
    """Who goes on having ``plan`` after ``day`` when it is archived, or withdrawn from ``account``: in sentences.

    On the platform also the Partners' plans on it, which then cannot be assigned to anything more.
    """
    held = plan.assignments.filter(Q(days__upper_inf=True) | Q(days__endswith__gt=day))
    if account is not None:
        held = held.filter(account=account)
    number = held.count()
    whose = "" if account is None else f" of {account}"
    said = [
        f"{count(number, 'assignment')}{whose} of {plan} {'stays' if number == 1 else 'stay'} as "
        f"{'it is' if number == 1 else 'they are'}."
        if number else f"Nothing{whose} has {plan} now."
    ]  # fmt: skip
    if not is_platform():
        return said
    standing = [
        child for child in children_of(plan, day)
        if account is None or child.schema == (account.partner and account.partner.schema_name)
    ]  # fmt: skip
    if standing:
        named = ", ".join(f"{child.name} of {child.partner}" for child in standing[:NAMED])
        more = f" and {len(standing) - NAMED} more" if len(standing) > NAMED else ""
        said.append(f"Plans that stand on it cannot be assigned to anything more: {named}{more}.")
    return said


def price_text(price: Price, metric: str, currency: str) -> str:
    """A price in words: ``$150.00 a month``, or the included quantity and what each tier costs."""
    if not metric:
        return f"{money(price.cents, currency)} a month"
    unit = METRICS[metric].unit
    tiers = []
    for tier in price.tiers:
        each = f"{money(tier['cents'], currency)} for every {quantity(tier.get('per', 1))} {unit}"
        tiers.append(each if tier.get("up_to") is None else f"{each} up to {quantity(tier['up_to'])}")
    return f"{quantity(price.included)} {unit} included a month, then {', then '.join(tiers)}"
