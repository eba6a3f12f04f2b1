"""Customers, cards, and saving a card with and without 3-D Secure."""

import pytest
import stripe


def test_a_customer_is_made_found_changed_and_deleted(client):
    made = client.customers.create(
        {"email": "a@example.com", "name": "Agency", "metadata": {"account": "7"}, "address": {"line1": "Street 1"}}
    )
    assert client.customers.retrieve(made.id).address.line1 == "Street 1"
    changed = client.customers.update(made.id, {"name": "Agency One", "metadata": {"account": "", "schema": "one"}})
    assert (changed.name, changed.metadata.to_dict()) == ("Agency One", {"schema": "one"})
    assert [item.id for item in client.customers.search({"query": "metadata['schema']:'one'"}).data] == [made.id]
    assert client.customers.list({"email": "a@example.com"}).data[0].id == made.id
    assert client.customers.delete(made.id).deleted
    assert client.customers.retrieve(made.id).deleted
    assert client.customers.list().data == []


def test_search_can_lag_behind_as_stripes_does(client, control):
    control.settings(search_delay=30)
    made = client.customers.create({"metadata": {"account": "7"}})
    assert client.customers.search({"query": "metadata['account']:'7'"}).data == []
    assert client.customers.list().data[0].id == made.id


def test_a_card_is_saved_and_charged_off_session_by_its_setup_intent(client):
    customer = client.customers.create({"email": "a@example.com"})
    intent = client.setup_intents.create(
        {"customer": customer.id, "usage": "off_session", "automatic_payment_methods": {"enabled": True}}
    )
    assert intent.status == "requires_payment_method"
    confirmed = client.setup_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": "http://localhost/back"}
    )
    assert confirmed.status == "succeeded"
    methods = client.payment_methods.list({"customer": customer.id, "type": "card"}).data
    assert [(item.card.brand, item.card.last4) for item in methods] == [("visa", "4242")]
    assert client.customers.payment_methods.list(customer.id).data[0].id == confirmed.payment_method
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refused.value.code == "setup_intent_unexpected_state"


def test_a_browser_needs_the_client_secret(client, browser_client):
    intent = client.setup_intents.create({})
    card = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    method = browser_client.payment_methods.create(card)
    with pytest.raises(stripe.InvalidRequestError, match="client_secret"):
        browser_client.setup_intents.confirm(intent.id, {"payment_method": method.id})
    with pytest.raises(stripe.InvalidRequestError, match="does not match"):
        browser_client.setup_intents.confirm(intent.id, {"payment_method": method.id, "client_secret": "wrong"})
    done = browser_client.setup_intents.confirm(
        intent.id, {"payment_method": method.id, "client_secret": intent.client_secret}
    )
    assert done.status == "succeeded"
    with pytest.raises(stripe.AuthenticationError):
        browser_client.customers.list()


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000000000009995", "card_declined", "insufficient_funds"),
        ("4000000000009987", "card_declined", "lost_card"),
        ("4000000000009979", "card_declined", "stolen_card"),
        ("4000000000000069", "expired_card", None),
        ("4000000000000127", "incorrect_cvc", None),
        ("4000000000000119", "processing_error", None),
        ("4242424242424241", "incorrect_number", None),
        ("4111111111111111", "card_declined", "test_mode_live_card"),
    ],
)
def test_a_card_that_its_bank_refuses_is_not_saved(client, number, code, decline_code):
    customer = client.customers.create({})
    intent = client.setup_intents.create({"customer": customer.id})
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}

    def save():
        method = client.payment_methods.create({"type": "card", "card": card})
        client.setup_intents.confirm(intent.id, {"payment_method": method.id})

    with pytest.raises(stripe.CardError) as refused:
        save()
    assert refused.value.http_status == 402
    assert refused.value.code == code
    assert refused.value.error.decline_code == decline_code
    assert client.payment_methods.list({"customer": customer.id}).data == []
    status = client.setup_intents.retrieve(intent.id)
    assert status.status == "requires_payment_method"


