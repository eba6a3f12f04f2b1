"""The plans of a Partner: what it sells, on top of what it pays."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

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
from pos_billing.plans.models import Account, Assignment, Plan, Price, SellerSettings, UsageFee
from pos_billing.plans.queries import plan_history
from pos_billing.plans.selling import granted_parents, kept_by, parent_prices, price_text, priced
from pos_billing.rating.facts import Subject
from pos_billing.web.frame import audience_of
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
from pos_billing.wording import day as day_text

HISTORY_SHOWN = 20
RATED_BY = {"parent", "environments", "begins", "timing"}
"""What of a plan rates days anew, also days that are past."""


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
        entries=history.told(entries[:HISTORY_SHOWN], audience_of(request)),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=_crumbs((found.name, None)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """Make a plan on top of a parent plan; one that loses money is made after its warning was confirmed."""
    now = clock.seller_day()
    form = NewPlanForm(
        request.POST or None,
        **_parents(request, now),
        initial={"from_day": now.replace(day=1), "environments": ["production"]},
    )
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        fees = [{"name": "Hosting", "cents": form.cleaned_data["cents"]}]

        def command() -> Plan:
            return plan_create(
                fees=fees,
                from_day=form.cleaned_data["from_day"],
                by=who(request),
                why=form.cleaned_data["why"],
                **form.terms(),
            )

        taken = step(form, request.POST, command, [], next_statement_day(now), here_only=True, only_if_warned=True)
        if taken.saved:
            messages.success(request, f"{taken.done} can be assigned now.")
            return redirect("billing:plan", taken.done.pk)
        context = taken.context
    return _two_steps(request, form, "New plan", reverse("billing:plans"), first_step="Save", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, plan: int) -> HttpResponse:
    """Change what a plan is called and serves; what rates the past anew is said before it is saved."""
    found = own_plan(plan)
    form = PlanForm(request.POST or None, **_parents(request, clock.seller_day()), initial=plan_initial(found))
    back = reverse("billing:plan", args=[found.pk])
    valid = request.method == "POST" and form.is_valid()
    if valid and not RATED_BY & set(form.changed_data):
        if form.carry_out(plan_change, found, by=who(request), **form.terms()) is not None:
            messages.success(request, "Saved.")
            return redirect(back)
        valid = False

    def command() -> Plan:
        return plan_change(found, by=who(request), why=form.cleaned_data["why"], **form.terms())

    return _foreseen(request, form, command, found, f"Change {found.name}", "Saved.", valid=valid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_price(request: HttpRequest, plan: int, fee: int) -> HttpResponse:
    """Change the price of a fee from a day on, with the consequence said first."""
    found = own_plan(plan)
    priced_fee = get_object_or_404(UsageFee, pk=fee, plan=found)
    now = clock.seller_day()
    form = price_form(priced_fee, request.POST or None, _day_of(request, now))
    asked = price_asked(priced_fee, form) if request.method == "POST" and form.is_valid() else None

    def command() -> Price:
        return price_change(priced_fee, by=who(request), why=form.cleaned_data["why"], **asked or {})

    done = "" if asked is None else f"The price of {found} holds from {day_text(asked['day'])} on."
    parent = None if priced_fee.metric or found.parent_id is None else priced([found], now)[0].parent_cents
    return _foreseen(
        request,
        form,
        command,
        found,
        f"Price of {found.name}",
        done,
        valid=asked is not None,
        lead=priced_fee.name,
        parent_cents=parent,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_fee_add(request: HttpRequest, plan: int) -> HttpResponse:
    """Add a fee to a plan, with the consequence said first: what has the plan is charged it from its day on."""
    found = own_plan(plan)
    form = FeeForm(request.POST or None, initial={"day": clock.seller_day()})

    def command() -> UsageFee:
        asked = form.cleaned_data
        return fee_add(found, name=asked["name"], day=asked["day"], by=who(request), why=asked["why"], **form.terms())

    valid = request.method == "POST" and form.is_valid()
    done = f"{form.cleaned_data['name']} is charged from {day_text(form.cleaned_data['day'])} on." if valid else ""
    return _foreseen(request, form, command, found, f"New fee of {found.name}", done, valid=valid)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_put_away(request: HttpRequest, plan: int) -> HttpResponse:
    """Archive a plan, or take it out of the archive; who has it is said first."""
    found = own_plan(plan)
    now = clock.seller_day()
    archiving = found.archived_on is None
    form = CloseForm(request.POST or None, initial={"day": now}) if archiving else ChangeForm(request.POST or None)
    if archiving:
        form.fields["day"].help_text = "It is not assigned anew from this day on. Who has it keeps it."

    def command() -> Plan:
        said = {"by": who(request), "why": form.cleaned_data["why"]}
        return plan_archive(found, day=form.cleaned_data["day"], **said) if archiving else plan_unarchive(found, **said)

    return _foreseen(
        request,
        form,
        command,
        found,
        f"{'Archive' if archiving else 'Offer again'}: {found.name}",
        "Saved.",
        valid=request.method == "POST" and form.is_valid(),
        notes=kept_by(found, now) if archiving else [],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grant_add(request: HttpRequest, plan: int) -> HttpResponse:
    """Grant a plan to a client."""
    found = own_plan(plan)
    accounts = Account.objects.exclude(grants__plan=found).filter(closed_on=None).order_by("name")
    form = GrantForm(request.POST or None, accounts=accounts, audience=audience_of(request))
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        if form.carry_out(plan_grant, found, account, by=who(request)) is not None:
            messages.success(request, f"{account} may have {found}.")
            return redirect("billing:plan", found.pk)
    return _form(request, form, f"Grant {found.name}", reverse("billing:plan", args=[found.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_grant_remove(request: HttpRequest, plan: int, grant: int) -> HttpResponse:
    """Withdraw a plan from a client: what it has stays, which is said first."""
    found = own_plan(plan)
    given = get_object_or_404(found.grants.select_related("account"), pk=grant)
    form = ChangeForm(request.POST or None)

    def command() -> None:
        plan_withdraw(found, given.account, by=who(request), why=form.cleaned_data["why"])

    return _foreseen(
        request,
        form,
        command,
        found,
        f"Withdraw {found.name} from {given.account}",
        f"{found} is not assigned to {given.account} anew.",
        valid=request.method == "POST" and form.is_valid(),
        notes=kept_by(found, clock.seller_day(), given.account),
    )


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


def _parents(request: HttpRequest, now: date) -> dict[str, Any]:
    """The parent plans to choose from, and what they cost."""
    parents = granted_parents(request.tenant.pk, now)
    ids = [] if parents is None else list(parents.values_list("pk", flat=True))
    return {"parents": parents, "parent_cents": parent_prices(ids, now)}


def _day_of(request: HttpRequest, now: date) -> date:
    """The day that the address names (``?day=``), whose price the form shows; today otherwise."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return now


def _foreseen(
    request: HttpRequest,
    form: ChangeForm,
    command: Callable[[], Any],
    plan: Plan,
    heading: str,
    done: str,
    *,
    valid: bool,
    notes: Sequence[str] = (),
    **context: Any,
) -> HttpResponse:
    """A change of a plan in two steps: what it does to the statements of everything that ever had the plan first."""
    back = reverse("billing:plan", args=[plan.pk])
    if valid:
        taken = step(
            form, request.POST, command, _subjects(plan), next_statement_day(clock.seller_day()), here_only=True
        )
        if taken.saved:
            messages.success(request, done)
            return redirect(back)
        context |= taken.context
    return _two_steps(request, form, heading, back, notes=notes, **context)


def _two_steps(request: HttpRequest, form: ChangeForm, heading: str, back: str, **context: Any) -> HttpResponse:
    return page(
        request,
        "pos_billing/portal/two_steps.html",
        form=form,
        heading=heading,
        back=back,
        status=422 if form.errors else 200,
        crumbs=_crumbs((heading, None)),
        **context,
    )


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
