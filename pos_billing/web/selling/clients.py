"""Clients: the Accounts a Partner bills."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pos_billing.collection.money.queries import standings
from pos_billing.collection.money.state import state_of
from pos_billing.facts import clock
from pos_billing.plans.commands import account_change, account_close, account_create, account_reopen
from pos_billing.plans.commands.members import account_member_add, account_member_remove
from pos_billing.plans.models import Account, Assignment, CollectionMethod
from pos_billing.plans.queries import account_history
from pos_billing.rating.facts import Subject
from pos_billing.statements.owed import balance_of, balances
from pos_billing.web.frame import audience_of
from pos_billing.web.shared import history
from pos_billing.web.shared.changing import step
from pos_billing.web.shared.days import next_statement_day
from pos_billing.web.shared.forms import ChangeForm, DayField, who
from pos_billing.web.shared.invitations import invite
from pos_billing.web.shared.listing import Listing
from pos_billing.web.shared.page import page
from pos_billing.wording import money, quantity

STATEMENTS_SHOWN = 12
HISTORY_SHOWN = 20


class ClientForm(ChangeForm):
    """Who a client is and how it pays."""

    name = forms.CharField(label="Name", max_length=200, help_text="As it stands on statements.")
    email = forms.EmailField(label="E-mail", required=False, help_text="Where statements and notices go.")
    address = forms.CharField(label="Address", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    tax_number = forms.CharField(label="Tax number", required=False, max_length=60)
    external_id = forms.CharField(
        label="Your own reference", required=False, max_length=100, help_text="Its number in your other systems."
    )
    collection_method = forms.ChoiceField(label="Pays", choices=CollectionMethod.choices)

    FIELDS = ("name", "email", "address", "tax_number", "external_id", "collection_method")


class CloseForm(ChangeForm):
    """From when on nothing is assigned to a client."""

    day = DayField(label="From", help_text="No plan is assigned to it from this day on. What it owes stays owed.")


class PersonForm(ChangeForm):
    """Somebody who sees the client's pages in the storefront."""

    email = forms.EmailField(label="E-mail", help_text="Gets an e-mail with the way in.")


