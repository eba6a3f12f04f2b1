"""A client's statements and Instances, in its account on the Partner's storefront."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pos_billing.facts import clock
from pos_billing.plans.instances_seen import own_instances, with_state
from pos_billing.plans.models import Assignment, SellerSettings
from pos_billing.web.frame import accounts_of
from pos_billing.web.shared.charging import charging_of
from pos_billing.web.shared.listing import Listing
from pos_billing.web.statement.access import StatementAccess
from pos_billing.web.statement.contexts import list_context, statement_context
from pos_billing.web.statement.files import csv_response, pdf_response
from pos_billing.web.storefront.lists import ClientInstanceFilter, ClientInstanceTable


def access_of(request: HttpRequest) -> StatementAccess:
    """Statements to the visitor's own Accounts, and no others."""
    accounts = accounts_of(request.user)
    return StatementAccess(
        connection.schema_name,
        "client_billing:statement",
        {"account__in": [account.pk for account in accounts]},
        with_client=len(accounts) > 1,
    )


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """The list of the client's statements."""
    context = list_context(request, access_of(request))
    empty = "You get the first one when something you have is charged."
    return storefront_page(
        request,
        "pos_billing/storefront/statements.html",
        "Statements",
        "billing-statements",
        empty_text=empty if accounts_of(request.user) else _nothing_connected(),
        **context,
    )


@require_safe
def statement(request: HttpRequest, statement: int) -> HttpResponse:
    """One statement."""
    context = statement_context(request, access_of(request), statement)
    title = f"Statement {context['statement'].number}"
    return storefront_page(request, "pos_billing/storefront/statement.html", title, "billing-statements", **context)


@require_safe
def statement_pdf(request: HttpRequest, statement: int) -> HttpResponse:
    """The PDF of a statement."""
    return pdf_response(request, access_of(request), statement)


@require_safe
def statement_csv(request: HttpRequest, statement: int) -> HttpResponse:
    """All lines of a statement."""
    return csv_response(access_of(request), statement)


@require_safe
def instances(request: HttpRequest) -> HttpResponse:
    """The Instances whose plan the client pays today."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    accounts = accounts_of(request.user)
    paid = Assignment.objects.filter(instance__isnull=False, account__in=accounts, days__contains=now)
    rows = with_state(own_instances(request.tenant, now), now).filter(pk__in=paid.values("instance_id"))
    listing = Listing(
        request, rows, ClientInstanceTable, ClientInstanceFilter, by_key=True, filter_options={"day": now}
    )
    listing.table.charging = charging_of([row.pk for row in listing.records], seller, now)
    return storefront_page(
        request,
        "pos_billing/storefront/instances.html",
        "Instances",
        "billing-instances",
        listing=listing,
        empty_text=f"{seller.name} lists them here once they have a plan." if accounts else _nothing_connected(),
    )


def _nothing_connected() -> str:
    return "Your user is not connected to a client yet. Ask the people who host your sites to add your e-mail address."


def storefront_page(request: HttpRequest, template: str, title: str, tab: str, **context: Any) -> HttpResponse:
    """Render a page of Oscar's account section."""
    frame = {"page_title": title, "active_tab": tab, "accounts": accounts_of(request.user)}
    return render(request, template, {**frame, **context})
