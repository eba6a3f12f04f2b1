"""What Stripe tells us, through dj-stripe's endpoints: stored first, checked, worked on in one transaction.

An event only says where to look. Handlers may run twice, late, and in any order: what they write is keyed by Stripe's
ids, and nothing that is paid becomes unpaid. An exception answers 500, and Stripe sends the event again.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.dispatch import receiver
from djstripe.event_handlers import djstripe_receiver as untyped_receiver
from djstripe.signals import (
    webhook_post_process,
    webhook_pre_process,
    webhook_pre_validate,
    webhook_processing_error,
)

from pos_billing.collection.cards.closed_invoices import invoice_closed
from pos_billing.collection.cards.disputes import dispute_seen
from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.cards.stored_cards import card_changed, card_gone, card_setup_finish, card_take
from pos_billing.collection.models import Card, CardSetup, Collection, Payment, Refund
from pos_billing.collection.money.refunds import refund_made_elsewhere, refund_seen, refunds_seen
from pos_billing.collection.signals import collection_wanted
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.connect import account_deauthorised, account_seen, schema_of_account
from pos_billing.collection.stripe.customers import account_of_customer
from pos_billing.collection.stripe.djstripe_patches import work_for
from pos_billing.collection.stripe.events import begin_event
from pos_billing.collection.stripe.installation import installation_token, owner
from pos_billing.collection.stripe.keys import Owner
from pos_billing.collection.stripe.objects import card_of, dispute_of, id_of, refund_of
from pos_billing.plans.models import SellerSettings
from pos_billing.sellers.schemas import in_seller

log = logging.getLogger(__name__)
BY = "Stripe"


@receiver(webhook_pre_validate)
def _always_check_the_signature(sender: Any, instance: Any, **kwargs: Any) -> None:
    """No header and no row of the database switches the check of signatures off."""
    instance.headers = {k: v for k, v in instance.headers.items() if k.lower() != "x-djstripe-webhook-secret"}
    instance.webhook_endpoint.djstripe_validation_method = "verify_signature"


@receiver(webhook_pre_process)
def _begin(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Wait for other events of the same object, and work for the account the event comes from."""
    begin_event(instance.json_body)


@receiver(webhook_post_process)
@receiver(webhook_processing_error)
def _end(sender: Any, **kwargs: Any) -> None:
    work_for("")


@contextmanager
def _seller_of(event: Any) -> Iterator[tuple[Mapping[str, Any], date] | None]:
    """Enter the schema the event belongs to; gives the object and the day, or ``None`` when it is nobody's.

    Whose it is is said by the account it came from; metadata that says otherwise is a mistake of somebody's, and is
    not followed.
    """
    said = event.data["object"]
    schema = schema_of_account(id_of(event.stripe_data.get("account")))
    metadata = said.get("metadata")
    if schema is None or keys.is_foreign(metadata, Owner(installation_token(), schema)):
        log.warning("Event %s (%s) is no Seller's here: schema %s, metadata %s", event.id, event.type, schema, metadata)
        yield None
        return
    with in_seller(schema):
        zone = ZoneInfo(SellerSettings.objects.get().time_zone)
        yield said, datetime.fromtimestamp(event.stripe_data["created"], zone).date()


def _collection(invoice_id: str) -> Collection | None:
    return Collection.objects.filter(invoice_id=invoice_id).select_related("statement__account").first()


Handler = Callable[..., None]
djstripe_receiver: Callable[[list[str]], Callable[[Handler], Handler]] = untyped_receiver


@djstripe_receiver(["invoice.paid"])
def on_invoice_paid(sender: Any, event: Any, **kwargs: Any) -> None:
    """An invoice was paid: by us, or by its reader on Stripe's page."""
    with _seller_of(event) as told:
        collection = _collection_of(told)
        if told is None or collection is None:
            return
        if (collection.invoice_id, collection.invoice_status) == (told[0]["id"], "paid"):  # written with the payment
            return
        seen = stripe_api.invoice_read(told[0]["id"], stripe_account=collection.stripe_account)
        invoice_paid(collection, seen, on=told[1], by=BY)


def _collection_of(told: tuple[Mapping[str, Any], date] | None) -> Collection | None:
    """The collection of the statement that an invoice bears in its metadata, whatever its id; else by its id.

    So an invoice is found whose id a crash lost, and one that people made of it in Stripe's dashboard.
    """
    if told is None:
        return None
    said = told[0]
    found = _collection(said["id"])
    metadata = said.get("metadata") or {}
    if found is None and metadata.get(keys.STATEMENT) and owner().owns(metadata):
        rows = Collection.objects.filter(statement__number=metadata[keys.STATEMENT])
        found = rows.select_related("statement__account").first()
    return found


