"""The events our endpoints ask Stripe for, and what comes before any of them is worked on."""

from collections.abc import Mapping
from typing import Any

from djstripe.models import Account, PaymentIntent

from pos_billing.collection.locking import one_at_a_time
from pos_billing.collection.stripe.djstripe_patches import work_for
from pos_billing.collection.stripe.objects import id_of

EVENTS = (
    "account.application.deauthorized",
    "account.updated",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.voided",
    "payment_method.attached",
    "payment_method.automatically_updated",
    "payment_method.detached",
    "payment_method.updated",
    "refund.created",
    "refund.failed",
    "refund.updated",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
)
"""What our endpoints ask Stripe for, and nothing more: dj-stripe reads every object again."""


def begin_event(body: Mapping[str, Any]) -> None:
    """What must be done before an event is worked on, in the transaction that does it."""
    account_id = id_of(body.get("account"))
    work_for(account_id)
    if body["type"] == "account.application.deauthorized":
        # dj-stripe would ask Stripe about an account it does not know, and Stripe no longer answers.
        Account.objects.get_or_create(id=account_id, defaults={"livemode": body.get("livemode")})
    said = body["data"]["object"]
    for name in (_customer_of(body), str(said.get("id") or body["id"])):
        if name:
            one_at_a_time(name)


def _customer_of(body: Mapping[str, Any]) -> str:
    """The Stripe customer an event is about, if it says or leads to one: dj-stripe writes its rows in any order."""
    said = body["data"]["object"]
    before = body["data"].get("previous_attributes") or {}
    named = id_of(said.get("customer")) or id_of(before.get("customer"))
    if named or not said.get("payment_intent"):
        return named
    payment = PaymentIntent.objects.filter(id=id_of(said["payment_intent"])).first()
    return id_of(payment.stripe_data.get("customer")) if payment else ""
