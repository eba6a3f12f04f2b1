"""Faults: what fails, whether the work was done, and what a second try finds."""

import time

import httpx
import pytest
import stripe

from tests.stripe_double.conftest import make_client


def count(client):
    """Return the number of customers."""
    return len(client.customers.list({"limit": 100}).data)


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("drop_before", stripe.APIConnectionError, 0),
        ("drop_after", stripe.APIConnectionError, 1),
        ("timeout_before", stripe.APIConnectionError, 0),
        ("timeout_after", stripe.APIConnectionError, 1),
        ("rate_limit", stripe.RateLimitError, 0),
        ("error_before", stripe.APIError, 0),
        ("error_after", stripe.APIError, 1),
    ],
)
def test_a_fault_strikes_once(client, control, kind, error, done):
    control.add_fault(kind, "POST /v1/customers", times=1, seconds=0.1)
    with pytest.raises(error):
        client.customers.create({"name": "One"}, {"idempotency_key": "k"})
    assert count(client) == done
    if kind == "error_after":  # Stripe replays its own 500 as well
        with pytest.raises(stripe.APIError):
            client.customers.create({"name": "One"}, {"idempotency_key": "k"})
    else:
        client.customers.create({"name": "One"}, {"idempotency_key": "k"})
    assert count(client) == 1


def test_a_client_that_gives_up_leaves_the_effect_behind(double, control, client):
    control.add_fault("late_effect", "POST /v1/customers", times=1, seconds=2)
    impatient = make_client(double, http_client=stripe.HTTPXClient(timeout=1, allow_sync_methods=True))
    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.customers.create({"name": "One"}, {"idempotency_key": "k"})
    assert count(client) == 0
    deadline = time.monotonic() + 20
    while count(client) == 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert count(client) == 1
    client.customers.create({"name": "One"}, {"idempotency_key": "k"})
    assert count(client) == 1


def test_stripes_own_retries_get_through(double, control):
    control.add_fault("drop_after", "POST /v1/customers", times=1)
    control.add_fault("error_before", "POST /v1/customers", times=1)
    patient = make_client(double, max_network_retries=3)
    assert patient.v1.customers.create({"name": "One"}).name == "One"
    assert count(patient.v1) == 1


def test_a_fault_can_skip_aim_and_be_random(client, control):
    control.add_fault("error_before", "POST /v1/invoices/*/pay", times=1)
    control.add_fault("error_before", "POST /v1/customers", times=1, skip=1)
    client.customers.create({})
    with pytest.raises(stripe.APIError):
        client.customers.create({})
    control.clear_faults()
    control.add_fault("error_before", "POST /v1/products", probability=0.5, seed=7)

    def outcomes():
        found = []
        for _ in range(12):
            try:
                client.products.create({"name": "x"})
                found.append(True)
            except stripe.APIError:
                found.append(False)
        return found

    first = outcomes()
    assert {True, False} == set(first)
    control.clear_faults()
    control.add_fault("error_before", "POST /v1/products", probability=0.5, seed=7)
    assert outcomes() == first
    assert control.faults()[0]["struck"] == first.count(False)


def test_a_rate_limit_counts_calls_in_a_second(client, control):
    control.settings(writes_per_second=3)
    refused = 0
    for _ in range(10):
        try:
            client.customers.create({})
        except stripe.RateLimitError:
            refused += 1
    assert refused >= 4  # the ten calls may fall into two seconds
    client.customers.list()


def test_a_fault_that_there_is_not_is_refused(double):
    answer = httpx.post(f"{double.base_url}/_control/faults", json={"kind": "gremlin"})
    assert answer.status_code == 400
    assert "timeout_before" in answer.text
