"""The frame of every page of the Billing section and of the platform's staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.core.loading import get_class

from pos_billing.plans.models import SellerSettings
from pos_billing.web.frame import PARTNER, audience_of
from pos_billing.web.mounting import menu


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render ``template`` with what the frame around it needs: audience, Seller, menu, what the visitor may do."""
    audience = audience_of(request)
    frame = {
        "audience": audience,
        "seller": SellerSettings.objects.get(),
        "menu": menu(request),
        "may_write": audience.may(request.user, audience.to_change),
        "may_own": audience.may(request.user, audience.to_own),
    }
    if audience is PARTNER:
        get_nodes = get_class("dashboard.menu", "get_nodes")
        frame["shop_menu"] = [node for node in get_nodes(request.user) if node.label != "Billing"]
    return render(request, template, {**frame, **context}, status=status)
