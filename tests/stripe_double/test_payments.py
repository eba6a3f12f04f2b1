"""Charging cards: refused, authenticated, refunded, credited, disputed."""

import pytest
import stripe


def refusal(client, invoice, error=stripe.CardError, **options):
    """Pay and return the error."""
    with pytest.raises(error) as refused:
        client.invoices.pay(invoice.id, options)
    return refused.value


@pytest.mark.parametrize(
    ("number", "code", "decline_code", "advice"),
    [
        ("4000000000000341", "card_declined", "generic_decline", "try_again_later"),
        ("4100000000000019", "card_declined", "fraudulent", "do_not_try_again"),
    ],
)
def test_a_card_that_was_saved_is_refused_when_charged(
    client, control, make_invoice, customer, number, code, decline_code, advice
):
    control.add_card(customer.id, number)
    invoice = make_invoice(18097)
    error = refusal(client, invoice)
    assert (error.code, error.error.decline_code, error.error.advice_code) == (code, decline_code, advice)
    assert error.error.payment_intent.status == "requires_payment_method"
    after = client.invoices.retrieve(invoice.id)
    assert (after.status, after.attempted, after.attempt_count, after.amount_paid) == ("open", True, 1, 0)
    charge = client.charges.list({"customer": customer.id}).data[0]
    assert (charge.status, charge.failure_code, charge.outcome.advice_code) == ("failed", code, advice)
    types = [event.type for event in client.events.list({"limit": 4}).data][::-1]
    assert types == ["charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"]


@pytest.mark.parametrize(
    "outcome", ["insufficient_funds", "lost_card", "stolen_card", "expired_card", "processing_error"]
)
def test_a_card_can_be_told_to_be_refused_next_and_paid_then(client, control, make_invoice, customer, outcome):
    method = customer.invoice_settings.default_payment_method
    control.change_card(method, next_outcomes=[outcome])
    invoice = make_invoice(11000)
    assert refusal(client, invoice).http_status == 402
    assert client.invoices.pay(invoice.id).status == "paid"
    assert len(client.charges.list({"customer": customer.id}).data) == 2
    assert len(client.payment_intents.list({"customer": customer.id}).data) == 1


def test_a_card_expires_when_the_clock_passes_its_month(client, control, make_invoice, customer):
    control.set_clock(1549000000, frozen=True)
    control.add_card(customer.id, exp_month=2, exp_year=2019)
    assert client.invoices.pay(make_invoice(1000).id).status == "paid"
    control.advance_clock(31 * 86400)
    assert refusal(client, make_invoice(1000)).code == "expired_card"


def test_without_a_card_nothing_is_charged(client, make_invoice):
    nobody = client.customers.create({})
    error = refusal(client, make_invoice(1000, of=nobody.id), stripe.InvalidRequestError)
    assert "default_payment_method" in str(error)
    assert client.charges.list().data == []


def test_a_card_that_always_wants_3d_secure_is_paid_by_its_holder(client, control, make_invoice, customer):
    control.add_card(customer.id, "4000002760003184")
    invoice = make_invoice(11000)
    error = refusal(client, invoice)
    assert error.code == "invoice_payment_intent_requires_action"
    assert error.error.payment_intent.status == "requires_action"
    types = [event.type for event in client.events.list({"limit": 4}).data][::-1]
    assert types == [
        "payment_intent.requires_action",
        "invoice.updated",
        "invoice.payment_action_required",
        "invoice.payment_failed",
    ]
    intent = error.error.payment_intent.id
    control.authenticate(intent, passed=False)
    assert client.payment_intents.retrieve(intent).last_payment_error.code == "payment_intent_authentication_failure"
    assert client.invoices.retrieve(invoice.id).status == "open"
    refusal(client, invoice)
    control.authenticate(intent, passed=True)
    assert client.invoices.retrieve(invoice.id).status == "paid"
    charge = client.charges.retrieve(client.payment_intents.retrieve(intent).latest_charge)
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_a_card_set_up_with_3d_secure_is_then_charged_off_session(client, control, make_invoice):
    customer = client.customers.create({})
    intent = client.setup_intents.create({"customer": customer.id, "usage": "off_session"})
    client.setup_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequiredOnSetup"})
    control.authenticate(intent.id)
    method = client.setup_intents.retrieve(intent.id).payment_method
    invoice = make_invoice(11000, of=customer.id)
    assert client.invoices.pay(invoice.id, {"payment_method": method, "off_session": True}).status == "paid"


def test_a_payment_intent_by_itself(client, customer):
    intent = client.payment_intents.create({"amount": 2500, "currency": "usd", "customer": customer.id})
    done = client.payment_intents.confirm(
        intent.id, {"payment_method": customer.invoice_settings.default_payment_method, "off_session": True}
    )
    assert (done.status, done.amount_received) == ("succeeded", 2500)
    with pytest.raises(stripe.CardError) as refused:
        client.payment_intents.create(
            {
                "amount": 2500,
                "currency": "usd",
                "payment_method": "pm_card_authenticationRequired",
                "confirm": True,
                "off_session": True,
            }
        )
    assert refused.value.code == "authentication_required"
    waiting = client.payment_intents.create({"amount": 2500, "currency": "usd"})
    assert client.payment_intents.cancel(waiting.id).status == "canceled"


