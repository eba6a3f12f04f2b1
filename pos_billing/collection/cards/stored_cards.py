"""Verbs: an Account's cards. The numbers are typed into Stripe's own field and never reach us."""

import uuid

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Card, CardSetup, Collection
from pos_billing.collection.money.queries import open_statements
from pos_billing.collection.signals import card_added
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.connect import stripe_account as own_stripe_account
from pos_billing.collection.stripe.customers import customer_of
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import SeenCard, SeenSetup
from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Account, CollectionMethod

SUCCEEDED = "succeeded"


def card_setup_begin(account: Account, *, by: str) -> SeenSetup:
    """Begin to add a card; the browser gets the result's ``client_secret``. Raises ``NoStripeAccount``."""
    stripe_account = own_stripe_account()
    customer = customer_of(account, stripe_account)
    seen = stripe_api.setup_create(
        customer,
        metadata=keys.customer_metadata(owner(), account.pk),
        key=str(uuid.uuid4()),
        stripe_account=stripe_account,
    )
    CardSetup.objects.create(
        account=account, stripe_account=stripe_account, setup_intent_id=seen.id, status=seen.status, by=by
    )
    return seen


def card_setup_finish(setup: CardSetup, *, by: str) -> Card | None:
    """Ask Stripe how adding a card went. The new card is the one that is charged from now on; ``None``: no card yet.

    Safe to repeat, and done by the page as well as by Stripe's webhook, whichever comes first.
    """
    seen = stripe_api.setup_read(setup.setup_intent_id, stripe_account=setup.stripe_account)
    with recorded("card_setup_finish", by=by, why=f"Stripe says {seen.id} is {seen.status}"):
        CardSetup.objects.filter(pk=setup.pk).update(status=seen.status, problem=seen.problem[:500])
        if seen.status != SUCCEEDED or seen.card is None:
            return None
        return card_take(setup.account, seen.card, stripe_account=setup.stripe_account, by=by)


def card_take(account: Account, seen: SeenCard, *, stripe_account: str, by: str) -> Card:
    """A card is there to be charged: keep it, and charge it from now on.

    The Account is collected from by card from now on, and statements that wait for a card are collected again at once.
    """
    with recorded("card_take", by=by, why=f"{seen.brand} {seen.last_four} was added"):
        account = lock_money(account.pk)
        known = Card.objects.filter(payment_method_id=seen.payment_method_id).first()
        if known is not None:
            return known
        Card.objects.filter(account=account, is_default=True).update(is_default=False)
        card = Card.objects.create(
            account=account,
            stripe_account=stripe_account,
            payment_method_id=seen.payment_method_id,
            brand=seen.brand,
            last_four=seen.last_four,
            exp_month=seen.exp_month,
            exp_year=seen.exp_year,
            is_default=True,
        )
        if account.collection_method != CollectionMethod.CARD:
            Account.objects.filter(pk=account.pk).update(collection_method=CollectionMethod.CARD)
        _collect_again(account)
    return card


def card_choose(card: Card, *, by: str, why: str) -> None:
    """Charge this card from now on. Raises ``Refused`` for a removed one."""
    with recorded("card_choose", by=by, why=why):
        lock_money(card.account_id, cards=[card.pk])
        card.refresh_from_db()
        if card.removed_at is not None:
            raise Refused("card", "This card was removed. Add it again to use it.", code="card_removed")
        if not card.is_default:
            Card.objects.filter(account_id=card.account_id, is_default=True).update(is_default=False)
            Card.objects.filter(pk=card.pk).update(is_default=True)
            _collect_again(card.account)


def card_remove(card: Card, *, by: str, why: str) -> None:
    """Take a card off the Account, here and at Stripe.

    Raises ``Refused`` for the last card while money is due.
    """
    with recorded("card_remove", by=by, why=why):
        lock_money(card.account_id, cards=[card.pk])
        others = Card.objects.filter(account_id=card.account_id, removed_at=None).exclude(pk=card.pk)
        if not others.exists() and open_statements(card.account).exists():
            raise Refused(
                "card",
                "This is the only card, and statements are still to be paid. Add another one first.",
                code="last_card_needed",
            )
        card_gone(card.payment_method_id, by=by)
    stripe_api.card_detach(card.payment_method_id, stripe_account=card.stripe_account)


def card_gone(payment_method_id: str, *, by: str) -> None:
    """A card can no longer be charged: its owner, the bank or Stripe took it away. The newest other one is charged."""
    with recorded("card_gone", by=by, why=f"{payment_method_id} was removed"):
        card = Card.objects.filter(payment_method_id=payment_method_id, removed_at=None).first()
        if card is None:
            return
        lock_money(card.account_id, cards=[card.pk])
        card.refresh_from_db()
        if card.removed_at is not None:
            return
        Card.objects.filter(pk=card.pk).update(removed_at=clock.now(), is_default=False)
        if card.is_default:
            next_card = Card.objects.filter(account_id=card.account_id, removed_at=None).order_by("-pk").first()
            if next_card is not None:
                Card.objects.filter(pk=next_card.pk).update(is_default=True)


def card_changed(seen: SeenCard, *, by: str) -> None:
    """Banks renew cards by themselves: take over the new expiry and number."""
    with recorded("card_changed", by=by, why=f"Stripe reports {seen.brand} {seen.last_four}"):
        card = Card.objects.filter(payment_method_id=seen.payment_method_id).first()
        if card is None:
            return
        lock_money(card.account_id, cards=[card.pk])
        Card.objects.filter(pk=card.pk).update(
            brand=seen.brand, last_four=seen.last_four, exp_month=seen.exp_month, exp_year=seen.exp_year
        )


def _collect_again(account: Account) -> None:
    """Statements that the card before could not pay get a new chance: their dunning begins anew."""
    statements = list(open_statements(account).values_list("pk", flat=True))
    collections = Collection.objects.filter(statement__in=statements).order_by("pk")
    lock_money(account.pk, collections=collections.values_list("pk", flat=True))
    for collection in collections:
        if collection.last_attempt_on is not None:
            collection.next_attempt_on = collection.last_attempt_on
        collection.hard_declined = False
        collection.declines = 0
        collection.save(update_fields=["next_attempt_on", "hard_declined", "declines"])
    card_added.send(sender=Card, account=account, statement_ids=statements)
