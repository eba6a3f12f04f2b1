"""Webhooks as Stripe sends them: signed, doubled, late, out of order, forged, missed; and what reconciliation mends."""

from __future__ import annotations

import json
import threading
import time
from datetime import date

import httpx
import pytest
import stripe
from django.db import connection, transaction
from djstripe.models import Event, Invoice, WebhookEndpoint, WebhookEventTrigger

from pos_billing.collection.cards.controls import collection_retry
from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.locking import one_at_a_time
from pos_billing.collection.models import Card, Collection, CreditNote, Dispute, Payment, Refund
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.queries import credit_of, outstanding_of
from pos_billing.collection.money.refunds import payment_refund, refund_send
from pos_billing.collection.money.state import State
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe.events import EVENTS
from pos_billing.notices.models import Notice
from pos_billing.plugin import manifest
from tests.collection.collecting import GOOD, NEEDS_3DS

SAID = {"by": "finance@example.com", "why": "test"}


def reconcile(collecting):
    """Compare with Stripe today."""
    return reconcile_seller(as_of=collecting.day, by="tests")


def pay_at_stripe(collecting, client, statement) -> None:
    """The Partner pays on Stripe's hosted page, by another card."""
    collection = Collection.objects.get(statement=statement)
    card = collecting.control.add_card(collection.customer_id, GOOD, default=False)
    client.invoices.pay(collection.invoice_id, {"payment_method": card["id"]})


def test_manifest_names_the_events():
    assert manifest()["webhooks"]["events"] == list(EVENTS)


@pytest.mark.parametrize("fault", [None, "webhook_double", "webhook_late", "webhook_reorder"])
def test_paid_on_stripes_page(collecting, client, declined, fault):
    if fault:
        collecting.control.add_fault(fault, where="*", seconds=0.3)
    pay_at_stripe(collecting, client, declined)
    collecting.control.drain(retries=True)
    assert collecting.state(declined) is State.PAID
    assert Payment.objects.get().cents == collecting.money()["charged"] == 18097
    assert check_ledger(collecting.account) == 0
    assert collecting.collect().results == {}


def test_every_event_again_and_backwards_changes_nothing(collecting, client, declined):
    pay_at_stripe(collecting, client, declined)
    collecting.control.drain()
    before = list(Payment.objects.values()), list(Collection.objects.values())
    events = [delivery["event"] for delivery in collecting.control.deliveries()]
    Event.objects.all().delete()  # as if none had been taken yet
    for event in reversed(events):
        collecting.control.resend(event)
    collecting.control.drain(retries=True)
    assert (list(Payment.objects.values()), list(Collection.objects.values())) == before
    assert collecting.state(declined) is State.PAID


def test_a_late_failure_does_not_make_a_paid_statement_unpaid(collecting, client, declined):
    collecting.control.settings(paused=True)
    card = Card.objects.get()
    collecting.control.change_card(card.payment_method_id, charge="generic_decline")
    with pytest.raises(stripe.CardError):
        client.invoices.pay(Collection.objects.get().invoice_id, {"payment_method": card.payment_method_id})
    pay_at_stripe(collecting, client, declined)
    assert reconcile(collecting).repaired
    assert collecting.state(declined) is State.PAID
    collecting.control.settings(paused=False)
    collecting.control.drain(retries=True)
    assert collecting.state(declined) is State.PAID
    assert Payment.objects.count() == 1


def test_what_webhooks_missed_is_mended_by_reconciling(collecting, client, declined):
    collecting.control.add_fault("webhook_drop", where="*")
    pay_at_stripe(collecting, client, declined)
    collecting.control.drain()
    assert collecting.state(declined) is State.DUE
    report = reconcile(collecting)
    assert report.differs == []
    assert any("invoice.paid" in sentence or "was paid" in sentence for sentence in report.repaired)
    assert collecting.state(declined) is State.PAID
    again = reconcile(collecting)
    assert (again.repaired, again.differs) == ([], [])


