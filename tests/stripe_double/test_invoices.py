"""Invoices from draft to their end, with the events that Stripe sends on the way."""

import pytest
import stripe


def events_after(client, count):
    """Return the types of the newest events, oldest first."""
    return [event.type for event in client.events.list({"limit": count}).data][::-1]


def test_an_invoice_is_drafted_filled_finalised_and_paid(client, customer):
    draft = client.invoices.create(
        {
            "customer": customer.id,
            "auto_advance": False,
            "collection_method": "charge_automatically",
            "currency": "usd",
            "description": "February",
            "metadata": {"statement": "PB-2019-02-0001", "schema": "public"},
            "pending_invoice_items_behavior": "exclude",
        }
    )
    assert (draft.status, draft.total, draft.number, draft.hosted_invoice_url) == ("draft", 0, None, None)
    period = {"start": 1546300800, "end": 1548979200}
    filled = client.invoices.add_lines(
        draft.id,
        {
            "lines": [
                {"amount": 7097, "description": "December", "period": period, "metadata": {"month": "2018-12"}},
                {"amount": 11000, "description": "January", "period": period},
            ]
        },
    )
    assert (filled.total, filled.amount_due, [line.amount for line in filled.lines.data]) == (
        18097,
        18097,
        [7097, 11000],
    )
    final = client.invoices.finalize_invoice(draft.id, {"auto_advance": False})
    assert (final.status, final.attempted, final.number) == ("open", False, f"{customer.invoice_prefix}-0001")
    assert final.hosted_invoice_url
    paid = client.invoices.pay(draft.id, {"expand": ["payments.data.payment.payment_intent"]})
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 18097, 0)
    payment = paid.payments.data[0]
    assert (payment.status, payment.payment.payment_intent.status) == ("paid", "succeeded")
    assert (
        events_after(client, 12)
        == [
            "invoice.created",
            "invoiceitem.created",
            "invoiceitem.created",
            "invoice.updated",
            "payment_intent.created",
            "invoice.finalized",
            "invoice.updated",
            "charge.succeeded",
            "payment_intent.succeeded",
            "invoice_payment.paid",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
        ][-12:]
    )
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        client.invoices.pay(draft.id)


def test_payments_are_sent_only_when_asked_for(client, make_invoice):
    invoice = client.invoices.retrieve(make_invoice(11000).id)
    assert "payments" not in invoice.to_dict()
    expanded = client.invoices.retrieve(invoice.id, {"expand": ["payments", "customer", "confirmation_secret"]})
    intent = expanded.payments.data[0].payment.payment_intent
    assert expanded.customer.email == "owner@example.com"
    assert expanded.confirmation_secret.client_secret.startswith(intent)
    assert client.invoice_payments.list({"invoice": invoice.id}).data[0].payment.payment_intent == intent
    by_intent = {"payment": {"type": "payment_intent", "payment_intent": intent}}
    assert client.invoice_payments.list(by_intent).data[0].invoice == invoice.id
    assert client.invoice_payments.retrieve(expanded.payments.data[0].id).status == "open"


def test_only_the_first_ten_lines_are_sent_with_an_invoice(client, make_invoice):
    invoice = make_invoice(*range(100, 125))
    assert (len(invoice.lines.data), invoice.lines.has_more, invoice.total) == (10, True, sum(range(100, 125)))
    lines = list(client.invoices.line_items.list(invoice.id, {"limit": 10}).auto_paging_iter())
    assert [line.amount for line in lines] == list(range(100, 125))


def test_an_invoice_takes_250_lines_and_no_more(client, customer):
    draft = client.invoices.create({"customer": customer.id})
    lines = [{"amount": 100} for _ in range(250)]
    assert client.invoices.add_lines(draft.id, {"lines": lines}).total == 25000
    with pytest.raises(stripe.InvalidRequestError, match="250"):
        client.invoices.add_lines(draft.id, {"lines": [{"amount": 100}]})
    with pytest.raises(stripe.InvalidRequestError, match="250"):
        client.invoice_items.create({"customer": customer.id, "invoice": draft.id, "amount": 100, "currency": "usd"})


def test_invoice_items_wait_for_a_draft_or_go_straight_onto_one(client, customer):
    waiting = client.invoice_items.create({"customer": customer.id, "amount": 700, "currency": "usd"})
    assert [item.id for item in client.invoice_items.list({"pending": True}).data] == [waiting.id]
    draft = client.invoices.create({"customer": customer.id, "pending_invoice_items_behavior": "include"})
    assert draft.total == 700
    product = client.products.create({"name": "Production 110"})
    price = {"currency": "usd", "product": product.id, "unit_amount_decimal": "333.5"}
    second = client.invoice_items.create(
        {"customer": customer.id, "invoice": draft.id, "price_data": price, "quantity": 2}
    )
    assert second.amount == 667
    assert second.pricing.price_details.product == product.id
    client.invoice_items.update(second.id, {"description": "Two of them"})
    assert client.invoices.retrieve(draft.id).lines.data[1].description == "Two of them"
    client.invoice_items.delete(waiting.id)
    assert client.invoices.retrieve(draft.id).total == 667
    line = client.invoices.retrieve(draft.id).lines.data[0]
    emptied = client.invoices.remove_lines(draft.id, {"lines": [{"id": line.id, "behavior": "delete"}]})
    assert (emptied.total, emptied.lines.data) == (0, [])


