"""The ledger of an Account: everything that changed what it owes, as a page and as a CSV."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from pos_billing.collection.money.ledger import Entry, ledger
from pos_billing.facts.tables import cell, csv_lines, units
from pos_billing.plans.models import Account, SellerSettings
from pos_billing.web.shared.files import SAFE_HEADERS
from pos_billing.web.shared.page import page
from pos_billing.web.shared.payment_access import to_platform

PER_PAGE = 50
LEDGER = "pos_billing/portal/payment/ledger.html"
HEADINGS = ("Day", "Entry", "Reference", "Text", "Amount", "Balance", "Currency")


@require_safe
def account_ledger(request: HttpRequest) -> HttpResponse:
    """The Partner's own ledger at the platform."""
    crumbs = [("Billing", reverse("billing:home")), ("Payment", reverse("billing:payment")), ("Ledger", None)]
    with to_platform(request).open() as account:
        context = ledger_context(request, account)
    return page(
        request, LEDGER, **context, csv_url=reverse("billing:ledger-csv"), crumbs=crumbs,
        statement_page="billing:platform-statement", note_page="billing:platform-credit-note-pdf",
        lead="Everything that changed what you owe, the newest first.",
    )  # fmt: skip


@require_safe
def account_ledger_csv(request: HttpRequest) -> HttpResponse:
    """The same, all of it, the oldest first; amounts in the currency's units with two decimals."""
    with to_platform(request).open() as account:
        return csv_of(account)


@require_safe
def client_ledger(request: HttpRequest, client: int) -> HttpResponse:
    """The ledger of an Account that the Seller bills."""
    account = get_object_or_404(Account, pk=client)
    crumbs = [("Clients", reverse("billing:clients")), (account.name, reverse("billing:client", args=[client]))]
    return page(
        request, LEDGER, **ledger_context(request, account),
        csv_url=reverse("billing:client-ledger-csv", args=[client]),
        crumbs=[("Billing", reverse("billing:home")), *crumbs, ("Ledger", None)], statement_page="billing:statement",
        note_page="billing:credit-note-pdf", lead=f"Everything that changed what {account} owes, the newest first.",
    )  # fmt: skip


@require_safe
def client_ledger_csv(request: HttpRequest, client: int) -> HttpResponse:
    """The same as CSV."""
    return csv_of(get_object_or_404(Account, pk=client))


def ledger_context(request: HttpRequest, account: Account) -> dict[str, Any]:
    """One page of the entries, as plain values: they are rendered in another schema."""
    entries = ledger(account)
    shown = Paginator(entries[::-1], PER_PAGE).get_page(request.GET.get("page"))
    currency = SellerSettings.objects.get().currency
    return {"entries": shown, "currency": currency, "balance": entries[-1].balance if entries else 0}


def csv_of(account: Account) -> HttpResponse:
    """The whole ledger of an Account as a file."""
    lines = ledger_csv(ledger(account), SellerSettings.objects.get().currency)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=SAFE_HEADERS)
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    return response


def ledger_csv(entries: list[Entry], currency: str) -> Iterator[str]:
    """The lines of the CSV."""
    yield from csv_lines([HEADINGS])
    yield from csv_lines(
        (e.day, e.kind, cell(e.reference), cell(e.text), units(e.cents), units(e.balance), currency) for e in entries
    )
