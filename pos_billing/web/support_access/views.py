"""Opening and ending a look on the Partner's host."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import SellerSettings
from pos_billing.web.support_access.commands import support_access_end, support_access_open
from pos_billing.web.support_access.session import SESSION_KEY


@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """Use the ticket of the link. Whoever was signed in on this host in this browser is signed out first."""
    try:
        opened = support_access_open(
            partner_schema=request.tenant.schema_name, ticket=request.GET.get("ticket", ""), now=clock.now()
        )
    except Refused as refused:
        context = {"seller": SellerSettings.objects.get(), "message": refused.text}
        return render(request, "pos_billing/support_access/refused.html", context, status=403)
    logout(request)
    request.session[SESSION_KEY] = opened
    request.session.set_expiry(0)
    return redirect("billing:home")


@require_POST
def support_access_over(request: HttpRequest) -> HttpResponse:
    """End the look of this session."""
    opened = request.session.pop(SESSION_KEY, None)
    if opened is not None:
        support_access_end(opened, now=clock.now())
    return render(request, "pos_billing/support_access/over.html", {"seller": SellerSettings.objects.get()})