def test_a_draft_is_changed_or_deleted_a_final_invoice_is_not(client, customer, make_invoice):
    draft = client.invoices.create({"customer": customer.id, "number": "PB-1"})
    changed = client.invoices.update(draft.id, {"description": "New", "metadata": {"a": "1"}})
    assert (changed.description, changed.number) == ("New", "PB-1")
    with pytest.raises(stripe.InvalidRequestError, match="this number"):
        client.invoices.create({"customer": customer.id, "number": "PB-1"})
    assert client.invoices.delete(draft.id).deleted
    final = make_invoice(500)
    for change in (
        lambda: client.invoices.update(final.id, {"description": "Late"}),
        lambda: client.invoices.delete(final.id),
        lambda: client.invoices.finalize_invoice(final.id),
        lambda: client.invoices.add_lines(final.id, {"lines": [{"amount": 1}]}),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            change()
        assert refused.value.code == "invoice_not_editable"
    assert client.invoices.update(final.id, {"metadata": {"attempt": "2"}}).metadata["attempt"] == "2"


def test_void_and_uncollectible(client, make_invoice):
    void = client.invoices.void_invoice(make_invoice(500).id)
    assert (void.status, void.status_transitions.voided_at is not None) == ("void", True)
    assert events_after(client, 3) == ["payment_intent.canceled", "invoice.voided", "invoice.updated"]
    with pytest.raises(stripe.InvalidRequestError, match="no longer payable"):
        client.invoices.pay(void.id)
    given_up = client.invoices.mark_uncollectible(make_invoice(600).id)
    assert given_up.status == "uncollectible"
    assert client.invoices.pay(given_up.id).status == "paid"
    assert [item.id for item in client.invoices.list({"status": "void"}).data] == [void.id]


def test_an_invoice_paid_elsewhere(client, make_invoice):
    paid = client.invoices.pay(make_invoice(900).id, {"paid_out_of_band": True, "expand": ["payments"]})
    assert (paid.status, paid.amount_paid, paid.amount_paid_off_stripe) == ("paid", 900, 900)
    assert paid.payments.data[0].status == "canceled"
    assert client.charges.list().data == []


def test_a_sum_too_small_for_a_card_goes_to_the_customers_balance(client, customer, make_invoice):
    small = make_invoice(49)
    assert (small.status, small.amount_due) == ("paid", 0)
    assert client.customers.retrieve(customer.id).balance == 49
    next_one = make_invoice(1000)
    assert (next_one.amount_due, next_one.starting_balance, next_one.ending_balance) == (1049, 49, 0)


def test_a_negative_invoice_becomes_credit_for_the_next(client, customer, make_invoice):
    assert make_invoice(-1500).status == "paid"
    assert client.customers.retrieve(customer.id).balance == -1500
    assert make_invoice(2000).amount_due == 500


def test_invoices_are_found_by_metadata(client, make_invoice):
    invoice = make_invoice(700, metadata={"statement": "S-1", "schema": "one"})
    make_invoice(800, metadata={"statement": "S-2", "schema": "one"})
    found = client.invoices.search({"query": "metadata['statement']:'S-1' AND status:'open'"}).data
    assert [item.id for item in found] == [invoice.id]
    assert (
        len(client.invoices.search({"query": "metadata['statement']:'S-1' OR metadata['statement']:'S-2'"}).data) == 2
    )
    assert (
        client.invoices.search({"query": "metadata['schema']:'one' AND -metadata['statement']:'S-2'"}).data[0].id
        == invoice.id
    )
    assert client.invoices.search({"query": "total>750"}).data[0].total == 800
    with pytest.raises(stripe.InvalidRequestError, match="unable to parse"):
        client.invoices.search({"query": "what?"})


def test_products_and_prices(client):
    product = client.products.create({"id": "plan-7", "name": "Production 110", "metadata": {"plan": "7"}})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.products.create({"id": "plan-7", "name": "Again"})
    assert refused.value.code == "resource_already_exists"
    price = client.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 11000, "recurring": {"interval": "month"}}
    )
    client.products.update(product.id, {"name": "Production 120", "default_price": price.id})
    assert client.prices.update(price.id, {"active": False}).active is False
    assert client.products.update(product.id, {"active": False}).active is False
    assert [item.name for item in client.products.list({"active": False}).data] == ["Production 120"]
    assert client.products.list({"ids": ["nothing"]}).data == []
    assert client.prices.list({"product": product.id}).data[0].unit_amount == 11000
    types = [event.type for event in client.events.list({"type": "product.*"}).data]
    assert types == ["product.updated", "product.updated", "product.created"]


def test_an_invoice_that_is_sent_instead_of_charged(client, customer):
    draft = client.invoices.create({"customer": customer.id, "collection_method": "send_invoice", "days_until_due": 14})
    item = client.invoice_items.create({"customer": customer.id, "invoice": draft.id, "amount": 30, "currency": "usd"})
    assert client.invoice_items.retrieve(item.id).invoice == draft.id
    sent = client.invoices.send_invoice(draft.id)
    assert (sent.status, sent.amount_due, sent.due_date - sent.created >= 14 * 86400) == ("open", 30, True)
    assert events_after(client, 1) == ["invoice.sent"]


def test_products_and_prices_are_found_and_products_deleted(client):
    product = client.products.create({"name": "Plan"})
    assert client.products.delete(product.id).deleted
    kept = client.products.create({"name": "Plan", "default_price_data": {"currency": "usd", "unit_amount": 500}})
    price = client.prices.retrieve(client.products.retrieve(kept.id).default_price)
    client.prices.update(price.id, {"metadata": {"plan": "7"}})
    assert client.prices.search({"query": "metadata['plan']:'7'"}).data[0].unit_amount == 500
    with pytest.raises(stripe.InvalidRequestError, match="cannot be deleted"):
        client.products.delete(kept.id)
