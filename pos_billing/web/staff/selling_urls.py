"""The platform as a Seller: pages of a Partner's Billing section, mounted on the public host for staff.

The names are those of ``web.portal.urls``, in the same namespace, so that pages and links are the same code on both
sides. Who may open them is said in ``access.PLATFORM_NEEDED``.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls.resolvers import URLPattern
from django.views.decorators.http import require_safe

from pos_billing.web.selling import (
    account_payments,
    clients,
    collections,
    dedicated,
    instances,
    notices,
    payment_actions,
    plans,
    settings,
)
from pos_billing.web.shared import credit_note_files, ledger
from pos_billing.web.staff.access import PLATFORM_NEEDED, guarded_path


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The beginning of these pages is the list of Sellers."""
    return redirect("billing_staff:sellers")


@require_safe
def statement(request: HttpRequest, statement: int) -> HttpResponse:
    """A statement of the platform."""
    return redirect("billing_staff:statement", seller="public", statement=statement)


def _page(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    return guarded_path(route, view, name, PLATFORM_NEEDED)


app_name = "billing"
urlpatterns = [
    _page("", home, "home"),
    _page("instances/", instances.instances, "instances"),
    _page("instances/<int:instance>/", instances.instance, "instance"),
    _page("assign/", instances.assign, "assign"),
    _page("statements/<int:statement>/", statement, "statement"),
    _page("accounts/", clients.clients, "clients"),
    _page("accounts/<int:client>/", clients.client, "client"),
    _page("accounts/<int:client>/change/", clients.client_change, "client-change"),
    _page("accounts/<int:client>/close/", clients.client_close, "client-close"),
    _page("plans/", plans.plans, "plans"),
    _page("plans/new/", plans.plan_new, "plan-new"),
    _page("plans/<int:plan>/", plans.plan, "plan"),
    _page("plans/<int:plan>/change/", plans.plan_edit, "plan-change"),
    _page("plans/<int:plan>/archive/", plans.plan_put_away, "plan-archive"),
    _page("plans/<int:plan>/fees/add/", plans.plan_fee_add, "plan-fee-add"),
    _page("plans/<int:plan>/fees/<int:fee>/price/", plans.plan_price, "plan-price"),
    _page("plans/<int:plan>/grants/add/", plans.plan_grant_add, "plan-grant"),
    _page("plans/<int:plan>/grants/<int:grant>/withdraw/", plans.plan_grant_remove, "plan-withdraw"),
    _page("dedicated/", dedicated.dedicated_environments, "dedicated-environments"),
    _page("dedicated/<int:dedicated>/", dedicated.dedicated_environment, "dedicated-environment"),
    _page("settings/", settings.settings, "settings"),
    _page("settings/charged/", settings.billing_settings, "billing-settings"),
    _page("collection/", collections.collections, "collections"),
    _page("collection/<int:statement>/", collections.collection, "collection"),
    _page("collection/<int:statement>/<slug:act>/", payment_actions.collection_action, "collection-action"),
    _page("notices/", notices.notices, "notices"),
    _page("credit-notes/<int:note>/pdf/", credit_note_files.credit_note_pdf, "credit-note-pdf"),
    _page("accounts/<int:client>/payments/", account_payments.client_payments, "client-payments"),
    _page(
        "accounts/<int:client>/payments/<slug:act>/", account_payments.client_payment_action, "client-payment-action"
    ),
    _page("accounts/<int:client>/ledger/", ledger.client_ledger, "client-ledger"),
    _page("accounts/<int:client>/ledger/csv/", ledger.client_ledger_csv, "client-ledger-csv"),
]
