"""Keys, limits, modes, versions and endpoints at the double as Stripe documents them."""

from __future__ import annotations

import json

import pytest
import stripe

from example_site.stripe_double.accounts import LIVE_SECRET_KEY, SECRET_KEY
from example_site.stripe_double.specification import API_VERSION
from tests.stripe_double.conftest import make_client

PLATFORM = "acct_stripeDouble0001"
OLD = "2024-06-20"


def test_a_restricted_key_may_do_what_it_says(double, control):
    key = control.restricted_key({"customer": "read", "invoice": "write"})
    client = make_client(double, key).v1
    client.customers.list()
    client.invoices.list()
    with pytest.raises(stripe.PermissionError, match="rak_customer_write") as caught:
        client.customers.create({})
    assert (caught.value.http_status, caught.value.code) == (403, None)
    assert key not in str(caught.value)


def test_a_rolled_key_works_until_its_time(double, client, control):
    control.set_clock(1550188800, frozen=True)
    new = control.roll_key(SECRET_KEY, seconds=60)
    client.customers.list()
    control.advance_clock(60)
    with pytest.raises(stripe.AuthenticationError, match="Expired API Key provided: sk_test_") as caught:
        client.customers.list()
    assert (caught.value.http_status, caught.value.error.code) == (401, "api_key_expired")
    make_client(double, new).v1.customers.list()


def test_each_endpoint_has_a_limit_of_its_own(client, control):
    control.settings(endpoint_per_second=1)
    with pytest.raises(stripe.RateLimitError) as caught:
        for _ in range(200):  # two of them lie in one second
            client.customers.list()
    client.products.list()
    assert caught.value.headers["stripe-rate-limited-reason"] == "endpoint-rate"


def test_an_object_may_be_held_by_another_request(client, control, make_invoice):
    made = make_invoice(11000)
    control.add_fault("lock_timeout", where="POST /v1/invoices/*/pay", times=1)
    with pytest.raises(stripe.RateLimitError) as caught:
        client.invoices.pay(made.id, None, {"idempotency_key": "k"})
    assert (caught.value.http_status, caught.value.error.code) == (429, "lock_timeout")
    assert client.invoices.pay(made.id, None, {"idempotency_key": "k"}).status == "paid"


@pytest.mark.parametrize(
    ("resource", "filters"),
    [
        ("invoices", {"customer": "cus_no"}),
        ("refunds", {"payment_intent": "pi_no"}),
        ("refunds", {"charge": "ch_no"}),
        ("charges", {"customer": "cus_no"}),
        ("invoice_payments", {"invoice": "in_no"}),
        ("prices", {"product": "prod_no"}),
    ],
)
def test_a_list_by_an_unknown_id(client, control, resource, filters):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        getattr(client, resource).list(filters)
    assert caught.value.code == "resource_missing"
    control.settings(unknown_filters=True)
    assert getattr(client, resource).list(filters).data == []


def test_a_deleted_customer(client, customer, make_invoice):
    made = make_invoice(11000)
    client.customers.delete(customer.id)
    gone = client.customers.retrieve(customer.id, {"expand": ["subscriptions", "default_source"]})
    assert gone.deleted
    assert client.invoices.retrieve(made.id, {"expand": ["customer.subscriptions"]}).customer.deleted
    assert [i.id for i in client.invoices.list({"customer": customer.id}).data] == [made.id]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.invoices.create({"customer": customer.id})
    assert caught.value.code == "resource_missing"


def test_search_is_not_everywhere(client, control):
    client.customers.create({"metadata": {"a": "b"}})
    query = {"query": "metadata['a']:'b'"}
    assert len(client.customers.search(query).data) == 1
    control.settings(search_available=False)
    with pytest.raises(stripe.InvalidRequestError, match="not available"):
        client.customers.search(query)


def endpoint(client, receiver, **options):
    return client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"], **options})


