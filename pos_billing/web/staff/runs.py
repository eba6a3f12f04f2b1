"""Billing runs: those that were made, and asking for a preview or a new one."""

from datetime import date
from typing import Any

import django_tables2
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller, template_schema
from pos_billing.statements.models import BillingRun, RunRequest
from pos_billing.statements.prove import prove
from pos_billing.statements.run_days import refuse_absurd, refuse_ahead
from pos_billing.statements.run_requests import run_request_make, stopped, waiting
from pos_billing.web.shared.listing import DayColumn, Listing, MoneyColumn
from pos_billing.web.shared.page import page
from pos_billing.web.staff.sellers import seller_name
from pos_billing.wording import moment, quantity
from pos_billing.work.queue import workers_alive


def sellers_to_choose() -> list[tuple[str, str]]:
    """The platform and all Partners, for a form."""
    public = get_public_schema_name()
    partners = get_tenant_model().objects.exclude(schema_name__in=[public, template_schema()]).order_by("name")
    return [(public, "The platform"), *partners.values_list("schema_name", "name")]


class RunForm(forms.Form):
    """Which Seller, as of which day."""

    seller = forms.ChoiceField(label="Seller")
    as_of = forms.DateField(
        label="As of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Plans billed after the month are covered through the month before this day.",
    )
    full = forms.BooleanField(
        label="Rate every month again",
        required=False,
        help_text="Slower; says whether a change was missed. Without it only new months and changes are rated.",
    )

    ahead = forms.DateField(
        label="The day once more",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only for a run of a day that has not come yet: its statements cannot be taken back.",
    )
    shown = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seller"].choices = sellers_to_choose()

    def clean(self) -> dict[str, Any]:
        """Refuse a day that cannot be meant, and a run of a day to come that is not said twice."""
        asked = super().clean() or {}
        if "as_of" in asked and "seller" in asked:
            try:
                refuse_absurd("as_of", asked["as_of"])
                if "make" in self.data:
                    refuse_ahead(asked["seller"], asked["as_of"], asked.get("ahead"))
            except Refused as refused:
                self.add_error(refused.field, refused.text)
        return asked


