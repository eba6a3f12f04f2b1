"""Signing in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from oscar.core.loading import get_class

from pos_billing.plans.models import SellerSettings


def sign_in(request: HttpRequest) -> HttpResponse:
    """Oscar's dashboard sign-in with the Seller's name on it; leads to the page that was asked for."""
    view = get_class("dashboard.views", "LoginView").as_view(
        template_name="pos_billing/portal/sign_in.html",
        next_page=reverse_lazy("billing:home"),
        redirect_authenticated_user=True,
        extra_context={"seller": SellerSettings.objects.get()},
    )
    return view(request)
