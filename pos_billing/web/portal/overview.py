"""The first page: what is owed on both sides, what is coming, what needs doing."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tenants.utils import get_public_schema_name

from pos_billing.collection.money.leftovers import leftovers
from pos_billing.collection.money.queries import open_statements
from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.plans.instances_seen import own_dedicated, own_instances, waiting_for_a_plan
from pos_billing.plans.models import Account, SellerSettings
from pos_billing.plans.partner_accounts import account_of
from pos_billing.plans.queries import seller_suffixes
from pos_billing.rating.facts import Subject
from pos_billing.rating.months import month_of
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.accrual import accrued
from pos_billing.statements.models import Statement
from pos_billing.statements.newest_change import newest_change
from pos_billing.statements.run import preview_of
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.page import page
from pos_billing.web.shared.to_do import ToDo, between_payers, silenced
from pos_billing.wording import count

EXPECTED_FOR_SECONDS = 300
LATEST = 5


class Owed(NamedTuple):
    """What open statements still ask for, in cents: how many, since when, and how much of it is past due."""

    statements: int
    cents: int
    past_due: int
    first_due_on: date | None


def owed(rows: Any, now: date) -> Owed:
    """What the open statements ``rows`` ask for."""
    found = rows.aggregate(
        number=Count("pk"), cents=Sum("outstanding"), first=Min("due_on"),
        late=Sum("outstanding", filter=Q(due_on__lt=now)),
    )  # fmt: skip
    return Owed(found["number"], int(found["cents"] or 0), int(found["late"] or 0), found["first"])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is owed, what is coming, what needs doing."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    to_pay_of = account_of(request.tenant)
    with in_seller(get_public_schema_name()):
        to_pay = owed(open_statements(to_pay_of), now)
        from_platform = list(Statement.objects.filter(account=to_pay_of).order_by("-sequence")[:LATEST])
    to_get = owed(open_statements(), now)
    return page(
        request,
        "pos_billing/portal/overview.html",
        to_pay=to_pay,
        to_get=to_get,
        from_platform=from_platform,
        to_clients=list(Statement.objects.select_related("account").order_by("-sequence")[:LATEST]),
        todo=list(what_needs_doing(request.tenant, seller, now, to_pay, to_get)),
        now=now,
        expected_url=reverse("billing:expected"),
    )


@require_safe
def expected(request: HttpRequest) -> HttpResponse:
    """What the next statements of both sides come to, as the facts stand: a piece of the overview, fetched by it."""
    now = clock.seller_day()
    as_of = next_statement_day(now)
    key = f"pos_billing.expected.{request.tenant.schema_name}.{now}.{newest_change(request.tenant.schema_name)}"
    found = cache.get(key)
    if found is None:
        found = _expected(request.tenant, now, as_of)
        cache.set(key, found, EXPECTED_FOR_SECONDS)
    currency = SellerSettings.objects.values_list("currency", flat=True).get()
    context = {**found, "as_of": as_of, "now": now, "first": month_of(now), "currency": currency}
    return render(request, "pos_billing/portal/expected.html", context)


def _expected(partner: Any, now: date, as_of: date) -> dict[str, Any]:
    """The running month so far, and the totals of the next statements, by the same code that issues them; cents."""
    payer = account_of(partner).pk
    now_or_later = [Subject("instance", key) for key in own_instances(partner, as_of).values_list("pk", flat=True)]
    now_or_later += [Subject("dedicated", key) for key in own_dedicated(partner).values_list("pk", flat=True)]
    try:
        cost = preview_of(get_public_schema_name(), as_of=as_of, chosen=now_or_later)
        income = preview_of(partner.schema_name, as_of=as_of)
        cost_so_far = accrued(get_public_schema_name(), through=now, chosen=now_or_later)
        income_so_far = accrued(partner.schema_name, through=now)
    except Refused as refused:
        return {"refused": refused.text}
    return {
        "cost": sum(one.total for one in cost.statements if one.account == payer),
        "income": income.total, "clients": len(income.statements),
        "cost_so_far": cost_so_far.get(payer, 0), "income_so_far": sum(income_so_far.values()),
    }  # fmt: skip


def what_needs_doing(partner: Any, seller: SellerSettings, now: date, to_pay: Owed, to_get: Owed) -> Iterator[ToDo]:
    """What waits, the most urgent first."""
    if to_pay.past_due:
        yield ToDo(
            "A payment to the platform is past due", "It is tried again on its own; a card may need your attention.",
            reverse("billing:payment"), "Look at payments",
        )  # fmt: skip
    waiting = waiting_for_a_plan(own_instances(partner, now), seller_suffixes(seller), now).count()
    if waiting:
        yield ToDo(
            f"{count(waiting, 'Instance')} with a custom Domain, and no plan chosen",
            "A plan reaches back to the day of the Domain: nothing is lost, but your client's first bill grows.",
            f"{reverse('billing:instances')}?show=needs-plan", "Choose plans",
        )  # fmt: skip
    yield from between_payers(now)
    yield from silenced(partner.schema_name, now)
    silent = Account.objects.filter(email="", closed_on=None).count()
    if silent:
        yield ToDo(
            f"{count(silent, 'client')} without an e-mail address", "They get neither statements nor notices.",
            f"{reverse('billing:clients')}?show=open", "Look at clients",
        )  # fmt: skip
    if to_get.past_due:
        yield ToDo(
            "Clients owe you money that is past due", "Open statements say which.",
            reverse("billing:clients"), "Look at clients",
        )  # fmt: skip
    left = leftovers()
    credit, rests = sum(1 for one in left if one.credit), sum(1 for one in left if one.rest)
    if credit:
        yield ToDo(
            f"{count(credit, 'client')} with credit that no statement will use", "Give it back, or bill them again.",
            f"{reverse('billing:collections')}#left", "Look at the credit",
        )  # fmt: skip
    if rests:
        yield ToDo(
            f"{count(rests, 'rest')} too small to be charged", "No statement will bring them in: write them off.",
            f"{reverse('billing:collections')}#left", "Look at the rests",
        )  # fmt: skip
    if not seller.address or not seller.email:
        yield ToDo(
            "Your letterhead is not complete", "Statements need your address, and notices a sender.",
            reverse("billing:settings"), "Complete settings",
        )  # fmt: skip