class ProofForm(forms.Form):
    """Which Seller, which month."""

    seller = forms.ChoiceField(label="Seller")
    month = forms.DateField(
        label="Month", input_formats=["%Y-%m", "%Y-%m-%d"], widget=forms.DateInput(attrs={"type": "month"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seller"].choices = sellers_to_choose()


class RunTable(django_tables2.Table):
    """One row a run; its day leads to it."""

    label = "Billing runs"
    as_of = DayColumn(verbose_name="As of", order_by=("as_of", "pk"), attrs={"td": {"class": "card-title nowrap"}})
    finished_at = django_tables2.Column(verbose_name="Made", order_by=("finished_at", "pk"))
    by = django_tables2.Column(verbose_name="By", order_by=("by", "pk"))
    statements = django_tables2.Column(order_by=("statements", "pk"), attrs={"td": {"class": "number"}})
    lines = django_tables2.Column(order_by=("lines", "pk"), attrs={"td": {"class": "number"}})
    total_cents = MoneyColumn(verbose_name="Total", order_by=("total_cents", "pk"))

    def __init__(self, *args: Any, seller: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seller = seller

    def render_as_of(self, value: date, record: BillingRun) -> str:
        address = reverse("billing_staff:run", args=[self.seller, record.pk])
        return format_html('<a href="{}">{}</a>', address, DayColumn.render(self.columns["as_of"], value))

    def render_finished_at(self, value: Any) -> str:
        return moment(value)

    def render_statements(self, value: int) -> str:
        return quantity(value)

    def render_lines(self, value: int) -> str:
        return quantity(value)


@require_safe
def runs(request: HttpRequest, seller: str) -> HttpResponse:
    """The runs of a Seller."""
    name = seller_name(seller)
    with in_seller(seller):
        listing = Listing(request, BillingRun.objects.all(), RunTable, seller=seller)
    return page(
        request,
        "pos_billing/staff/runs.html",
        listing=listing,
        seller_schema=seller,
        seller_name=name,
        tab="runs",
        crumbs=[("Sellers", reverse("billing_staff:sellers")), (name, None)],
    )


@require_safe
def run(request: HttpRequest, seller: str, run: int) -> HttpResponse:
    """What came of a run."""
    name = seller_name(seller)
    with in_seller(seller):
        found = BillingRun.objects.filter(pk=run).first()
    if found is None:
        raise Http404("There is no such run.")
    crumbs = [
        ("Sellers", reverse("billing_staff:sellers")), (name, reverse("billing_staff:runs", args=[seller])),
        ("Run", None),
    ]  # fmt: skip
    return page(request, "pos_billing/staff/run.html", run=found, seller_schema=seller, seller_name=name, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
def run_ask(request: HttpRequest) -> HttpResponse:
    """Ask for a preview or a run; a worker begins at once, the request's own page shows how far it is."""
    if request.method == "POST":
        form = RunForm(request.POST)
        if form.is_valid():
            asked = run_request_make(**_asked(form, "make" not in request.POST), by=request.user.get_username())
            return redirect("billing_staff:run-request", asked.pk)
    else:
        form = RunForm(
            initial={"seller": request.GET.get("seller"), "as_of": request.GET.get("as_of") or clock.seller_day()}
        )
    return page(
        request,
        "pos_billing/staff/run_ask.html",
        form=form,
        recent=_recent(),
        status=422 if form.errors else 200,
        crumbs=[("Sellers", reverse("billing_staff:sellers")), ("Preview or make a run", None)],
    )


def _asked(form: RunForm, preview: bool) -> dict[str, Any]:
    """What a run request holds of the form; a run that follows a preview is to issue what that showed."""
    asked = {name: form.cleaned_data[name] for name in ("seller", "as_of", "full")}
    shown = RunRequest.objects.filter(pk=form.cleaned_data["shown"], preview=True, **asked).first()
    if preview or shown is None:
        return {**asked, "preview": preview}
    return {**asked, "preview": False, "shown": shown, "expected": shown.result.get("fingerprint", "")}


@require_safe
def run_request(request: HttpRequest, asked: int) -> HttpResponse:
    """How far a run or preview is, and then what came of it."""
    found = get_object_or_404(RunRequest, pk=asked)
    name = seller_name(found.seller)
    crumbs = [
        ("Sellers", reverse("billing_staff:sellers")), ("Preview or make a run", reverse("billing_staff:run-ask")),
        (f"{name}, {found.as_of}", None),
    ]  # fmt: skip
    return page(
        request,
        "pos_billing/staff/run_request.html",
        asked=found,
        seller_name=name,
        is_stopped=stopped(found),
        is_waiting=waiting(found),
        is_ahead=_is_ahead(found),
        no_worker=workers_alive(clock.now()) == 0,
        under_way=found.state in (RunRequest.State.WAITING, RunRequest.State.RUNNING),
        crumbs=crumbs,
    )


def _is_ahead(asked: RunRequest) -> bool:
    """Whether the day has not come yet, by the Seller's clock."""
    with in_seller(asked.seller):
        return asked.as_of > clock.seller_day()


@require_safe
def run_request_state(request: HttpRequest, asked: int) -> JsonResponse:
    """How far a run is, for the page that shows it."""
    found = get_object_or_404(RunRequest, pk=asked)
    over = stopped(found) or found.state not in (RunRequest.State.WAITING, RunRequest.State.RUNNING)
    return JsonResponse(
        {"done": found.done, "total": found.total, "over": over, "waiting": not over and waiting(found)}
    )


@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """Prove a month of a Seller: every day billed once, or listed with the reason why not."""
    form = ProofForm(request.GET) if "month" in request.GET else ProofForm()
    found = None
    if form.is_bound and form.is_valid():
        try:
            found = prove(form.cleaned_data["seller"], form.cleaned_data["month"].replace(day=1))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
    return page(
        request,
        "pos_billing/staff/proof.html",
        form=form,
        proof=found,
        status=422 if form.errors else 200,
        crumbs=[("Sellers", reverse("billing_staff:sellers")), ("Prove a month", None)],
    )


def _recent() -> list[RunRequest]:
    """What was asked for lately, newest first."""
    return list(RunRequest.objects.order_by("-id")[:10])
