"""Adding, choosing and removing a card, the same for a Partner at the platform and a client at its Partner.

Each works in the schema of the Seller that charges, and leaves a message for whoever asked.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from djstripe.settings import djstripe_settings

from pos_billing.collection.cards.stored_cards import card_choose, card_remove, card_setup_begin, card_setup_finish
from pos_billing.collection.models import Card, CardSetup
from pos_billing.collection.money.queries import open_statements
from pos_billing.collection.stripe.values import StripeRefused, StripeUnreachable
from pos_billing.conf import setting
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Account
from pos_billing.web.shared.payment_access import person

NO_ANSWER = "Stripe does not answer at this moment. Nothing was changed; please try again in a minute."


def begin(request: HttpRequest, account: Account, return_path: str) -> dict[str, Any] | None:
    """What the page with Stripe's card field needs; ``None`` when there is none now, and a message says why."""
    try:
        setup = card_setup_begin(account, by=person(request))
    except StripeUnreachable:
        messages.error(request, NO_ANSWER)
        return None
    except Refused as refused:
        messages.error(request, refused.text)
        return None
    return {
        "client_secret": setup.client_secret,
        "public_key": djstripe_settings.STRIPE_PUBLIC_KEY,
        "stripe_account": CardSetup.objects.get(setup_intent_id=setup.id).stripe_account,
        "stripe_js": setting("STRIPE_JS_URL"),
        "return_url": request.build_absolute_uri(return_path),
    }


def finish(request: HttpRequest, setup: CardSetup) -> None:
    """Back from Stripe's field. The browser says which card it was; Stripe says whether it is one."""
    try:
        card = card_setup_finish(setup, by=person(request))
    except StripeUnreachable:
        messages.error(request, NO_ANSWER)
        return
    if card is not None:
        after = " What is due will be charged to it." if open_statements(setup.account).exists() else ""
        messages.success(request, f"{card} was added. It is the card your statements are charged to.{after}")
    else:
        problem = CardSetup.objects.get(pk=setup.pk).problem
        messages.error(request, f"No card was added. {problem or 'Please try again.'}")


def choose(request: HttpRequest, card: Card) -> None:
    """Charge another card from now on."""
    try:
        card_choose(card, by=person(request), why="Chosen on the payment page")
    except Refused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, f"Your statements are charged to {card} from now on.")


def remove(request: HttpRequest, card: Card) -> None:
    """Take a card off."""
    try:
        card_remove(card, by=person(request), why="Removed on the payment page")
    except Refused as refused:
        messages.error(request, refused.text)
    except (StripeUnreachable, StripeRefused):
        messages.warning(request, f"{card} is not charged any more. Stripe will be told of it later.")
    else:
        messages.success(request, f"{card} was removed.")