def test_refunds_in_part_and_whole_and_not_more(client, make_invoice):
    invoice = client.invoices.pay(make_invoice(11000).id, {"expand": ["payments"]})
    intent = invoice.payments.data[0].payment.payment_intent
    first = client.refunds.create({"payment_intent": intent, "amount": 4000, "reason": "requested_by_customer"})
    charge = client.charges.retrieve(first.charge, {"expand": ["refunds", "balance_transaction"]})
    assert (charge.amount_refunded, charge.refunded, charge.refunds.data[0].id) == (4000, False, first.id)
    assert charge.balance_transaction.fee == 349
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.refunds.create({"charge": charge.id, "amount": 7001})
    client.refunds.create({"charge": charge.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"
    assert sum(item.amount for item in client.refunds.list({"charge": charge.id}).data) == 11000
    assert client.refunds.retrieve(first.id).status == "succeeded"
    assert client.balance.retrieve().available[0].amount == -349


def test_a_refund_may_come_back(client, control, make_invoice):
    invoice = client.invoices.pay(make_invoice(11000).id, {"expand": ["payments"]})
    refund = client.refunds.create({"payment_intent": invoice.payments.data[0].payment.payment_intent})
    control.fail_refund(refund.id)
    assert client.refunds.retrieve(refund.id).status == "failed"
    assert client.charges.retrieve(refund.charge).amount_refunded == 0
    types = [event.type for event in client.events.list({"limit": 3}).data][::-1]
    assert types == ["refund.failed", "refund.updated", "charge.refund.updated"]


def test_a_credit_note_makes_an_open_invoice_smaller(client, make_invoice):
    invoice = make_invoice(7097, 11000)
    line = invoice.lines.data[0]
    lines = [{"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 7000}]
    note = client.credit_notes.create({"invoice": invoice.id, "lines": lines, "reason": "order_change"})
    assert (note.type, note.pre_payment_amount, note.number) == ("pre_payment", 7000, f"{invoice.number}-CN-01")
    assert client.invoices.retrieve(invoice.id).amount_remaining == 11097
    assert client.credit_notes.line_items.list(note.id).data[0].invoice_line_item == line.id
    assert client.credit_notes.void_credit_note(note.id).status == "void"
    assert client.invoices.pay(invoice.id).amount_paid == 18097


def test_a_credit_note_gives_a_paid_invoice_back(client, customer, make_invoice):
    invoice = client.invoices.pay(make_invoice(11000).id)
    with pytest.raises(stripe.InvalidRequestError, match="must be the post-payment amount"):
        client.credit_notes.create({"invoice": invoice.id, "amount": 5000, "refund_amount": 4000})
    note = client.credit_notes.create(
        {
            "invoice": invoice.id,
            "amount": 5000,
            "refund_amount": 4000,
            "credit_amount": 1000,
            "expand": ["refunds.refund"],
        }
    )
    assert (note.type, note.post_payment_amount) == ("post_payment", 5000)
    assert note.refunds[0].refund.amount == 4000
    assert client.customers.retrieve(customer.id).balance == -1000
    refund = client.refunds.create({"charge": note.refunds[0].refund.charge, "amount": 2000})
    linked = client.credit_notes.create({"invoice": invoice.id, "amount": 2000, "refunds": [{"refund": refund.id}]})
    assert client.credit_notes.retrieve(linked.id).refunds[0].amount_refunded == 2000
    assert len(client.credit_notes.list({"invoice": invoice.id}).data) == 2
    assert client.invoices.retrieve(invoice.id).post_payment_credit_notes_amount == 7000


def test_a_dispute_takes_the_money_and_a_won_one_brings_it_back(client, control, make_invoice):
    client.invoices.pay(make_invoice(11000).id)
    charge = client.charges.list().data[0]
    dispute = control.dispute(charge.id, "product_not_received")
    assert client.disputes.retrieve(dispute["id"]).status == "needs_response"
    assert client.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.refunds.create({"charge": charge.id})
    answered = client.disputes.update(dispute["id"], {"evidence": {"product_description": "Hosting"}, "submit": True})
    assert answered.status == "under_review"
    control.close_dispute(dispute["id"], "won")
    types = [event.type for event in client.events.list({"type": "charge.dispute.*"}).data][::-1]
    assert types == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]
    assert control.money()[next(iter(control.money()))]["kept"] == 11000


def test_a_card_that_is_disputed_by_itself(client, control, make_invoice, customer):
    control.add_card(customer.id, "4000000000000259")
    client.invoices.pay(make_invoice(1000).id)
    assert client.disputes.list().data[0].reason == "fraudulent"
    assert client.disputes.close(client.disputes.list().data[0].id).status == "lost"


def test_what_may_be_noted_on_payments(client, make_invoice):
    paid = client.invoices.pay(make_invoice(11000).id, {"expand": ["payments"]})
    intent = paid.payments.data[0].payment.payment_intent
    note = {"metadata": {"statement": "S-1"}}
    assert client.payment_intents.update(intent, note).metadata["statement"] == "S-1"
    charge = client.payment_intents.retrieve(intent).latest_charge
    assert client.charges.update(charge, note).metadata["statement"] == "S-1"
    assert client.charges.search({"query": "metadata['statement']:'S-1'"}).data[0].id == charge
    assert client.payment_intents.search({"query": "metadata['statement']:'S-1'"}).data[0].id == intent
    refund = client.refunds.create({"charge": charge, "amount": 500})
    assert client.refunds.update(refund.id, note).metadata["statement"] == "S-1"
    credit = client.credit_notes.create({"invoice": paid.id, "amount": 500, "refunds": [{"refund": refund.id}]})
    assert client.credit_notes.update(credit.id, {**note, "memo": "Sorry"}).memo == "Sorry"
    movements = client.balance_transactions.list().data
    assert [(item.type, item.amount) for item in movements] == [("refund", -500), ("charge", 11000)]
    assert client.balance_transactions.retrieve(movements[1].id, {"expand": ["source"]}).source.id == charge
