"""Webhooks that arrive together: all events of one invoice and one card at once, again and again."""

from __future__ import annotations

import stripe
from djstripe.models import Event

from example_site.stripe_double.accounts import SECRET_KEY
from pos_billing.collection.models import Card, Collection, Payment
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.stripe import api as stripe_api
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, GOOD, LAUNCH, CollectionScenario

AT_LEAST, AT_ONCE = 200, 12


def test_all_events_of_an_invoice_and_a_card_at_once(collecting: CollectionScenario) -> None:
    """Each answer is a 200, however the events come: no two transactions wait for each other in a circle."""
    client = stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": collecting.double.base_url}, stripe_version=stripe_api.API_VERSION
    ).v1
    collecting.control.settings(concurrency=AT_ONCE)
    collecting.seed_instance()
    collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    collecting.card(DECLINES)
    assert collecting.collect().results == {"declined": 1}
    collection = Collection.objects.get()
    collecting.control.settings(paused=True)
    card = collecting.control.add_card(collection.customer_id, GOOD)
    client.invoices.pay(collection.invoice_id, {"payment_method": card["id"]})
    collecting.control.change_card(card["id"], exp_month=5, exp_year=2033)
    collecting.control.settings(paused=False)
    collecting.control.drain()
    events = list(dict.fromkeys(delivery["event"] for delivery in collecting.control.deliveries()))
    sent = len(events)
    while sent < AT_LEAST:
        collecting.control.settings(paused=True)
        Event.objects.all().delete()  # as if none had been taken yet
        for event in events if sent % 2 else reversed(events):
            collecting.control.resend(event)
        collecting.control.settings(paused=False)
        collecting.control.drain()
        sent += len(events)
    answers = [try_["status"] for delivery in collecting.control.deliveries() for try_ in delivery["attempts"]]
    assert len(answers) >= AT_LEAST
    assert set(answers) == {200}
    assert [payment.cents for payment in Payment.objects.all()] == [18097]  # 70.97 of December and 110.00 of January
    assert Card.objects.get(payment_method_id=card["id"]).is_default
    assert check_ledger(collecting.account) == 0
