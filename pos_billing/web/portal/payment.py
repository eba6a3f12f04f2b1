"""The "Payment" page: cards, what is to be paid, and what was. Card numbers go to Stripe's own field, never here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pos_billing.collection.models import Card, CardSetup
from pos_billing.notices.commands import notice_dismiss
from pos_billing.notices.models import Notice
from pos_billing.web.shared import payment_cards
from pos_billing.web.shared.page import page
from pos_billing.web.shared.payment_access import to_platform
from pos_billing.web.shared.payment_context import payment_context


@require_safe
def payment(request: HttpRequest) -> HttpResponse:
    """Cards, open statements and the latest payments."""
    with to_platform(request).open() as account:
        context = payment_context(account)
    return page(request, "pos_billing/portal/payment/payment.html", **context, crumbs=_crumbs())


@require_POST
def card_add(request: HttpRequest) -> HttpResponse:
    """The page with Stripe's card field."""
    with to_platform(request).open() as account:
        context = payment_cards.begin(request, account, reverse("billing:card-added"))
    if context is None:
        return redirect("billing:payment")
    crumbs = [*_crumbs()[:-1], ("Payment", reverse("billing:payment")), ("Add a card", None)]
    return page(request, "pos_billing/portal/payment/card_add.html", crumbs=crumbs, **context)


@require_safe
def card_added(request: HttpRequest) -> HttpResponse:
    """Where Stripe's field leads back to."""
    wanted = request.GET.get("setup_intent", "")
    with to_platform(request).open() as account:
        payment_cards.finish(request, get_object_or_404(CardSetup, setup_intent_id=wanted, account=account))
    return redirect("billing:payment")


@require_POST
def card_chosen(request: HttpRequest, card: int) -> HttpResponse:
    """Charge another card from now on."""
    with to_platform(request).open() as account:
        payment_cards.choose(request, get_object_or_404(Card, pk=card, account=account))
    return redirect("billing:payment")


@require_POST
def card_removed(request: HttpRequest, card: int) -> HttpResponse:
    """Take a card off."""
    with to_platform(request).open() as account:
        payment_cards.remove(request, get_object_or_404(Card, pk=card, account=account))
    return redirect("billing:payment")


@require_POST
def notice_dismissed(request: HttpRequest, notice: int) -> HttpResponse:
    """Put a notice away."""
    with to_platform(request).open() as account:
        notice_dismiss(get_object_or_404(Notice, pk=notice, account=account))
    return redirect("billing:payment")


def _crumbs() -> list[tuple[str, str | None]]:
    return [("Billing", reverse("billing:home")), ("Payment", None)]
