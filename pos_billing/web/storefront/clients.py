"""Who a visitor of the storefront is to the Partner: the Accounts whose pages it may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.cache import patch_cache_control

from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import is_platform

PAGES = {
    "statements", "statement", "statement-pdf", "statement-csv", "instances", "payment", "card-add", "card-added",
    "card-chosen", "card-removed", "payment-notice-dismissed", "ledger", "ledger-csv", "credit-note-pdf",
}  # fmt: skip
"""Every page is for a signed-in visitor, and shows what belongs to its own Accounts alone."""


def accounts_of(user: Any) -> list[Account]:
    """The Accounts that ``user`` is a member of; asked of the database once for each user object."""
    if not user.is_authenticated or not user.is_active or is_platform():
        return []
    if not hasattr(user, "_billing_accounts"):
        user._billing_accounts = list(Account.objects.filter(members__user_id=user.pk).order_by("name", "pk"))
    return user._billing_accounts


def client_path(route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    """A URL for signed-in visitors of a Partner's storefront."""
    if name not in PAGES:
        raise ImproperlyConfigured(f"Name the page {name!r} in web/storefront/clients.py.")

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_platform():
            raise Http404("Clients' pages stand on Partners' hosts.")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("customer:login"))
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return path(route, guarded, name=name)
