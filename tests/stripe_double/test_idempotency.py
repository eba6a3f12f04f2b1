"""Idempotency keys: the first answer, whatever it was."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe


def options(key):
    """Return request options with a key."""
    return {"idempotency_key": key}


def test_a_repeated_request_has_the_first_answer(client):
    first = client.customers.create({"name": "One"}, options("k"))
    again = client.customers.create({"name": "One"}, options("k"))
    assert first.id == again.id
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert again.last_response.headers["original-request"] == first.last_response.request_id
    assert len(client.customers.list().data) == 1


def test_another_request_under_the_same_key_is_refused(client):
    client.customers.create({"name": "One"}, options("k"))
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        client.customers.create({"name": "Two"}, options("k"))


def test_a_refused_card_is_refused_again_without_asking_its_bank(client, control, customer, make_invoice):
    control.change_card(customer.invoice_settings.default_payment_method, next_outcomes=["insufficient_funds"])
    invoice = make_invoice(11000)
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.invoices.pay(invoice.id, {}, options("statement-1-attempt-1"))
    assert len(client.charges.list().data) == 1
    assert client.invoices.pay(invoice.id, {}, options("statement-1-attempt-2")).status == "paid"


def test_a_malformed_request_is_not_remembered(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.customers.create({"shoe_size": "44"}, options("k"))
    assert client.customers.create({"name": "One"}, options("k")).name == "One"


def test_a_key_is_forgotten_after_a_day(client, control):
    first = client.customers.create({"name": "One"}, options("k"))
    control.advance_clock(24 * 3600 + 1)
    assert client.customers.create({"name": "One"}, options("k")).id != first.id


def test_keys_of_two_accounts_do_not_meet(double, client, control):
    other = control.add_account("Partner One")["account"]["id"]
    mine = client.customers.create({"name": "One"}, options("k"))
    theirs = client.customers.create({"name": "One"}, {**options("k"), "stripe_account": other})
    assert mine.id != theirs.id


def test_two_at_once_make_one(client, control):
    control.add_fault("late_effect", "POST /v1/customers", times=1, seconds=0.4)

    def create(_):
        try:
            return client.customers.create({"name": "One"}, options("k")).id
        except stripe.StripeError as error:
            return (error.http_status, error.error.code)

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(create, range(2)))
    assert (409, "idempotency_key_in_use") in answers
    assert len(client.customers.list().data) == 1