def test_an_invoice_voided_in_the_dashboard_stops_until_staff_decides(collecting, client, declined):
    first = Collection.objects.get().invoice_id
    client.invoices.void_invoice(first)
    collecting.control.drain()
    collection = Collection.objects.get()
    assert (collection.invoice_status, "made void" in collection.blocked_because) == ("void", True)
    assert collecting.collect(date(2019, 2, 18)).results == {}
    assert "asks for money" in reconcile(collecting).differs[0]
    collecting.card(GOOD)
    collection_retry(declined, as_of=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    assert collecting.state(declined) is State.PAID
    assert (Collection.objects.get().generation, collecting.money()["charged"]) == (2, 18097)


def test_payment_that_waits_for_3d_secure_tells_where_to_confirm(collecting, due, client):
    collecting.card(NEEDS_3DS)
    assert collecting.collect().results == {"action required": 1}
    notice = Notice.objects.get(kind="action_required")
    collection = Collection.objects.get()
    assert notice.about["hosted_url"] == collection.hosted_invoice_url != ""
    assert (collection.action_required, collecting.state(due)) == (True, State.DUE)
    intent = client.payment_intents.list().data[0]
    collecting.control.authenticate(intent.id)
    collecting.control.drain()
    assert collecting.state(due) is State.PAID
    assert not Collection.objects.get().action_required


def test_refund_of_ours_goes_back_to_the_card_once(collecting, paid):
    payment = Payment.objects.get()
    refund = payment_refund(payment, statement=paid, refunded_on=collecting.day, cents=5000, **SAID)
    for _ in range(2):
        assert refund_send(refund.pk, by="tests").status == "succeeded"
    collecting.control.drain()
    assert collecting.money()["refunded"] == 5000
    assert (Refund.objects.get().status, CreditNote.objects.get().cents) == ("succeeded", 5000)
    assert collecting.state(paid) is State.PAID
    assert check_ledger(collecting.account) == 0


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "error_after", "error_before"])
def test_refund_whose_answer_is_lost_is_made_once(collecting, paid, settings, fault):
    settings.POS_BILLING_STRIPE_TRIES = 1
    payment_refund(Payment.objects.get(), statement=paid, refunded_on=collecting.day, **SAID)
    collecting.control.add_fault(fault, where="POST /v1/refunds", times=1)
    assert collecting.collect().unreachable
    collecting.collect()
    assert collecting.money()["refunded"] == 18097
    assert (Refund.objects.get().status, collecting.state(paid)) == ("succeeded", State.REFUNDED)
    assert check_ledger(collecting.account) == 0


def test_refund_that_the_bank_sends_back_is_credit_again(collecting, paid):
    refund = payment_refund(Payment.objects.get(), statement=paid, refunded_on=collecting.day, cents=5000, **SAID)
    refund = refund_send(refund.pk, by="tests")
    collecting.control.fail_refund(refund.refund_id)
    collecting.control.drain()
    assert Refund.objects.get().status == "failed"
    assert credit_of(collecting.account) == 5000
    assert check_ledger(collecting.account) == -5000


def test_refund_from_stripes_dashboard_becomes_a_credit_note(collecting, paid, client):
    client.refunds.create({"payment_intent": Payment.objects.get().payment_intent_id, "amount": 1234})
    collecting.control.drain(retries=True)
    refund = Refund.objects.get()
    assert (refund.cents, refund.credit_note.cents, refund.status) == (1234, 1234, "succeeded")
    assert check_ledger(collecting.account) == 0
    assert (reconcile(collecting).repaired, Refund.objects.count()) == ([], 1)


@pytest.mark.parametrize(("status", "state", "owed"), [("won", State.PAID, 0), ("lost", State.PAST_DUE, 18097)])
def test_disputes(collecting, paid, client, status, state, owed):
    charge = client.charges.list().data[0]
    dispute = collecting.control.dispute(charge.id)
    collecting.control.drain()
    assert collecting.state(paid) is State.DISPUTED
    assert Notice.objects.filter(kind="disputed").count() == 1
    collecting.control.close_dispute(dispute["id"], status)
    collecting.control.drain()
    collecting.be(date(2019, 2, 20))
    assert (collecting.state(paid), outstanding_of(paid.pk)) == (state, owed)
    assert check_ledger(collecting.account) == owed
    assert collecting.collect(date(2019, 3, 20)).results == {}, "a lost dispute is not charged again by itself"
    for event in [d["event"] for d in collecting.control.deliveries() if "dispute" in d["event_type"]][::-1]:
        Event.objects.filter(id=event).delete()
        collecting.control.resend(event)
    collecting.control.drain()
    assert (Dispute.objects.get().status, outstanding_of(paid.pk)) == (status, owed)


