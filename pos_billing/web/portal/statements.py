"""Statements both ways: from the platform to this Partner, and from this Partner to its clients."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tenants.utils import get_public_schema_name

from pos_billing.web.shared.page import page
from pos_billing.web.statement.access import StatementAccess
from pos_billing.web.statement.contexts import list_context, statement_context
from pos_billing.web.statement.files import csv_response, pdf_response

FROM_PLATFORM, TO_CLIENTS = "Statements from the platform", "Statements to clients"


def from_platform(request: HttpRequest) -> StatementAccess:
    """The platform's statements to the Partner whose host this is, and no others."""
    return StatementAccess(
        get_public_schema_name(),
        "billing:platform-statement",
        {"account__partner_id": request.tenant.pk},
        with_client=False,
    )


def to_clients(request: HttpRequest) -> StatementAccess:
    """All statements of the Partner whose host this is."""
    return StatementAccess(connection.schema_name, "billing:statement")


@require_safe
def platform_statements(request: HttpRequest) -> HttpResponse:
    """The list of statements from the platform."""
    context = list_context(request, from_platform(request))
    return page(
        request,
        "pos_billing/portal/statements.html",
        **context,
        heading=FROM_PLATFORM,
        lead="What the platform bills you for your Instances.",
        empty_text="The platform issues one on the first day of the month after your first Instance is chargeable.",
        crumbs=_below_billing([(FROM_PLATFORM, None)]),
    )


@require_safe
def platform_statement(request: HttpRequest, statement: int) -> HttpResponse:
    """One statement from the platform."""
    context = statement_context(request, from_platform(request), statement)
    crumbs = [(FROM_PLATFORM, reverse("billing:platform-statements")), (context["statement"].number, None)]
    return page(request, "pos_billing/portal/statement.html", **context, crumbs=_below_billing(crumbs))


@require_safe
def platform_statement_pdf(request: HttpRequest, statement: int) -> HttpResponse:
    """The PDF of a statement from the platform."""
    return pdf_response(request, from_platform(request), statement)


@require_safe
def platform_statement_csv(request: HttpRequest, statement: int) -> HttpResponse:
    """All lines of a statement from the platform."""
    return csv_response(from_platform(request), statement)


@require_safe
def own_statements(request: HttpRequest) -> HttpResponse:
    """The list of statements to clients."""
    context = list_context(request, to_clients(request))
    return page(
        request,
        "pos_billing/portal/statements.html",
        **context,
        heading=TO_CLIENTS,
        lead="What you bill your clients.",
        empty_text="Assign a plan and a client to an Instance: the next billing run issues the statement.",
        crumbs=_below_billing([(TO_CLIENTS, None)]),
    )


@require_safe
def own_statement(request: HttpRequest, statement: int) -> HttpResponse:
    """One statement to a client."""
    context = statement_context(request, to_clients(request), statement)
    crumbs = [(TO_CLIENTS, reverse("billing:statements")), (context["statement"].number, None)]
    return page(request, "pos_billing/portal/statement.html", **context, crumbs=_below_billing(crumbs))


@require_safe
def own_statement_pdf(request: HttpRequest, statement: int) -> HttpResponse:
    """The PDF of a statement to a client."""
    return pdf_response(request, to_clients(request), statement)


@require_safe
def own_statement_csv(request: HttpRequest, statement: int) -> HttpResponse:
    """All lines of a statement to a client."""
    return csv_response(to_clients(request), statement)


def _below_billing(crumbs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    return [("Billing", reverse("billing:home")), *crumbs]
