"""Looking at a Partner's pages as the Partner sees them, and who has done so."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_tenants.utils import get_tenant_domain_model

from pos_billing.web.looking.commands import look_ask as ask
from pos_billing.web.looking.models import StaffLook
from pos_billing.web.staff.page import page
from pos_billing.web.staff.sellers import seller_name

LOOKS_SHOWN = 25


class LookForm(forms.Form):
    """Why somebody wants to look."""

    why = forms.CharField(
        label="Why", max_length=500, help_text="For example the number of the support ticket. It is kept."
    )


@require_http_methods(["GET", "HEAD", "POST"])
def look_ask(request: HttpRequest, seller: str) -> HttpResponse:
    """Ask why, then open the Partner's host with a ticket that works once."""
    name = seller_name(seller)
    host = get_tenant_domain_model().objects.filter(tenant__schema_name=seller, is_primary=True).first()
    if seller == "public" or host is None:
        raise Http404("Only a Partner's pages can be looked at.")
    form = LookForm(request.POST or None)
    if form.is_valid():
        by = request.user.get_username()
        ticket = ask(partner_schema=seller, by=by, why=form.cleaned_data["why"], now=timezone.now())
        port = f":{request.get_port()}" if request.get_port() not in ("80", "443") else ""
        path = reverse("billing:look", urlconf=settings.ROOT_URLCONF)
        return redirect(f"{request.scheme}://{host.domain}{port}{path}?{urlencode({'ticket': ticket})}")
    looks = StaffLook.objects.filter(partner_schema=seller).annotate(page_count=Count("pages"))[:LOOKS_SHOWN]
    return page(
        request, "pos_billing/staff/look_ask.html", form=form, host=host.domain, looks=looks, seller_schema=seller,
        seller_name=name, tab="look", status=422 if form.errors else 200,
        crumbs=[("Sellers", reverse("billing_staff:sellers")), (name, None)],
    )
