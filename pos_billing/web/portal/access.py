"""Who may open which page of the Billing section. A page that is not named here cannot be mounted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from pos_billing.plans.models import Role, SellerMember, SellerSettings
from pos_billing.sellers.schemas import is_platform
from pos_billing.web.support_access.session import support_access_of

READ, WRITE, OWNER, ANYBODY = "read", "write", "owner", "anybody"

ROLES_THAT_MAY = {
    READ: {Role.READ, Role.WRITE, Role.OWNER},
    WRITE: {Role.WRITE, Role.OWNER},
    OWNER: {Role.OWNER},
}

NEEDED: dict[str, str] = {
    "sign-in": ANYBODY,
    "support-access": ANYBODY,
    "support-access-over": ANYBODY,
    "home": READ,
    "expected": READ,
    "instances": READ,
    "instance": READ,
    "assign": WRITE,
    "clients": READ,
    "client": READ,
    "client-new": WRITE,
    "client-change": WRITE,
    "client-close": WRITE,
    "client-person-add": WRITE,
    "client-person-remove": WRITE,
    "plans": READ,
    "plan": READ,
    "plan-new": WRITE,
    "plan-change": WRITE,
    "plan-price": WRITE,
    "plan-fee-add": WRITE,
    "plan-archive": WRITE,
    "plan-grant": WRITE,
    "plan-withdraw": WRITE,
    "dedicated-environments": READ,
    "dedicated-environment": READ,
    "margin": READ,
    "margin-months": READ,
    "margin-csv": READ,
    "settings": OWNER,
    "billing-settings": OWNER,
    "members": READ,
    "member-new": OWNER,
    "member-role": OWNER,
    "member-remove": OWNER,
    "platform-statements": READ,
    "platform-statement": READ,
    "platform-statement-pdf": READ,
    "platform-statement-csv": READ,
    "statements": READ,
    "statement": READ,
    "statement-pdf": READ,
    "statement-csv": READ,
    "payment": READ,
    "card-add": WRITE,
    "card-added": WRITE,
    "card-chosen": WRITE,
    "card-removed": WRITE,
    "payment-notice-dismissed": WRITE,
    "ledger": READ,
    "ledger-csv": READ,
    "platform-credit-note-pdf": READ,
    "collections": READ,
    "collection": READ,
    "collection-action": WRITE,
    "credit-note-pdf": READ,
    "client-payments": READ,
    "client-payment-action": WRITE,
    "client-ledger": READ,
    "client-ledger-csv": READ,
    "notices": READ,
    "stripe": READ,
    "stripe-connect": OWNER,
    "stripe-connected": OWNER,
}
"""What each page asks for, by its URL name."""


def member_of(user: Any) -> SellerMember | None:
    """The person of this Seller that ``user`` is, or ``None``; asked of the database once for each user object.

    Staff that look at the Partner's pages (``web.looking``) count as a member who may read.
    """
    if is_platform():
        return None
    if not hasattr(user, "_billing_member"):
        if not user.is_authenticated or not user.is_active:
            return None
        user._billing_member = SellerMember.objects.filter(user_id=user.pk).first()
    return user._billing_member


def may(user: Any, needed: str) -> bool:
    """Whether ``user`` may do what pages that need ``needed`` do."""
    member = member_of(user)
    return member is not None and member.role in ROLES_THAT_MAY[needed]


def guard(page: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The decorator that lets only those in who may open the page called ``page``."""
    if page not in NEEDED:
        raise ImproperlyConfigured(f"Say in web/portal/access.py who may open the page {page!r}.")
    needed = NEEDED[page]

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_platform():
                raise Http404("The Billing section stands on Partners' hosts.")
            if needed != ANYBODY:
                if not request.user.is_authenticated and support_access_of(request) is None:
                    return redirect_to_login(request.get_full_path(), reverse("billing:sign-in"))
                if not may(request.user, needed):
                    return _refuse(request, needed)
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True, no_store=True)
            return response

        return guarded

    return decorate


def _refuse(request: HttpRequest, needed: str) -> HttpResponse:
    """Say why the page does not open, and who can help."""
    context = {
        "seller": SellerSettings.objects.get(),
        "member": member_of(request.user),
        "needs_owner": needed == OWNER,
    }
    return render(request, "pos_billing/portal/refused.html", context, status=403)