@pytest.mark.parametrize(
    ("month", "year", "code"), [(13, 2040, "invalid_expiry_month"), (1, 2001, "invalid_expiry_year")]
)
def test_an_impossible_expiry_is_refused(client, month, year, code):
    card = {"number": "4242424242424242", "exp_month": month, "exp_year": year}
    with pytest.raises(stripe.CardError) as refused:
        client.payment_methods.create({"type": "card", "card": card})
    assert refused.value.code == code


def test_saving_a_card_asks_for_3d_secure_which_may_fail_and_then_pass(client, control):
    customer = client.customers.create({})
    intent = client.setup_intents.create({"customer": customer.id, "usage": "off_session"})
    asked = client.setup_intents.confirm(intent.id, {"payment_method": "pm_card_authenticationRequiredOnSetup"})
    assert asked.status == "requires_action"
    assert asked.next_action.type == "use_stripe_sdk"
    control.authenticate(intent.id, passed=False)
    failed = client.setup_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_setup_error.code == "setup_intent_authentication_failure"
    back = "http://localhost/back"
    client.setup_intents.confirm(
        intent.id, {"payment_method": "pm_card_authenticationRequiredOnSetup", "return_url": back}
    )
    assert client.setup_intents.retrieve(intent.id).next_action.redirect_to_url.return_url == back
    control.authenticate(intent.id, passed=True)
    assert client.setup_intents.retrieve(intent.id).status == "succeeded"
    attempts = client.setup_attempts.list({"setup_intent": intent.id}).data
    assert [attempt.status for attempt in attempts] == ["succeeded", "requires_action", "failed", "requires_action"]


def test_a_setup_intent_can_be_cancelled(client):
    intent = client.setup_intents.create({})
    assert client.setup_intents.cancel(intent.id, {"cancellation_reason": "abandoned"}).status == "canceled"
    assert [item.id for item in client.setup_intents.list().data] == [intent.id]


def test_a_detached_card_is_no_default_and_never_used_again(client, customer):
    method = customer.invoice_settings.default_payment_method
    assert client.payment_methods.detach(method).customer is None
    assert client.customers.retrieve(customer.id).invoice_settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        client.payment_methods.attach(method, {"customer": customer.id})
    with pytest.raises(stripe.InvalidRequestError, match="must be attached"):
        client.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method}})


def test_a_card_is_changed_by_its_owner_and_renewed_by_its_bank(client, control, customer):
    method = customer.invoice_settings.default_payment_method
    changed = client.payment_methods.update(method, {"card": {"exp_month": 2, "exp_year": 2041}})
    assert (changed.card.exp_month, changed.card.exp_year) == (2, 2041)
    control.change_card(method, exp_year=2045, last4="9999")
    assert client.payment_methods.retrieve(method).card.last4 == "9999"
    types = [event.type for event in client.events.list({"type": "payment_method.*"}).data]
    assert types == ["payment_method.automatically_updated", "payment_method.updated", "payment_method.attached"]


def test_credit_on_a_customer_is_written_down(client):
    customer = client.customers.create({})
    client.customers.balance_transactions.create(customer.id, {"amount": -500, "currency": "usd"})
    assert client.customers.retrieve(customer.id).balance == -500
    assert [item.amount for item in client.customers.balance_transactions.list(customer.id).data] == [-500]


def test_a_card_is_attached_by_the_server(client):
    customer = client.customers.create({})
    method = client.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    assert client.customers.payment_methods.retrieve(customer.id, method.id).card.brand == "mastercard"
    other = client.customers.create({})
    with pytest.raises(stripe.InvalidRequestError, match="No such PaymentMethod"):
        client.customers.payment_methods.retrieve(other.id, method.id)
    with pytest.raises(stripe.CardError):
        client.payment_methods.attach("pm_card_visa_chargeDeclined", {"customer": customer.id})


def test_a_setup_intent_is_changed_before_it_is_confirmed(client):
    intent = client.setup_intents.create({})
    changed = client.setup_intents.update(intent.id, {"payment_method": "pm_card_visa", "metadata": {"a": "1"}})
    assert (changed.status, changed.metadata["a"]) == ("requires_confirmation", "1")
    assert client.setup_intents.confirm(intent.id).status == "succeeded"
