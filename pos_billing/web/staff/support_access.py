"""Looking at a Partner's pages as the Partner sees them, and who has done so."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_tenants.utils import get_tenant_domain_model

from pos_billing.facts import clock
from pos_billing.web.shared.page import page
from pos_billing.web.staff.sellers import seller_name
from pos_billing.web.support_access.commands import support_access_ask as ask
from pos_billing.web.support_access.models import SupportAccess

LOOKS_SHOWN = 25


class SupportAccessForm(forms.Form):
    """Why somebody wants to look."""

    why = forms.CharField(
        label="Why", max_length=500, help_text="For example the number of the support ticket. It is kept."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def support_access_ask(request: HttpRequest, seller: str) -> HttpResponse:
    """Ask why, then open the Partner's host with a ticket that works once."""
    name = seller_name(seller)
    host = get_tenant_domain_model().objects.filter(tenant__schema_name=seller, is_primary=True).first()
    if seller == "public" or host is None:
        raise Http404("Only a Partner's pages can be looked at.")
    form = SupportAccessForm(request.POST or None)
    if form.is_valid():
        by = request.user.get_username()
        ticket = ask(partner_schema=seller, by=by, why=form.cleaned_data["why"], now=clock.now())
        port = f":{request.get_port()}" if request.get_port() not in ("80", "443") else ""
        path = reverse("billing:support-access", urlconf=settings.ROOT_URLCONF)
        return redirect(f"{request.scheme}://{host.domain}{port}{path}?{urlencode({'ticket': ticket})}")
    looks = SupportAccess.objects.filter(partner_schema=seller).annotate(page_count=Count("pages"))[:LOOKS_SHOWN]
    return page(
        request,
        "pos_billing/staff/support_access_ask.html",
        form=form,
        host=host.domain,
        looks=looks,
        seller_schema=seller,
        seller_name=name,
        tab="support-access",
        status=422 if form.errors else 200,
        crumbs=[("Sellers", reverse("billing_staff:sellers")), (name, None)],
    )
