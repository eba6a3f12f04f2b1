"""The plans of a Partner: what it sells, on top of what it pays."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pos_billing.facts import clock
from pos_billing.plans.commands import (
    fee_add,
    plan_archive,
    plan_change,
    plan_create,
    plan_grant,
    plan_unarchive,
    plan_withdraw,
    price_change,
)
from pos_billing.plans.models import Account, Assignment, Plan, SellerSettings, UsageFee
from pos_billing.plans.queries import plan_history
from pos_billing.plans.selling import granted_parents, price_text, priced
from pos_billing.rating.facts import Subject
from pos_billing.web.selling.clients import CloseForm
from pos_billing.web.selling.plan_forms import (
    FeeForm,
    GrantForm,
    NewPlanForm,
    PlanForm,
    plan_initial,
    price_asked,
    price_form,
)
from pos_billing.web.shared import history
from pos_billing.web.shared.changing import step
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.forms import ChangeForm, who
from pos_billing.web.shared.page import page

HISTORY_SHOWN = 20


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """All plans with price, parent's price, and how many have them; archived ones apart."""
    now = clock.seller_day()
    held = Count("assignments", filter=Q(assignments__days__contains=now))
    rows = Plan.objects.filter(placeholder=False).prefetch_related("parent").annotate(held=held).order_by("name")
    found = priced(rows, now)
    return page(
        request,
        "pos_billing/portal/plans.html",
        crumbs=_crumbs(),
        current=[p for p in found if not _archived(p.plan, now)],
        archived=[p for p in found if _archived(p.plan, now)],
    )


