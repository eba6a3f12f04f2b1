"""Pages of lists, the clock, counters, and what survives a restart."""

import pytest
import stripe

from example_site.stripe_double.server import StripeDouble, start_process
from tests.stripe_double.conftest import make_client


def test_lists_are_paged_newest_first(client):
    made = [client.products.create({"name": f"Plan {n}"}).id for n in range(7)][::-1]
    page = client.products.list({"limit": 3})
    assert ([item.id for item in page.data], page.has_more) == (made[:3], True)
    second = client.products.list({"limit": 3, "starting_after": made[2]})
    assert [item.id for item in second.data] == made[3:6]
    before = client.products.list({"limit": 2, "ending_before": made[5]})
    assert ([item.id for item in before.data], before.has_more) == (made[3:5], True)
    assert [item.id for item in client.products.list({"limit": 2}).auto_paging_iter()] == made
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError):
            client.products.list({"limit": limit})
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        client.products.list({"starting_after": "prod_nothing"})


def test_searches_are_paged(client):
    for _ in range(5):
        client.products.create({"name": "Plan", "metadata": {"kind": "plan"}})
    query = {"query": "metadata['kind']:'plan'", "limit": 2}
    first = client.products.search(query)
    second = client.products.search({**query, "page": first.next_page})
    assert len({item.id for item in [*first.data, *second.data]}) == 4
    assert len(list(client.products.search(query).auto_paging_iter())) == 5


def test_the_clock_is_set_stopped_and_moved(client, control):
    assert control.set_clock(1548979200, frozen=True) == 1548979200
    assert client.customers.create({}).created == 1548979200
    assert control.advance_clock(14 * 86400) == 1550188800
    assert client.customers.create({}).created == 1550188800
    old = client.customers.list({"created": {"lt": 1550000000}})
    assert [item.created for item in old.data] == [1548979200]
    assert client.events.list({"type": "customer.created"}).data[0].created == 1550188800


def test_calls_are_counted_and_logged(client, control):
    control.reset_calls()
    made = client.customers.create({}, {"idempotency_key": "k"})
    client.customers.retrieve(made.id)
    assert control.calls() == {"POST /v1/customers": 1, "GET /v1/customers/{customer}": 1}
    last = control.requests()[-2]
    assert (last["status"], last["idempotency_key"]) == (200, "k")
    assert control.state()["requests"] == 2


def test_money_is_summed(client, control, make_invoice):
    client.invoices.pay(make_invoice(11000).id)
    client.refunds.create({"charge": client.charges.list().data[0].id, "amount": 1000})
    assert list(control.money().values()) == [
        {"charged": 11000, "refunded": 1000, "disputed": 0, "kept": 10000, "invoices_paid": 11000}
    ]


def test_everything_survives_a_restart(tmp_path, receiver):
    state = tmp_path / "state" / "double.json"
    with StripeDouble.start(state=state) as first:
        client = make_client(first).v1
        hook = client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["customer.created"]})
        partner = first.control.add_account("Partner One")
        first.control.set_clock(1548979200, frozen=True)
        receiver.answers = [500]
        customer = client.customers.create({"name": "One"}, {"idempotency_key": "k"})
        first.control.add_card(customer.id, "4000000000000341")
        first.control.drain()
        assert first.control.problems() == []
    with StripeDouble.start(state=state) as second:
        client = make_client(second).v1
        assert client.customers.create({"name": "One"}, {"idempotency_key": "k"}).id == customer.id
        assert client.accounts.list().data[0].id == partner["account"]["id"]
        assert second.control.state()["clock"] == {"now": 1548979200, "frozen": True}
        second.control.advance_clock(400)
        second.control.drain()
        assert len(receiver.events(hook.secret)) == 2
        invoice = client.invoices.create({"customer": customer.id})
        client.invoices.add_lines(invoice.id, {"lines": [{"amount": 5000}]})
        with pytest.raises(stripe.CardError):
            client.invoices.pay(invoice.id)
        assert second.control.problems() == []


def test_a_seed_makes_the_same_identifiers():
    found = []
    for _ in range(2):
        with StripeDouble.start(seed=4) as running:
            found.append(make_client(running).v1.products.create({"name": "Plan"}).id)
    assert found[0] == found[1]


def test_a_double_in_a_process_of_its_own(tmp_path):
    state = tmp_path / "double.json"
    with start_process(state=state) as control:
        control.add_account("Partner One")
        assert len(control.state()["accounts"]) == 2
    with start_process(state=state) as control:
        assert len(control.state()["accounts"]) == 2