@djstripe_receiver(["invoice.payment_failed", "invoice.payment_action_required"])
def on_invoice_not_paid(sender: Any, event: Any, **kwargs: Any) -> None:
    """A try failed. Ours know it already, unless their answer was lost: then the collection finds it."""
    with _seller_of(event) as told:
        collection = _collection_of(told)
        if collection is not None and collection.attempts.filter(outcome="").exists():
            collection_wanted.send(sender=Collection, statement_ids=[collection.statement_id])


@djstripe_receiver(["invoice.voided", "invoice.marked_uncollectible"])
def on_invoice_closed(sender: Any, event: Any, **kwargs: Any) -> None:
    """Somebody closed an invoice in Stripe's dashboard: staff must say what to do."""
    with _seller_of(event) as told:
        collection = _collection_of(told)
        if told is None or collection is None or collection.invoice_id != told[0]["id"]:
            return
        invoice_closed(collection, told[0]["status"])


@djstripe_receiver(["refund.created", "refund.updated", "refund.failed"])
def on_refund(sender: Any, event: Any, **kwargs: Any) -> None:
    """Money goes back, or failed to: a refund of ours, or one from Stripe's dashboard."""
    with _seller_of(event) as told:
        if told is None:
            return
        seen = refund_of(told[0])
        named = keys.refund_named(seen.metadata, owner())
        ours = Refund.objects.filter(refund_id="", pk=named).first() if named is not None else None
        if ours is not None:
            refund_seen(ours, seen, by=BY)
            return
        if Refund.objects.filter(refund_id=seen.id).exists():
            refunds_seen(seen, by=BY)
            return
        payment = Payment.objects.filter(payment_intent_id=seen.payment_intent_id).first()
        if payment is not None:
            refund_made_elsewhere(payment, seen, on=told[1])


@djstripe_receiver(["charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"])
def on_dispute(sender: Any, event: Any, **kwargs: Any) -> None:
    """A bank questions a payment, or has decided."""
    with _seller_of(event) as told:
        if told is None:
            return
        seen = dispute_of(told[0])
        payment = Payment.objects.filter(payment_intent_id=seen.payment_intent_id).first()
        if payment is not None:
            dispute_seen(payment, seen, on=told[1], by=BY)


@djstripe_receiver(["setup_intent.succeeded", "setup_intent.setup_failed"])
def on_setup(sender: Any, event: Any, **kwargs: Any) -> None:
    """Somebody added a card, or could not."""
    with _seller_of(event) as told:
        setup = CardSetup.objects.filter(setup_intent_id=told[0]["id"]).first() if told else None
        if setup is not None:
            card_setup_finish(setup, by=BY)


@djstripe_receiver(
    [
        "payment_method.attached",
        "payment_method.updated",
        "payment_method.automatically_updated",
        "payment_method.detached",
    ]
)
def on_payment_method(sender: Any, event: Any, **kwargs: Any) -> None:
    """A card came, changed or went."""
    with _seller_of(event) as told:
        if told is None or told[0].get("type") != "card":
            return
        seen = card_of(told[0])
        known = Card.objects.filter(payment_method_id=seen.payment_method_id).first()
        if event.type == "payment_method.detached":
            card_gone(seen.payment_method_id, by=BY)
        elif known is not None:
            card_changed(stripe_api.card_read(seen.payment_method_id, stripe_account=known.stripe_account), by=BY)
        elif (account := account_of_customer(seen.customer_id)) is not None:
            card_take(account, seen, stripe_account=id_of(event.stripe_data.get("account")), by=BY)


@djstripe_receiver(["account.updated"])
def on_account(sender: Any, event: Any, **kwargs: Any) -> None:
    """Stripe's opinion of a connected account changed."""
    account_seen(stripe_api.account_read(event.data["object"]["id"]), by=BY, why="Stripe reports a change")


@djstripe_receiver(["account.application.deauthorized"])
def on_deauthorised(sender: Any, event: Any, **kwargs: Any) -> None:
    """A Partner took the platform's access to its Stripe account away."""
    account_deauthorised(id_of(event.stripe_data.get("account")), by=BY)