def test_a_dispute_that_nobody_told_us_of_is_found(collecting, paid, client):
    collecting.control.add_fault("webhook_drop", where="*")
    collecting.control.dispute(client.charges.list().data[0].id)
    reconcile(collecting)
    assert collecting.state(paid) is State.DISPUTED


def test_cards_renewed_and_removed_at_stripe(collecting, due, client):
    card = collecting.card(GOOD)
    collecting.control.change_card(card.payment_method_id, exp_month=5, exp_year=2033, last4="9999")
    collecting.control.drain()
    card.refresh_from_db()
    assert (card.exp_year, card.last_four) == (2033, "9999")
    client.payment_methods.detach(card.payment_method_id)
    collecting.control.drain()
    card.refresh_from_db()
    assert card.removed_at is not None
    assert not card.is_default
    assert collecting.collect().results == {"no card": 1}


def test_invoices_of_others_in_the_same_stripe_account_are_left_alone(collecting, due, client):
    customer = client.customers.create({"name": "Somebody else"})
    collecting.control.add_card(customer.id)
    for schema in ("agency_one", "elsewhere"):
        draft = client.invoices.create(
            {
                "customer": customer.id,
                "auto_advance": False,
                "metadata": {
                    "pos_billing_schema": schema,
                    "pos_billing_statement": due.number,
                    "pos_billing_generation": "1",
                },
            }
        )
        client.invoices.add_lines(draft.id, {"lines": [{"amount": 500, "description": "x"}]})
        client.invoices.finalize_invoice(draft.id)
        client.invoices.pay(draft.id)
    collecting.control.drain()
    assert not Payment.objects.exists()
    assert collecting.state(due) is State.DUE


def forged(site, secret: str, **headers: str) -> httpx.Response:
    """An event that somebody made up, signed with `secret`."""
    body = json.dumps(
        {
            "id": "evt_forged",
            "object": "event",
            "type": "invoice.paid",
            "livemode": False,
            "created": int(time.time()),
            "api_version": stripe_api.API_VERSION,
            "data": {"object": {"id": "in_forged", "object": "invoice"}},
        }
    )
    stamp = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", secret)
    return httpx.post(
        WebhookEndpoint.objects.first().url,
        content=body,
        headers={"Stripe-Signature": f"t={stamp},v1={signature}", "Content-Type": "application/json", **headers},
    )


@pytest.mark.parametrize("validation", ["verify_signature", "retrieve_event", "none"])
@pytest.mark.parametrize("debug", [False, True])
def test_forged_events_are_refused(site, collecting, settings, validation, debug):
    """Neither a row of the database nor DEBUG's header switches the check off."""
    settings.DEBUG = debug
    WebhookEndpoint.objects.update(djstripe_validation_method=validation)
    answer = forged(site, "whsec_mine", **{"X-Djstripe-Webhook-Secret": "whsec_mine"})
    assert answer.status_code == 400
    assert not Event.objects.filter(id="evt_forged").exists()
    assert not WebhookEventTrigger.objects.latest("id").valid


def test_events_of_one_object_wait_for_each_other(collecting, client, declined):
    """dj-stripe reads, then writes: two at once would overwrite each other, and the older could win."""
    invoice = Collection.objects.get().invoice_id
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            one_at_a_time(invoice)
            held.set()
            let_go.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    pay_at_stripe(collecting, client, declined)
    time.sleep(1)
    assert not Payment.objects.exists(), "the event waits while another one of the invoice is worked on"
    let_go.set()
    holder.join()
    collecting.control.drain()
    assert Payment.objects.count() == 1
    assert Invoice.objects.get(id=invoice).status == "paid"