@require_safe
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    """One plan: fees with their prices through time, who may have it, its history."""
    found = own_plan(plan)
    now = clock.seller_day()
    currency = SellerSettings.objects.get().currency
    fees = [
        (fee, [(price, price_text(price, fee.metric, currency)) for price in fee.prices.order_by("-days")])
        for fee in found.fees.prefetch_related("prices").order_by("pk")
    ]
    entries = plan_history(found)
    return page(
        request,
        "pos_billing/portal/plan.html",
        plan=found,
        fees=fees,
        priced=priced([found], now)[0],
        archived=_archived(found, now),
        held=found.assignments.filter(days__contains=now).count(),
        grants=list(found.grants.select_related("account").order_by("account__name")),
        entries=history.told(entries[:HISTORY_SHOWN]),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=_crumbs((found.name, None)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """Make a plan on top of a parent plan."""
    now = clock.seller_day()
    form = NewPlanForm(
        request.POST or None,
        parents=granted_parents(request.tenant.pk, now),
        initial={"from_day": now.replace(day=1), "environments": ["production"]},
    )
    if request.method == "POST" and form.is_valid():
        fees = [{"name": "Hosting", "cents": form.cleaned_data["cents"]}]
        made = form.carry_out(
            plan_create, fees=fees, from_day=form.cleaned_data["from_day"], by=who(request), **form.terms()
        )
        if made is not None:
            messages.success(request, f"{made} can be assigned now.")
            return redirect("billing:plan", made.pk)
    return _form(request, form, "New plan", reverse("billing:plans"))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, plan: int) -> HttpResponse:
    """Change what a plan is called and serves."""
    found = own_plan(plan)
    parents = granted_parents(request.tenant.pk, clock.seller_day())
    form = PlanForm(request.POST or None, parents=parents, initial=plan_initial(found))
    valid = request.method == "POST" and form.is_valid()
    if valid and form.carry_out(plan_change, found, by=who(request), **form.terms()) is not None:
        messages.success(request, "Saved.")
        return redirect("billing:plan", found.pk)
    return _form(request, form, f"Change {found.name}", reverse("billing:plan", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_price(request: HttpRequest, plan: int, fee: int) -> HttpResponse:
    """Change the price of a fee from a day on, with the consequence said first."""
    found = own_plan(plan)
    priced_fee = get_object_or_404(UsageFee, pk=fee, plan=found)
    now = clock.seller_day()
    form = price_form(priced_fee)(request.POST or None, initial={"day": now})
    back = reverse("billing:plan", args=[found.pk])
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        asked = price_asked(priced_fee, form.cleaned_data)

        def command() -> Any:
            return price_change(priced_fee, by=who(request), why=form.cleaned_data["why"], **asked)

        taken = step(form, request.POST, command, _subjects(found), next_statement_day(now))
        if taken.saved:
            messages.success(request, f"The price of {found} holds from {asked['day']} on.")
            return redirect(back)
        context = {"foreseen": taken.foreseen, "token": taken.token}
    return page(
        request,
        "pos_billing/portal/two_steps.html",
        form=form,
        back=back,
        heading=f"Price of {found.name}",
        lead=priced_fee.name,
        status=422 if form.errors else 200,
        crumbs=_crumbs((f"Price of {found.name}", None)),
        **context,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_fee_add(request: HttpRequest, plan: int) -> HttpResponse:
    """Add a fee to a plan."""
    found = own_plan(plan)
    form = FeeForm(request.POST or None, initial={"day": clock.seller_day()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = form.carry_out(fee_add, found, name=asked["name"], day=asked["day"], by=who(request), **form.terms())
        if made is not None:
            messages.success(request, f"{made} is charged from {asked['day']} on.")
            return redirect("billing:plan", found.pk)
    return _form(request, form, f"New fee of {found.name}", reverse("billing:plan", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_put_away(request: HttpRequest, plan: int) -> HttpResponse:
    """Archive a plan, or take it out of the archive."""
    found = own_plan(plan)
    archiving = found.archived_on is None
    form = (
        CloseForm(request.POST or None, initial={"day": clock.seller_day()})
        if archiving
        else ChangeForm(request.POST or None)
    )
    if archiving:
        form.fields["day"].help_text = "It is not assigned anew from this day on. Who has it keeps it."
    if request.method == "POST" and form.is_valid():
        asked = {"day": form.cleaned_data["day"]} if archiving else {}
        if form.carry_out(plan_archive if archiving else plan_unarchive, found, by=who(request), **asked) is not None:
            messages.success(request, "Saved.")
            return redirect("billing:plan", found.pk)
    heading = f"{'Archive' if archiving else 'Offer again'}: {found.name}"
    return _form(request, form, heading, reverse("billing:plan", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grant_add(request: HttpRequest, plan: int) -> HttpResponse:
    """Grant a plan to a client."""
    found = own_plan(plan)
    accounts = Account.objects.exclude(grants__plan=found).filter(closed_on=None).order_by("name")
    form = GrantForm(request.POST or None, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        if form.carry_out(plan_grant, found, account, by=who(request)) is not None:
            messages.success(request, f"{account} may have {found}.")
            return redirect("billing:plan", found.pk)
    return _form(request, form, f"Grant {found.name}", reverse("billing:plan", args=[found.pk]))


@require_POST
def plan_grant_remove(request: HttpRequest, plan: int, grant: int) -> HttpResponse:
    """Withdraw a plan from a client; what it has stays."""
    found = own_plan(plan)
    given = get_object_or_404(found.grants.select_related("account"), pk=grant)
    plan_withdraw(found, given.account, by=who(request), why="Withdrawn on the page of the plan")
    messages.success(request, f"{found} is not assigned to {given.account} anew.")
    return redirect("billing:plan", found.pk)


def own_plan(key: int) -> Plan:
    """A plan of this Seller; Unbilled has no page."""
    found = Plan.objects.filter(pk=key, placeholder=False).first()
    if found is None:
        raise Http404("There is no such plan.")
    return found


def _subjects(plan: Plan) -> list[Subject]:
    """Everything that ever had the plan."""
    rows = Assignment.objects.filter(plan=plan).values_list("instance_id", "dedicated_environment_id").distinct()
    return [Subject("instance", i) if i is not None else Subject("dedicated", d) for i, d in rows]


def _archived(plan: Plan, now: date) -> bool:
    return plan.archived_on is not None and plan.archived_on <= now


def _form(request: HttpRequest, form: ChangeForm, heading: str, back: str) -> HttpResponse:
    return page(
        request,
        "pos_billing/portal/form.html",
        form=form,
        heading=heading,
        back=back,
        status=422 if form.errors else 200,
        crumbs=_crumbs((heading, None)),
    )


def _crumbs(*last: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Billing", reverse("billing:home")), ("Plans", reverse("billing:plans") if last else None), *last]
