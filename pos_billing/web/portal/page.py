"""The frame of every page of the Billing section."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.core.loading import get_class

from pos_billing.plans.models import SellerSettings
from pos_billing.web.portal.access import OWNER, WRITE, may
from pos_billing.web.portal.navigation import menu


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render ``template`` with what the frame around it needs: the Seller, the menu, what the user may do."""
    get_nodes = get_class("dashboard.menu", "get_nodes")
    shop = [node for node in get_nodes(request.user) if node.label != "Billing"]
    frame = {
        "seller": SellerSettings.objects.get(),
        "menu": menu(request),
        "shop_menu": shop,
        "may_write": may(request.user, WRITE),
        "may_own": may(request.user, OWNER),
    }
    return render(request, template, {**frame, **context}, status=status)
