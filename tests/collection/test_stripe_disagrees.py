"""Stripe and the ledger say different things: no cent is charged that is not asked for, and staff reads why."""

from __future__ import annotations

from datetime import date

import pytest

from pos_billing.collection.cards.controls import collection_resume, collection_retry
from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.models import Collection, CreditNote, Installation, Payment, Refund, StripeCustomer
from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_reverse
from pos_billing.collection.money.queries import credit_of, outstanding_of
from pos_billing.collection.money.refunds import payment_refund, refund_send
from pos_billing.collection.money.state import State
from pos_billing.collection.stripe.installation import installation_token, owner
from pos_billing.collection.stripe.keys import Owner, is_foreign, refund_named
from pos_billing.collection.stripe.products import products_sync
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Plan
from tests.collection.collecting import GOOD

SAID = {"by": "finance@example.com", "why": "test"}


def blocked_because(statement) -> str:
    return Collection.objects.get(statement=statement).blocked_because


def reconcile(collecting):
    return reconcile_seller(as_of=collecting.day, by="tests")


def balance(client, cents: int) -> None:
    """Somebody gives the client a balance in Stripe's dashboard; below zero it is credit."""
    client.customers.update(StripeCustomer.objects.get().customer_id, {"balance": cents})


def copied(client, collecting, cents: int = 18097, **more):
    """Somebody makes an invoice of their own in the dashboard, with the metadata of ours, and it is paid by card."""
    collection = Collection.objects.get()
    metadata = {**client.invoices.retrieve(collection.invoice_id).metadata.to_dict(), **more}
    made = client.invoices.create({"customer": collection.customer_id, "auto_advance": False, "metadata": metadata})
    client.invoices.add_lines(made.id, {"lines": [{"amount": cents, "description": "x"}]})
    client.invoices.finalize_invoice(made.id)
    card = collecting.control.add_card(collection.customer_id, GOOD, default=False)
    client.invoices.pay(made.id, {"payment_method": card["id"]})
    return made


# --- paid at Stripe, and still asked for --------------------------------------------------------------------------


