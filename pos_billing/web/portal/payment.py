"""The "Payment" page: cards, what is to be paid, and what was. Card numbers go to Stripe's own field, never here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from djstripe.settings import djstripe_settings

from pos_billing.collection.cards import card_choose, card_remove, card_setup_begin, card_setup_finish
from pos_billing.collection.models import Card, CardSetup, Notice, Payment
from pos_billing.collection.notice_words import words_of
from pos_billing.collection.notices import notice_dismiss
from pos_billing.collection.queries import credit_of, open_statements, standing_of
from pos_billing.collection.state import state_of
from pos_billing.collection.values import StripeRefused, StripeUnreachable
from pos_billing.conf import setting
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Account, CollectionMethod, SellerSettings
from pos_billing.web.portal.page import page
from pos_billing.web.portal.payment_desk import person, seller_day, to_platform

SHOWN = 25
NO_ANSWER = "Stripe does not answer at this moment. Nothing was changed; please try again in a minute."
PILLS = {"paid": "good", "due": "info", "past_due": "bad", "disputed": "bad", "uncollectible": "bad"}


@require_safe
def payment(request: HttpRequest) -> HttpResponse:
    """Cards, open statements and the latest payments."""
    with to_platform(request).open() as account:
        context = payment_context(account)
    return page(request, "pos_billing/portal/payment/payment.html", **context, crumbs=_crumbs())


def payment_context(account: Account) -> dict[str, Any]:
    """What the page shows, as plain values: it is rendered in another schema."""
    day = seller_day()
    unpaid = list(open_statements(account).select_related("collection"))
    payments = Payment.objects.filter(account=account).prefetch_related("allocations__statement", "refunds")
    return {
        "cards": list(Card.objects.filter(account=account, removed_at=None)),
        "by_card": account.collection_method == CollectionMethod.CARD,
        "currency": SellerSettings.objects.get().currency,
        "owed": sum(row.outstanding for row in unpaid),  # type: ignore[attr-defined]
        "credit": credit_of(account),
        "unpaid": [_unpaid(row, day) for row in unpaid],
        "payments": [_paid(row) for row in payments[:SHOWN]],
        "notices": [
            {"id": notice.pk, "words": words_of(notice), "day": notice.made_on, "link": notice.about.get("hosted_url")}
            for notice in Notice.objects.filter(account=account, dismissed_at=None)[:SHOWN]
            if words_of(notice).grave
        ],
    }


def _unpaid(statement: Any, day: Any) -> dict[str, Any]:
    state = state_of(standing_of(statement), day)
    collection = getattr(statement, "collection", None)
    confirm = bool(collection and collection.action_required)
    return {
        "id": statement.pk,
        "number": statement.number,
        "due_on": statement.due_on,
        "cents": statement.outstanding,
        "state": state.label,
        "pill": PILLS.get(state, ""),
        "confirm_url": collection.hosted_invoice_url if collection and confirm else "",
        "problem": collection.decline_message if collection and not confirm else "",
        "next_on": collection.next_attempt_on if collection and collection.declines else None,
    }


def _paid(row: Payment) -> dict[str, Any]:
    numbers = [a.statement.number for a in row.allocations.all() if a.statement and a.reversal_id is None]
    given_back = sum(refund.cents for refund in row.refunds.all() if refund.status != "failed")
    return {
        "day": row.received_on, "cents": row.cents, "how": row.card or row.get_kind_display(),
        "for": ", ".join(numbers) or "Credit", "given_back": given_back,
    }


@require_POST
def card_add(request: HttpRequest) -> HttpResponse:
    """The page with Stripe's card field."""
    try:
        with to_platform(request).open() as account:
            setup = card_setup_begin(account, by=person(request))
            stripe_account = CardSetup.objects.get(setup_intent_id=setup.id).stripe_account
    except StripeUnreachable:
        messages.error(request, NO_ANSWER)
        return redirect("billing:payment")
    except Refused as refused:
        messages.error(request, refused.text)
        return redirect("billing:payment")
    crumbs = [*_crumbs()[:-1], ("Payment", reverse("billing:payment")), ("Add a card", None)]
    return page(
        request, "pos_billing/portal/payment/card_add.html", crumbs=crumbs, client_secret=setup.client_secret,
        public_key=djstripe_settings.STRIPE_PUBLIC_KEY, stripe_account=stripe_account,
        stripe_js=setting("STRIPE_JS_URL"), return_url=request.build_absolute_uri(reverse("billing:card-added")),
    )


@require_safe
def card_added(request: HttpRequest) -> HttpResponse:
    """Where Stripe's field leads back to. The browser says which card it was; Stripe says whether it is one."""
    wanted = request.GET.get("setup_intent", "")
    try:
        with to_platform(request).open() as account:
            setup = get_object_or_404(CardSetup, setup_intent_id=wanted, account=account)
            card = card_setup_finish(setup, by=person(request))
            problem = CardSetup.objects.get(pk=setup.pk).problem
            waiting = open_statements(account).exists()
    except StripeUnreachable:
        messages.error(request, NO_ANSWER)
        return redirect("billing:payment")
    if card is not None:
        after = " What is due will be charged to it." if waiting else ""
        messages.success(request, f"{card} was added. It is the card your statements are charged to.{after}")
    else:
        messages.error(request, f"No card was added. {problem or 'Please try again.'}")
    return redirect("billing:payment")


@require_POST
def card_chosen(request: HttpRequest, card: int) -> HttpResponse:
    """Charge another card from now on."""
    with to_platform(request).open() as account:
        chosen = get_object_or_404(Card, pk=card, account=account)
        try:
            card_choose(chosen, by=person(request), why="Chosen on the payment page")
        except Refused as refused:
            messages.error(request, refused.text)
        else:
            messages.success(request, f"Your statements are charged to {chosen} from now on.")
    return redirect("billing:payment")


@require_POST
def card_removed(request: HttpRequest, card: int) -> HttpResponse:
    """Take a card off."""
    with to_platform(request).open() as account:
        chosen = get_object_or_404(Card, pk=card, account=account)
        try:
            card_remove(chosen, by=person(request), why="Removed on the payment page")
        except Refused as refused:
            messages.error(request, refused.text)
        except (StripeUnreachable, StripeRefused):
            messages.warning(request, f"{chosen} is not charged any more. Stripe will be told of it later.")
        else:
            messages.success(request, f"{chosen} was removed.")
    return redirect("billing:payment")


@require_POST
def notice_dismissed(request: HttpRequest, notice: int) -> HttpResponse:
    """Put a notice away."""
    with to_platform(request).open() as account:
        notice_dismiss(get_object_or_404(Notice, pk=notice, account=account))
    return redirect("billing:payment")


def _crumbs() -> list[tuple[str, str | None]]:
    return [("Billing", reverse("billing:home")), ("Payment", None)]
