"""Who of the platform's staff may open which page. Finance may run; support may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.cache import patch_cache_control

from pos_billing.sellers.schemas import is_platform

FINANCE_GROUP, SUPPORT_GROUP = "Billing finance", "Billing support"
READ, RUN = "read", "run"

NEEDED: dict[str, str] = {
    "sellers": READ,
    "statements": READ,
    "statement": READ,
    "statement-pdf": READ,
    "statement-csv": READ,
    "runs": READ,
    "run": READ,
    "run-ask": RUN,
    "run-request": READ,
    "run-request-state": READ,
    "proof": READ,
    "support-access-ask": READ,
    "partner-make": RUN,
    "instance-new": RUN,
    "instance-action": RUN,
    "dedicated-new": RUN,
    "dedicated-remove": RUN,
    "imports": READ,
    "import": READ,
    "import-make": RUN,
    "syncs": READ,
    "sync": READ,
    "proposal": READ,
    "jobs": READ,
    "job": READ,
}
"""What each page asks for, by its URL name."""

PLATFORM_NEEDED: dict[str, str] = {
    "home": READ,
    "instances": READ,
    "instance": READ,
    "assign": RUN,
    "statement": READ,
    "clients": READ,
    "client": READ,
    "client-change": RUN,
    "client-close": RUN,
    "plans": READ,
    "plan": READ,
    "plan-new": RUN,
    "plan-change": RUN,
    "plan-archive": RUN,
    "plan-fee-add": RUN,
    "plan-price": RUN,
    "plan-grant": RUN,
    "plan-withdraw": RUN,
    "dedicated-environments": READ,
    "dedicated-environment": READ,
    "settings": RUN,
    "billing-settings": RUN,
    "collections": READ,
    "collection": READ,
    "collection-action": RUN,
    "credit-note-pdf": READ,
    "client-payments": READ,
    "client-payment-action": RUN,
    "client-ledger": READ,
    "client-ledger-csv": READ,
    "notices": READ,
}
"""The same for the platform's pages as a Seller: those of a Partner's Billing section, mounted for staff."""


def may(user: Any, needed: str) -> bool:
    """Whether a member of staff may do what pages that need ``needed`` do; groups are read once a user object."""
    if not (user.is_authenticated and user.is_active and user.is_staff and is_platform()):
        return False
    if user.is_superuser:
        return True
    if not hasattr(user, "_billing_groups"):
        user._billing_groups = set(user.groups.values_list("name", flat=True))
    allowed = {FINANCE_GROUP} if needed == RUN else {FINANCE_GROUP, SUPPORT_GROUP}
    return bool(user._billing_groups & allowed)


def guarded_path(
    route: str, view: Callable[..., HttpResponse], name: str, pages: dict[str, str] = NEEDED
) -> URLPattern:
    """A URL that lets only those in who may open the page called ``name``, on the platform's host alone.

    ``pages`` says what each page asks for.
    """
    if name not in pages:
        raise ImproperlyConfigured(f"Say in web/staff/access.py who may open the page {name!r}.")

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_platform():
            raise Http404("The platform's pages are on the platform's host.")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not may(request.user, pages[name]):
            return render(request, "pos_billing/staff/refused.html", {"may_read": may(request.user, READ)}, status=403)
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return path(route, guarded, name=name)
