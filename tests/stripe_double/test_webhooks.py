"""Webhooks: signed, retried, and led astray."""

import time

import pytest
import stripe

from example_site.stripe_double.delivery import loopback_target


@pytest.fixture
def endpoint(client, receiver):
    """A registered endpoint for everything."""
    return client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"], "metadata": {"uuid": "1"}})


def test_an_endpoint_is_registered_changed_and_deleted(client, endpoint, receiver):
    assert endpoint.secret.startswith("whsec_")
    assert "secret" not in client.webhook_endpoints.retrieve(endpoint.id).to_dict()
    assert client.webhook_endpoints.update(endpoint.id, {"disabled": True}).status == "disabled"
    client.customers.create({})
    client.webhook_endpoints.update(endpoint.id, {"disabled": False, "enabled_events": ["customer.created"]})
    assert client.webhook_endpoints.list().data[0].enabled_events == ["customer.created"]
    assert client.webhook_endpoints.delete(endpoint.id).deleted
    assert receiver.received == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.webhook_endpoints.create({"url": "nowhere", "enabled_events": ["*"]})
    assert refused.value.code == "url_invalid"


def test_events_arrive_signed_and_whole(client, control, endpoint, receiver):
    made = client.customers.create({"name": "One"}, {"idempotency_key": "k"})
    control.drain()
    event = receiver.events(endpoint.secret)[0]
    assert (event.type, event.data.object.id, event.api_version) == ("customer.created", made.id, "2026-05-27.dahlia")
    assert event["request"]["idempotency_key"] == "k"
    assert event["request"]["id"] == made.last_response.request_id
    assert client.events.retrieve(event.id).pending_webhooks == 0
    with pytest.raises(stripe.SignatureVerificationError):
        receiver.events("whsec_wrong")


def test_an_update_tells_what_was_before(client, control, endpoint, receiver):
    made = client.customers.create({"name": "One"})
    client.customers.update(made.id, {"name": "Two"})
    control.drain()
    event = next(item for item in receiver.events(endpoint.secret) if item.type == "customer.updated")
    assert event.data.previous_attributes.to_dict() == {"name": "One"}


def test_a_refused_delivery_is_retried_when_its_time_has_come(client, control, endpoint, receiver):
    control.settings(back_off=[300, 3600])
    receiver.answers = [500, 503]
    made = client.customers.create({})
    control.drain()
    undelivered = client.events.list({"delivery_success": False}).data
    assert [(event.type, event.pending_webhooks) for event in undelivered] == [("customer.created", 1)]
    control.advance_clock(301)
    control.drain()
    assert len(receiver.received) == 2
    control.advance_clock(3601)
    control.drain()
    assert len(receiver.received) == 3
    assert client.events.list({"delivery_success": False}).data == []
    assert {event.data.object.id for event in receiver.events(endpoint.secret)} == {made.id}
    attempts = control.deliveries(undelivered[0].id)[0]["attempts"]
    assert [attempt["status"] for attempt in attempts] == [500, 503, 200]


def test_retries_come_by_themselves_and_end(client, control, endpoint, receiver):
    control.settings(back_off=[0.05, 0.05])
    receiver.answers = [500, 500, 500]
    client.customers.create({})
    until = time.monotonic() + 5
    while control.deliveries()[0]["state"] == "waiting" and time.monotonic() < until:
        time.sleep(0.02)
    assert control.deliveries()[0]["state"] == "failed"
    assert len(receiver.received) == 3
    control.resend(control.deliveries()[0]["event"])
    control.drain()
    assert len(receiver.received) == 4


def test_a_dead_endpoint_is_noted(client, control):
    client.webhook_endpoints.create({"url": "http://127.0.0.1:9/hook", "enabled_events": ["customer.created"]})
    client.customers.create({})
    control.drain()
    assert control.deliveries()[0]["attempts"][0]["status"] is None


def test_nothing_leaves_this_machine():
    assert loopback_target("http://agency-one.localhost:8000/hook?a=1") == (
        "http://127.0.0.1:8000/hook?a=1",
        "agency-one.localhost:8000",
    )
    for url in ("https://example.com/hook", "http://192.168.1.1/", "http://10.0.0.1:80/"):
        with pytest.raises(ValueError, match="not an address of this machine"):
            loopback_target(url)


def test_only_wanted_events_are_sent(client, control, receiver):
    client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["product.created"]})
    client.customers.create({})
    client.products.create({"name": "Plan"})
    control.drain()
    assert receiver.types() == ["product.created"]


def test_dropped(client, control, endpoint, receiver):
    control.add_fault("webhook_drop", "customer.created", times=1)
    client.customers.create({})
    control.drain()
    assert receiver.received == []
    assert len(client.events.list({"delivery_success": False}).data) == 1


def test_doubled(client, control, endpoint, receiver):
    control.add_fault("webhook_double", "customer.*", times=1)
    client.customers.create({})
    control.drain()
    first, second = receiver.events(endpoint.secret)
    assert first.id == second.id


def test_late(client, control, endpoint, receiver):
    control.add_fault("webhook_late", "customer.created", times=1, seconds=0.3)
    client.customers.create({})
    client.products.create({"name": "Plan"})
    control.drain()
    assert receiver.types() == ["product.created", "customer.created"]


def test_reordered(client, control, endpoint, receiver):
    control.settings(concurrency=1)
    control.add_fault("webhook_reorder", "*", window=3, seconds=5)
    for name in ("a", "b", "c"):
        client.products.create({"name": name})
    control.drain()
    names = [event.data.object.name for event in receiver.events(endpoint.secret)]
    assert names == ["c", "b", "a"]


def test_paused(client, control, endpoint, receiver):
    control.settings(paused=True)
    client.customers.create({})
    time.sleep(0.1)
    assert receiver.received == []
    control.settings(paused=False)
    control.drain()
    assert receiver.types() == ["customer.created"]


def test_the_whole_path_of_an_invoice_is_heard(client, control, endpoint, receiver, make_invoice):
    client.invoices.pay(make_invoice(11000).id)
    control.drain()
    assert sorted(receiver.types()) == sorted(event.type for event in client.events.list({"limit": 100}).data)
    assert "invoice.payment_succeeded" in receiver.types()
