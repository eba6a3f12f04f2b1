"""Money at the double as Stripe documents it: balances, part payments, marks, credit notes, refunds that wait."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

DAY = 86400
PLATFORM = "acct_stripeDouble0001"


def intent(client: Any, customer: Any, cents: int) -> Any:
    return client.payment_intents.create(
        {"amount": cents, "currency": "usd", "customer": customer.id, "confirm": True, "payment_method": card(customer)}
    )


def card(customer: Any) -> str:
    return str(customer.invoice_settings.default_payment_method)


def movements(client: Any, customer: Any) -> list[tuple[str, int]]:
    return [(m.type, m.amount) for m in client.customers.balance_transactions.list(customer.id).data][::-1]


@pytest.mark.parametrize(
    ("balance", "due", "left"),
    [
        (-5000, 6000, 0),  # 50.00 credit: 110.00 − 50.00
        (7000, 18000, 0),  # 70.00 owed before: 110.00 + 70.00
        (-20000, 0, -9000),  # more credit than the invoice: 200.00 − 110.00 stay
    ],
)
def test_a_balance_counts_when_an_invoice_is_final(client, customer, make_invoice, balance, due, left):
    client.customers.update(customer.id, {"balance": balance})
    made = make_invoice(11000)
    assert (made.total, made.amount_due, made.starting_balance, made.ending_balance) == (11000, due, balance, left)
    assert movements(client, customer)[0] == ("adjustment", balance)
    if due:
        client.invoices.pay(made.id)
        assert client.charges.list().data[0].amount == due


@pytest.mark.parametrize("balance", [-5000, 7000])
def test_a_void_invoice_gives_the_balance_back(client, customer, make_invoice, balance):
    client.customers.update(customer.id, {"balance": balance})
    client.invoices.void_invoice(make_invoice(11000).id)
    assert client.customers.retrieve(customer.id).balance == balance
    assert movements(client, customer)[1:] == [("applied_to_invoice", -balance), ("unapplied_from_invoice", balance)]


def test_a_customer_made_with_a_balance_says_so(client):
    made = client.customers.create({"balance": -300})
    assert movements(client, made) == [("initial", -300)]


def test_part_payments_and_what_is_too_much(client, control, customer, make_invoice):
    made = make_invoice(11000)
    part = client.invoices.attach_payment(made.id, {"payment_intent": intent(client, customer, 4000).id})
    assert (part.status, part.amount_paid, part.amount_remaining) == ("open", 4000, 7000)
    whole = client.invoices.attach_payment(made.id, {"payment_intent": intent(client, customer, 9000).id})
    assert (whole.status, whole.amount_paid, whole.amount_remaining, whole.amount_overpaid) == ("paid", 11000, 0, 2000)
    assert client.customers.retrieve(customer.id).balance == -2000
    paid = client.invoice_payments.list({"invoice": made.id, "status": "paid"}).data
    assert sorted(p.amount_paid for p in paid) == [4000, 7000]
    assert len(client.events.list({"type": "invoice.overpaid"}).data) == 1


def test_the_rest_of_a_part_paid_invoice_is_charged(client, customer, make_invoice):
    made = make_invoice(11000)
    client.invoices.attach_payment(made.id, {"payment_intent": intent(client, customer, 4000).id})
    with pytest.raises(stripe.InvalidRequestError, match="can't void"):
        client.invoices.void_invoice(made.id)
    assert client.invoices.pay(made.id).status == "paid"
    assert [c.amount for c in client.charges.list().data] == [7000, 4000]  # 110.00 − 40.00


def test_a_credit_note_on_a_part_paid_invoice(client, customer, make_invoice):
    made = make_invoice(11000)
    client.invoices.attach_payment(made.id, {"payment_intent": intent(client, customer, 4000).id})
    note = client.credit_notes.create({"invoice": made.id, "amount": 7000})
    after = client.invoices.retrieve(made.id)
    assert (note.type, after.status, after.amount_due, after.amount_paid) == ("pre_payment", "paid", 4000, 4000)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_mark_paid_out_of_band_is_no_attempt(client, control, make_invoice, recorded):
    control.settings(off_stripe_records=recorded)
    made = make_invoice(11000)
    paid = client.invoices.pay(made.id, {"paid_out_of_band": True, "expand": ["payments"]})
    assert (paid.status, paid.amount_paid, paid.amount_paid_off_stripe) == ("paid", 11000, 11000)
    kinds = [p.payment.type for p in paid.payments.data if p.status == "paid"]
    assert kinds == (["payment_record"] if recorded else [])
    types = [event.type for event in client.events.list({"limit": 100}).data]
    assert "invoice.paid" in types
    assert "invoice.payment_succeeded" not in types


def test_an_archived_product_is_sold_no_more(client, control, customer):
    product = client.products.create({"name": "Old", "active": False})
    price = {"currency": "usd", "product": product.id, "unit_amount": 100}
    with pytest.raises(stripe.InvalidRequestError, match="marked as inactive"):
        client.prices.create(price)
    draft = client.invoices.create({"customer": customer.id, "auto_advance": False})
    lines = {"lines": [{"description": "x", "price_data": price, "quantity": 1}]}
    with pytest.raises(stripe.InvalidRequestError, match="marked as inactive"):
        client.invoices.add_lines(draft.id, lines)
    control.settings(lines_of_inactive_products=True)
    assert client.invoices.add_lines(draft.id, lines).total == 100


def test_an_archived_price_is_sold_no_more(client, customer):
    product = client.products.create({"name": "Plan"})
    price = client.prices.create({"currency": "usd", "product": product.id, "unit_amount": 100, "active": False})
    with pytest.raises(stripe.InvalidRequestError, match="only accepts active prices"):
        client.invoice_items.create({"customer": customer.id, "pricing": {"price": price.id}})


def test_how_an_invoice_is_paid_is_said_by_it_or_by_the_template(client, control, customer, make_invoice):
    control.settings(invoice_template_methods=["us_bank_account", "link"])
    with pytest.raises(stripe.InvalidRequestError, match="not allowed for this PaymentIntent"):
        client.invoices.pay(make_invoice(11000).id)
    by_card = make_invoice(11000, payment_settings={"payment_method_types": ["card"]})
    assert client.invoices.pay(by_card.id).status == "paid"


def test_amounts_of_nine_digits_are_refused(client, customer, make_invoice):
    assert make_invoice(99_999_999).amount_due == 99_999_999
    for ask in (
        lambda: make_invoice(100_000_000),
        lambda: client.payment_intents.create({"amount": 100_000_000, "currency": "usd"}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            ask()
        assert caught.value.code == "amount_too_large"


def refunded(client: Any, make_invoice: Any) -> Any:
    client.invoices.pay(make_invoice(11000).id)
    return client.refunds.create({"charge": client.charges.list().data[0].id})


def test_a_refund_waits_for_the_balance(client, control, make_invoice):
    control.settings(refunds_need_balance=True)
    made = refunded(client, make_invoice)  # 110.00 taken, 3.49 of it are Stripe's fee: 106.51 do not cover it
    assert (made.status, made.pending_reason) == ("pending", "insufficient_funds")
    assert control.top_up(PLATFORM, 348) == []
    assert control.top_up(PLATFORM, 1) == [made.id]
    assert client.refunds.retrieve(made.id).status == "succeeded"


def test_a_refund_that_waits_goes_when_the_next_card_is_charged(client, control, make_invoice):
    control.settings(refunds_need_balance=True)
    made = refunded(client, make_invoice)
    client.invoices.pay(make_invoice(5000).id)
    assert client.refunds.retrieve(made.id).status == "succeeded"


def test_a_dispute_ends_a_refund_that_waits(client, control, make_invoice):
    control.settings(refunds_need_balance=True)
    made = refunded(client, make_invoice)
    dispute = control.dispute(made.charge)
    after = client.refunds.retrieve(made.id)
    assert (after.status, after.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    assert (dispute["amount"], client.charges.retrieve(made.charge).amount_refunded) == (11000, 0)


def test_links_to_invoices_end_and_are_made_anew(client, control, double, make_invoice):
    import httpx

    control.set_clock(1550188800, frozen=True)
    made = make_invoice(11000)
    assert client.invoices.retrieve(made.id).hosted_invoice_url == made.hosted_invoice_url
    assert httpx.get(made.hosted_invoice_url, trust_env=False).status_code == 200
    control.advance_clock(30 * DAY)
    assert httpx.get(made.hosted_invoice_url, trust_env=False).status_code == 410
    fresh = client.invoices.retrieve(made.id).hosted_invoice_url
    assert fresh != made.hosted_invoice_url
    control.advance_clock(10 * DAY - 1)
    assert httpx.get(fresh, trust_env=False).status_code == 200


def test_a_line_may_bring_a_product_of_its_own(client, customer):
    draft = client.invoices.create({"customer": customer.id, "auto_advance": False})
    price = {"currency": "usd", "product_data": {"name": "Once"}, "unit_amount": 100}
    assert client.invoices.add_lines(draft.id, {"lines": [{"price_data": price, "quantity": 2}]}).total == 200
