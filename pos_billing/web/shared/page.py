"""The frame of every page of the Billing section."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oscar.core.loading import get_class

from pos_billing.plans.models import SellerSettings
from pos_billing.sellers.schemas import is_platform
from pos_billing.web.portal.access import OWNER, WRITE, may
from pos_billing.web.portal.navigation import menu
from pos_billing.web.staff import page as staff_page


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render ``template`` with what the frame around it needs: the Seller, the menu, what the user may do.

    On the platform the frame is that of its staff; templates know it by ``on_platform``.
    """
    if is_platform():
        return staff_page.page(request, template, status=status, on_platform=True, **context)
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
