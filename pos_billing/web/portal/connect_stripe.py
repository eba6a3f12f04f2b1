"""Connecting a Partner's own Stripe account, by which it charges its clients."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pos_billing.collection.stripe.api import account_read
from pos_billing.collection.stripe.connect import account_seen, connected_account, seller_connect
from pos_billing.collection.stripe.values import StripeRefused, StripeUnreachable
from pos_billing.facts.errors import Refused
from pos_billing.web.shared.forms import who
from pos_billing.web.shared.page import page
from pos_billing.web.shared.payment_cards import NO_ANSWER


@require_safe
def stripe(request: HttpRequest) -> HttpResponse:
    """Whether an account is connected, and what is missing."""
    return page(
        request, "pos_billing/portal/payment/stripe.html", connected=connected_account(),
        crumbs=[("Billing", reverse("billing:home")), ("Charging cards", None)],
    )  # fmt: skip


@require_POST
def stripe_connect(request: HttpRequest) -> HttpResponse:
    """Lead to Stripe, where the account is made or completed."""
    try:
        link = seller_connect(
            return_url=request.build_absolute_uri(reverse("billing:stripe-connected")),
            refresh_url=request.build_absolute_uri(reverse("billing:stripe")), by=who(request),
            why="Connected on the page for charging cards",
        )  # fmt: skip
    except StripeUnreachable:
        messages.error(request, NO_ANSWER)
    except (StripeRefused, Refused) as refused:
        messages.error(request, str(refused))
    else:
        return redirect(link)
    return redirect("billing:stripe")


@require_safe
def stripe_connected(request: HttpRequest) -> HttpResponse:
    """Where Stripe leads back to: ask it how the account stands."""
    connected = connected_account()
    if connected is not None:
        try:
            account_seen(account_read(connected.account_id), by=who(request), why="Back from Stripe")
        except (StripeUnreachable, StripeRefused):
            messages.warning(request, NO_ANSWER)
    return redirect("billing:stripe")
