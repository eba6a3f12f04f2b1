"""Statements of any Seller, to be read by the platform's staff."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from pos_billing.facts import clock
from pos_billing.web.shared.page import page
from pos_billing.web.shared.to_do import ToDo, between_payers, silenced_at
from pos_billing.web.staff.sellers import partner_names, seller_name, sellers_page
from pos_billing.web.statement.access import StatementAccess
from pos_billing.web.statement.contexts import list_context, statement_context
from pos_billing.web.statement.files import csv_response, pdf_response


def access_of(seller: str) -> StatementAccess:
    """All statements of a Seller."""
    return StatementAccess(seller, "billing_staff:statement", arguments={"seller": seller})


@require_safe
def sellers(request: HttpRequest) -> HttpResponse:
    """The platform and all Partners, with the state of their billing."""
    search = request.GET.get("q", "").strip()
    found = sellers_page(request.GET.get("page"), search)
    return page(
        request, "pos_billing/staff/sellers.html", page=found, search=search, todo=[] if search else _what_to_decide()
    )


def _what_to_decide() -> list[ToDo]:
    """Days nobody is billed for at the platform, and Partners whose clients stopped being billed by a placement."""
    now = clock.seller_day()
    return [*between_payers(now), *silenced_at(partner_names(), now)]


@require_safe
def statements(request: HttpRequest, seller: str) -> HttpResponse:
    """The list of a Seller's statements."""
    name = seller_name(seller)
    context = list_context(request, access_of(seller))
    return page(
        request,
        "pos_billing/staff/statements.html",
        **context,
        seller_schema=seller,
        seller_name=name,
        tab="statements",
        crumbs=[("Sellers", reverse("billing_staff:sellers")), (name, None)],
        empty_text="A billing run issues them.",
    )


@require_safe
def statement(request: HttpRequest, seller: str, statement: int) -> HttpResponse:
    """One statement of a Seller."""
    name = seller_name(seller)
    access = access_of(seller)
    context = statement_context(request, access, statement)
    crumbs = [
        ("Sellers", reverse("billing_staff:sellers")),
        (name, access.url("s")),
        (context["statement"].number, None),
    ]
    return page(request, "pos_billing/staff/statement.html", **context, crumbs=crumbs)


@require_safe
def statement_pdf(request: HttpRequest, seller: str, statement: int) -> HttpResponse:
    """The PDF of a statement of a Seller."""
    seller_name(seller)
    return pdf_response(request, access_of(seller), statement)


@require_safe
def statement_csv(request: HttpRequest, seller: str, statement: int) -> HttpResponse:
    """All lines of a statement of a Seller."""
    seller_name(seller)
    return csv_response(access_of(seller), statement)