def test_a_disabled_endpoint_hears_no_more_retries(client, control, receiver):
    made = endpoint(client, receiver)
    receiver.answers.append(500)
    client.customers.create({})
    control.drain()
    client.webhook_endpoints.update(made.id, {"disabled": True})
    client.customers.create({})
    control.drain(retries=True)
    assert len(receiver.received) == 1
    client.webhook_endpoints.update(made.id, {"disabled": False})
    client.products.create({"name": "x"})
    control.drain()
    assert receiver.types() == ["customer.created", "product.created"]


def test_a_rolled_secret_signs_beside_the_new_one_for_a_while(client, control, receiver):
    control.set_clock(1550188800, frozen=True)
    made = endpoint(client, receiver)
    new = control.roll_secret(made.id, seconds=60)
    client.customers.create({})
    control.drain()
    assert len(receiver.events(made.secret)) == len(receiver.events(new)) == 1
    control.advance_clock(60)
    receiver.received.clear()
    client.customers.create({})
    control.drain()
    assert len(receiver.events(new)) == 1
    with pytest.raises(stripe.SignatureVerificationError):
        receiver.events(made.secret)


def test_events_bear_the_version_of_the_account_and_webhooks_that_of_the_endpoint(
    client, control, receiver, make_invoice
):
    control.settings(account_api_version=OLD)
    endpoint(client, receiver, api_version=API_VERSION, enabled_events=["invoice.paid"])
    endpoint(client, receiver, enabled_events=["invoice.paid"])
    client.invoices.pay(make_invoice(11000).id)
    control.drain()
    listed = client.events.list({"type": "invoice.paid"}).data[0]
    charge = client.charges.list().data[0]
    assert (listed.api_version, listed.data.object["paid"], listed.data.object["charge"]) == (OLD, True, charge.id)
    bodies = sorted((json.loads(body) for body, _ in receiver.received), key=lambda body: body["api_version"])
    assert [(b["api_version"], "charge" in b["data"]["object"]) for b in bodies] == [(OLD, True), (API_VERSION, False)]


def test_live_and_test_mode_share_nothing(double, client):
    live = make_client(double, LIVE_SECRET_KEY).v1
    made = live.customers.create({})
    assert (made.livemode, client.customers.create({}).livemode) == (True, False)
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.customers.retrieve(made.id)


def test_test_events_reach_live_connect_endpoints_and_live_ones_never_test_endpoints(double, client, control, receiver):
    partner = control.add_account("Agency One")["account"]["id"]
    live = make_client(double, LIVE_SECRET_KEY).v1
    of_partner = {"stripe_account": partner}
    made = endpoint(live, receiver, connect=True)
    client.customers.create({}, of_partner)
    live.customers.create({}, of_partner)
    control.drain()
    assert sorted(e.livemode for e in receiver.events(made.secret)) == [False, True]
    live.webhook_endpoints.delete(made.id)
    receiver.received.clear()
    endpoint(client, receiver, connect=True)
    live.customers.create({}, of_partner)
    control.drain()
    assert receiver.received == []


def test_an_event_of_the_other_mode_can_be_made(double, client, control, receiver):
    partner = control.add_account("Agency One")["account"]["id"]
    live = make_client(double, LIVE_SECRET_KEY).v1
    made = endpoint(live, receiver, connect=True)
    control.send_event("account.updated", "account", partner)
    control.deauthorise(partner, livemode=False)
    control.drain()
    events = receiver.events(made.secret)
    assert [(e.type, e.livemode) for e in events] == [
        ("account.updated", False),
        ("account.application.deauthorized", False),
    ]


def test_a_switch_that_there_is_not_is_refused(control):
    for wrong in ({"nothing": 1}, {"refunds_need_balance": "yes"}, {"endpoint_per_second": "2"}):
        with pytest.raises(RuntimeError, match="setting"):
            control.settings(**wrong)
    assert control.settings(endpoint_per_second=None)["endpoint_per_second"] is None