def test_after_a_lost_dispute_another_invoice_is_charged(collecting, client, paid):
    dispute = collecting.control.dispute(client.charges.list().data[0].id)
    collecting.control.drain()
    collecting.control.close_dispute(dispute["id"], "lost")
    collecting.control.drain()
    collecting.card("5555555555554444")
    collecting.be(date(2019, 2, 25))
    collection_resume(paid, as_of=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    # charged 180.97 twice, the first taken back by the bank
    assert (collecting.money()["charged"], collecting.money()["disputed"]) == (36194, 18097)
    assert collecting.state(paid) is State.PAID
    assert check_ledger(collecting.account) == 0


def test_a_payment_that_the_bank_returned_is_collected_again(collecting, client, paid):
    first = Collection.objects.get().invoice_id
    payment_reverse(Payment.objects.get(), kind="returned", reversed_on=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    assert collecting.money()["charged"] == 36194  # 180.97 twice; the bank took the first back
    assert Collection.objects.get().invoice_id != first
    assert outstanding_of(paid.pk) == 0
    assert collecting.collect().results == {}


@pytest.mark.parametrize(("cents", "words"), [(-5000, "a credit of $50.00"), (7000, "owes $70.00")])
def test_a_balance_at_stripe_charges_nothing_and_is_said(collecting, client, due, cents, words):
    collecting.card(GOOD)
    balance(client, cents)
    assert collecting.collect().results == {"blocked": 1}
    assert collecting.money()["charged"] == 0
    assert words in blocked_because(due)
    assert client.customers.retrieve(StripeCustomer.objects.get().customer_id).balance == cents
    balance(client, 0)
    collection_retry(due, as_of=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    assert collecting.money()["charged"] == 18097


@pytest.mark.parametrize("cents", [-5000, 7000, -18097, -30000])
def test_a_balance_that_comes_before_the_invoice_is_final(collecting, client, due, cents):
    """Between the draft and its finalising: what Stripe says afterwards is looked at too."""
    from pos_billing.collection.signals import step_done

    collecting.card(GOOD)

    def meanwhile(sender, step, **kwargs):
        if step == "lines":
            balance(client, cents)

    step_done.connect(meanwhile)
    try:
        assert collecting.collect().results == {"blocked": 1}
    finally:
        step_done.disconnect(meanwhile)
    assert collecting.money()["charged"] == 0
    assert outstanding_of(due.pk) == 18097
    assert "balance" in blocked_because(due)
    if cents > -18097:  # the invoice was voided, and Stripe gave the balance back
        assert client.customers.retrieve(StripeCustomer.objects.get().customer_id).balance == cents
        assert {i.status for i in client.invoices.list().data} == {"void"}


def test_a_credit_note_at_stripe_on_an_open_invoice_is_said(collecting, client, declined):
    client.credit_notes.create({"invoice": Collection.objects.get().invoice_id, "amount": 5000})
    collecting.control.drain()
    assert any("Credit notes of $50.00" in said for said in reconcile(collecting).differs)
    collecting.card(GOOD)
    assert collecting.collect().results == {"blocked": 1}
    assert collecting.money()["charged"] == 0
    assert "Credit notes of $50.00" in blocked_because(declined)
    credit_note_issue(declined, issued_on=collecting.day, cents=5000, **SAID)
    collection_retry(declined, as_of=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    assert collecting.money()["charged"] == 13097  # 180.97 − 50.00


def test_an_invoice_that_stripe_credited_whole_is_said(collecting, client, declined):
    client.credit_notes.create({"invoice": Collection.objects.get().invoice_id, "amount": 18097})
    collecting.control.drain()
    assert collecting.state(declined) is State.DUE
    assert "Credit notes of $180.97" in blocked_because(declined)
    assert any("credit notes of $180.97" in said for said in reconcile(collecting).differs)


def test_an_archived_plan_is_charged_for_its_last_month(collecting, client, due):
    """Its product is archived at Stripe as well, which sells no archived product."""
    plan = Plan.objects.get(placeholder=False)
    products_sync("")
    Plan.objects.filter(pk=plan.pk).update(archived_on=collecting.day)
    product = products_sync("")[plan.pk]
    assert not client.products.retrieve(product).active
    collecting.card(GOOD)
    assert collecting.collect().results == {"paid": 1}
    products_sync("")
    assert not client.products.retrieve(product).active


# --- invoices of other people's making ----------------------------------------------------------------------------


@pytest.mark.parametrize("heard", [True, False])
def test_an_invoice_revised_in_the_dashboard_and_paid_there_is_paid_here(collecting, client, declined, heard):
    if not heard:
        collecting.control.add_fault("webhook_drop", where="invoice.*")
    client.invoices.void_invoice(Collection.objects.get().invoice_id)
    copied(client, collecting)
    collecting.control.drain()
    assert (outstanding_of(declined.pk) == 0) is heard
    collecting.card(GOOD)
    if heard:
        with pytest.raises(Refused):
            collection_retry(declined, as_of=collecting.day, **SAID)
    else:
        collection_retry(declined, as_of=collecting.day, **SAID)
    collecting.collect()
    assert collecting.state(declined) is State.PAID
    assert collecting.money()["charged"] == Payment.objects.get().cents == 18097


def test_reconciling_finds_what_another_invoice_paid(collecting, client, declined):
    collecting.control.add_fault("webhook_drop", where="*")
    made = copied(client, collecting)
    collecting.control.drain()
    collecting.control.clear_faults()
    client.events.list()
    report = reconcile(collecting)
    assert Payment.objects.get().reference == made.id
    assert collecting.state(declined) is State.PAID
    assert reconcile(collecting).repaired == [], report.repaired


def test_two_payments_of_one_invoice_are_two_here(collecting, client, declined):
    collection = Collection.objects.get()
    part = client.payment_intents.create(
        {
            "amount": 4000,
            "currency": "usd",
            "customer": collection.customer_id,
            "confirm": True,
            "payment_method": collecting.control.add_card(collection.customer_id, GOOD, default=False)["id"],
        }
    )
    client.invoices.attach_payment(collection.invoice_id, {"payment_intent": part.id})
    collecting.card(GOOD)
    assert collecting.collect().results == {"paid": 1}
    assert sorted(Payment.objects.values_list("cents", flat=True)) == [4000, 14097]  # 180.97 − 40.00
    assert collecting.money()["charged"] == 18097
    assert check_ledger(collecting.account) == 0


# --- refunds and marks made at Stripe -----------------------------------------------------------------------------


def test_a_refund_of_all_after_a_goodwill_credit_note(collecting, client, paid):
    credit_note_issue(paid, issued_on=collecting.day, cents=3097, **SAID)
    client.refunds.create({"payment_intent": Payment.objects.get().payment_intent_id})
    collecting.control.drain(retries=True)
    # 180.97 given back: 150.00 of it credited now, 30.97 were credited before
    assert sorted(CreditNote.objects.values_list("cents", flat=True)) == [3097, 15000]
    assert sorted(Refund.objects.values_list("cents", "status")) == [(3097, "succeeded"), (15000, "succeeded")]
    assert credit_of(collecting.account) == 0
    assert check_ledger(collecting.account) == 0
    assert collecting.bill(date(2019, 3, 1)).brought_forward_cents == 0


def test_a_refund_that_cannot_be_credited_is_said(collecting, client, paid):
    credit_note_issue(paid, issued_on=collecting.day, cents=3097, **SAID)
    refund_send(payment_refund(Payment.objects.get(), statement=None, refunded_on=collecting.day, **SAID).pk, by="t")
    client.refunds.create({"payment_intent": Payment.objects.get().payment_intent_id})
    collecting.control.drain(retries=True)
    # 30.97 were credited and sent back; of the other 150.00 all can be credited
    assert credit_of(collecting.account) == 0
    assert blocked_because(paid) == ""


def test_a_refund_of_what_another_credit_note_used_up_is_said(collecting, client, paid):
    credit_note_issue(paid, issued_on=collecting.day, cents=3097, **SAID)
    march = collecting.bill(date(2019, 3, 1))  # its 110.00 use the 30.97: 79.03 are asked for
    assert march.amount_due_cents == 7903
    client.refunds.create({"payment_intent": Payment.objects.get().payment_intent_id})
    collecting.control.drain(retries=True)
    # 150.00 are credited; the 30.97 that March had used are asked for again: 79.03 + 30.97
    assert (credit_of(collecting.account), outstanding_of(march.pk)) == (0, 11000)
    assert "$30.97" in blocked_because(paid)


def test_a_mark_paid_out_of_band_can_be_taken_back(collecting, client, declined):
    client.invoices.pay(Collection.objects.get().invoice_id, {"paid_out_of_band": True})
    collecting.control.drain()
    payment = Payment.objects.get()
    assert (payment.kind, payment.payment_intent_id, collecting.state(declined)) == ("other", "", State.PAID)
    payment_reverse(payment, kind="mistake", reversed_on=collecting.day, **SAID)
    assert (outstanding_of(declined.pk), credit_of(collecting.account)) == (18097, 0)
    reconcile(collecting)
    assert outstanding_of(declined.pk) == 18097
    collecting.card(GOOD)
    collection_retry(declined, as_of=collecting.day, **SAID)
    assert collecting.collect().results == {"paid": 1}
    assert collecting.money()["charged"] == 18097


def test_a_mark_paid_out_of_band_is_refunded_by_hand(collecting, client, declined):
    client.invoices.pay(Collection.objects.get().invoice_id, {"paid_out_of_band": True})
    collecting.control.drain()
    refund = payment_refund(Payment.objects.get(), statement=declined, refunded_on=collecting.day, **SAID)
    assert refund_send(refund.pk, by="t").status == "succeeded"
    assert credit_of(collecting.account) == 0
    assert check_ledger(collecting.account) == 0


def test_a_payment_that_stripe_does_not_know_ends_no_sweep(collecting, client, paid):
    from pos_billing.collection.money.payments import payment_record

    other = payment_record(
        collecting.account, cents=1000, received_on=collecting.day, kind="card", payment_intent_id="pi_gone", **SAID
    )
    refund = payment_refund(other, statement=None, refunded_on=collecting.day, **SAID)
    assert collecting.collect().refunds == 1
    refund.refresh_from_db()
    assert (refund.status, credit_of(collecting.account)) == ("failed", 1000)


def test_metadata_that_people_wrote_ends_no_reconciliation(collecting, client, paid):
    client.refunds.create(
        {
            "payment_intent": Payment.objects.get().payment_intent_id,
            "amount": 1000,
            "metadata": {"pos_billing_refund": "see ticket 12"},
        }
    )
    collecting.control.drain(retries=True)
    assert reconcile(collecting).differs == []
    assert Refund.objects.get().cents == 1000


# --- several installations on one Stripe account ------------------------------------------------------------------


def test_every_name_bears_the_installation(collecting, client, paid):
    token = installation_token()
    collection = Collection.objects.get()
    invoice = client.invoices.retrieve(collection.invoice_id)
    customer = client.customers.retrieve(collection.customer_id)
    for item in (invoice, customer):
        assert item.metadata["pos_billing_installation"] == token
    assert all(token in product for product in products_sync("").values())
    keys = [r["idempotency_key"] for r in collecting.control.requests() if r["idempotency_key"]]
    assert keys
    assert all(key.startswith(f"{token}:public:") for key in keys if ":" in key)


def test_another_installation_gets_nothing_of_ours(collecting, client, due):
    from pos_billing.collection.stripe import api as stripe_api
    from pos_billing.collection.stripe import keys

    collecting.card(GOOD)
    theirs = Owner("0123456789abcdef", "public")
    account = collecting.account.pk
    made = stripe_api.customer_create(
        name="Somebody Else Ltd",
        email="",
        metadata=keys.customer_metadata(theirs, account),
        key=keys.customer_key(theirs, account),
    )
    assert made != StripeCustomer.objects.get().customer_id
    assert client.customers.retrieve(made).name == "Somebody Else Ltd"


def test_an_invoice_of_another_installation_is_not_ours(collecting, client, declined):
    copied(client, collecting, pos_billing_installation="0123456789abcdef")
    collecting.control.drain()
    reconcile(collecting)
    assert not Payment.objects.exists()
    assert collecting.state(declined) is State.DUE


def test_there_is_one_installation(collecting):
    assert installation_token() == installation_token() == Installation.objects.get().token
    assert len(installation_token()) == 16
    ours = owner()
    assert ours.schema == "public"
    assert not is_foreign({}, ours)
    assert is_foreign({"pos_billing_schema": "public"}, ours)
    assert refund_named({**ours.metadata, "pos_billing_refund": "12"}, ours) == 12
    for odd in ("see ticket 12", "-1", "9" * 30, ""):
        assert refund_named({**ours.metadata, "pos_billing_refund": odd}, ours) is None
    assert refund_named({"pos_billing_refund": "12"}, ours) is None