class ClientFilter(django_filters.FilterSet):
    """Search; open or closed."""

    q = django_filters.CharFilter(label="Name, e-mail or reference", method="search")
    show = django_filters.ChoiceFilter(
        label="Show", method="chosen", choices=[("open", "Open"), ("closed", "Closed")], empty_label="All"
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def search(self, rows: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return rows.filter(Q(name__icontains=value) | Q(email__icontains=value) | Q(external_id__icontains=value))

    def chosen(self, rows: QuerySet[Account], name: str, value: str) -> QuerySet[Account]:
        return rows.filter(closed_on=None) if value == "open" else rows.exclude(closed_on=None)


class ClientTable(django_tables2.Table):
    """One row a client; ``outstanding`` is read for the rows of the page alone: its balance, below zero for credit."""

    label = "Clients"
    name = django_tables2.Column(order_by=("name", "pk"), attrs={"td": {"class": "card-title"}})
    email = django_tables2.Column(verbose_name="E-mail", order_by=("email", "pk"))
    collection_method = django_tables2.Column(verbose_name="Pays", order_by=("collection_method", "pk"))
    subjects = django_tables2.Column(
        verbose_name="Instances", order_by=("subjects", "pk"), attrs={"td": {"class": "number"}}
    )
    outstanding = django_tables2.Column(
        verbose_name="Owes", empty_values=(), orderable=False, attrs={"td": {"class": "money"}}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outstanding: dict[int, int] = {}

    def render_name(self, record: Account) -> str:
        closed = format_html(' <span class="pill">closed</span>') if record.closed_on else ""
        address = reverse("billing:client", args=[record.pk])
        return format_html('<span><a href="{}">{}</a>{}</span>', address, record.name, closed)

    def render_subjects(self, value: int) -> str:
        return quantity(value)

    def render_outstanding(self, record: Account) -> str:
        return money(self.outstanding.get(record.pk, 0))


@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """The list of clients with what each owes."""
    now = clock.seller_day()
    assigned = (
        Assignment.objects.filter(account=OuterRef("pk"), days__contains=now, plan__placeholder=False)
        .order_by().values("account").annotate(number=Count("id")).values("number")
    )  # fmt: skip
    rows = Account.objects.annotate(subjects=Coalesce(Subquery(assigned), 0))
    listing = Listing(request, rows, ClientTable, ClientFilter)
    found = balances([row.pk for row in listing.records])
    listing.table.outstanding = {account: balance.total for account, balance in found.items()}
    return page(
        request,
        "pos_billing/portal/clients.html",
        listing=listing,
        crumbs=[("Billing", reverse("billing:home")), (audience_of(request).buyers, None)],
    )


@require_safe
def client(request: HttpRequest, client: int) -> HttpResponse:
    """One client: what it owes, what it has, who sees its pages."""
    found = get_object_or_404(Account, pk=client)
    now = clock.seller_day()
    statements = list(found.statements.order_by("-sequence")[:STATEMENTS_SHOWN])
    standing = standings([statement.pk for statement in statements])
    entries = account_history(found)
    return page(
        request,
        "pos_billing/portal/client.html",
        client=found,
        balance=balance_of(found.pk).total,
        statements=[(s, state_of(standing[s.pk], now), standing[s.pk].outstanding) for s in statements],
        assigned=found.assignments.filter(days__contains=now, plan__placeholder=False).count(),
        people=list(found.members.select_related("user").order_by("user__email")),
        entries=history.told(entries[:HISTORY_SHOWN], audience_of(request)),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=_crumbs(request, (found.name, None)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def client_new(request: HttpRequest) -> HttpResponse:
    """Open an Account for a new client."""
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.carry_out(account_create, by=who(request), **_asked(form))
        if made is not None:
            messages.success(request, f"{made} is your client now.")
            return redirect("billing:client", made.pk)
    return _form(request, form, "New client", reverse("billing:clients"))


@require_http_methods(["GET", "HEAD", "POST"])
def client_change(request: HttpRequest, client: int) -> HttpResponse:
    """Change a client. Issued statements keep what they said."""
    found = get_object_or_404(Account, pk=client)
    initial = {name: getattr(found, name) for name in ClientForm.FIELDS}
    form = ClientForm(request.POST or None, initial=initial)
    back = reverse("billing:client", args=[found.pk])
    valid = request.method == "POST" and form.is_valid()
    if valid and form.carry_out(account_change, found, by=who(request), **_asked(form)) is not None:
        messages.success(request, "Saved. Statements that were issued keep what they said.")
        return redirect(back)
    return _form(request, form, f"Change {found.name}", back)


@require_http_methods(["GET", "HEAD", "POST"])
def client_close(request: HttpRequest, client: int) -> HttpResponse:
    """Close a client, or open it again; what that changes, and what is still owed, is said first."""
    found = get_object_or_404(Account, pk=client)
    back = reverse("billing:client", args=[found.pk])
    closing = found.closed_on is None
    data, now = request.POST or None, clock.seller_day()
    form = CloseForm(data, initial={"day": now}) if closing else ChangeForm(data)

    def command() -> Account:
        said = {"by": who(request), "why": form.cleaned_data["why"]}
        return account_close(found, day=form.cleaned_data["day"], **said) if closing else account_reopen(found, **said)

    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        having = found.assignments.values_list("instance_id", "dedicated_environment_id").distinct()
        subjects = [Subject("instance", i) if i is not None else Subject("dedicated", d) for i, d in having]
        taken = step(form, request.POST, command, subjects, next_statement_day(now), here_only=True)
        if taken.saved:
            messages.success(request, f"{found.name} is {'closed' if closing else 'open again'}.")
            return redirect(back)
        context = taken.context
    heading = f"{'Close' if closing else 'Open again'}: {found.name}"
    return page(
        request,
        "pos_billing/portal/two_steps.html",
        form=form,
        heading=heading,
        back=back,
        notes=_left(found) if closing else [],
        status=422 if form.errors else 200,
        crumbs=_crumbs(request, (heading, None)),
        **context,
    )


def _left(found: Account) -> list[str]:
    """What is still between the Seller and a client that is closed, in a sentence."""
    balance = balance_of(found.pk).total
    if balance > 0:
        return [f"{found} still owes {money(balance)}: it stays owed."]
    return [f"{money(-balance)} is in its favour: it stays so until it is refunded."] if balance < 0 else []


@require_http_methods(["GET", "HEAD", "POST"])
def client_person_add(request: HttpRequest, client: int) -> HttpResponse:
    """Let somebody see the client's pages in the storefront."""
    found = get_object_or_404(Account, pk=client)
    form = PersonForm(request.POST or None)
    back = reverse("billing:client", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        made = form.carry_out(account_member_add, found, email=form.cleaned_data["email"], by=who(request))
        if made is not None:
            messages.success(request, f"{made.user.email} sees the pages of {found.name} in the storefront.")
            invite(request, made.user, to_see=f"the statements of {found}", page="client_billing:statements")
            return redirect(back)
    return _form(request, form, f"Who sees the pages of {found.name}", back)


@require_POST
def client_person_remove(request: HttpRequest, client: int, person: int) -> HttpResponse:
    """Somebody does not see the client's pages any more."""
    found = get_object_or_404(Account, pk=client)
    member = get_object_or_404(found.members.select_related("user"), pk=person)
    email = member.user.email
    account_member_remove(member, by=who(request), why=f"Removed from {found.name} on its page")
    messages.success(request, f"{email} does not see the pages of {found.name} any more.")
    return redirect("billing:client", found.pk)


def _asked(form: ClientForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ClientForm.FIELDS}


def _form(request: HttpRequest, form: ChangeForm, heading: str, back: str) -> HttpResponse:
    return page(
        request,
        "pos_billing/portal/form.html",
        form=form,
        heading=heading,
        back=back,
        status=422 if form.errors else 200,
        crumbs=_crumbs(request, (heading, None)),
    )


def _crumbs(request: HttpRequest, last: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    named = audience_of(request).buyers
    return [("Billing", reverse("billing:home")), (named, reverse("billing:clients")), last]
