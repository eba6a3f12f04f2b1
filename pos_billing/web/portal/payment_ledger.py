"""The ledger of an Account: everything that changed what it owes, as a page and as a CSV."""

import csv
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pos_billing.collection.ledger import Entry, ledger
from pos_billing.plans.models import SellerSettings
from pos_billing.web.portal.page import page
from pos_billing.web.portal.payment_desk import to_platform

PER_PAGE = 50
HEADINGS = ("Day", "Entry", "Reference", "Text", "Amount", "Balance", "Currency")


@require_safe
def account_ledger(request: HttpRequest) -> HttpResponse:
    """The entries, the newest first, each with the balance after it."""
    with to_platform(request).open() as account:
        entries = ledger(account)
        currency = SellerSettings.objects.get().currency
    shown = Paginator(entries[::-1], PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request, "pos_billing/portal/payment/ledger.html", entries=shown, currency=currency,
        balance=entries[-1].balance if entries else 0, csv_url=reverse("billing:ledger-csv"),
        crumbs=[("Billing", reverse("billing:home")), ("Payment", reverse("billing:payment")), ("Ledger", None)],
    )


@require_safe
def account_ledger_csv(request: HttpRequest) -> HttpResponse:
    """The same, all of it, the oldest first; amounts in the currency's units with two decimals."""
    with to_platform(request).open() as account:
        entries = ledger(account)
        currency = SellerSettings.objects.get().currency
    response = StreamingHttpResponse(ledger_csv(entries, currency), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Line:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def ledger_csv(entries: list[Entry], currency: str) -> Iterator[str]:
    """The lines of the CSV."""
    writer = csv.writer(_Line())
    yield writer.writerow(HEADINGS)
    for e in entries:
        text = _safe(e.text)
        yield writer.writerow([e.day, e.kind, _safe(e.reference), text, _amount(e.cents), _amount(e.balance), currency])


def _amount(cents: int) -> str:
    """Cents as spreadsheets read them."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
