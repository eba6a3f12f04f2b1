"""One invoice, one charge: killed after any step, any answer lost, two at once, keys forgotten."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import stripe
from django.db import connection

from example_site.stripe_double.accounts import SECRET_KEY
from pos_billing.collection.cards import charge
from pos_billing.collection.cards.collect import collect_statement
from pos_billing.collection.cards.collect_due import collect_seller
from pos_billing.collection.models import Collection, CollectionAttempt, Payment, PlanProduct, StripeCustomer
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.state import State
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe.products import products_sync
from tests.collection.collecting import FIRST_PAYMENT, LAUNCH
from tests.collection.collector import collect_in_another_process

STEPS = ["customer", "invoice_begun", "invoice", "products", "lines", "finalize", "attempt", "charged", "paid"]
CALLS = {
    "customer": "POST /v1/customers",
    "product": "POST /v1/products*",
    "invoice": "POST /v1/invoices",
    "lines": "POST /v1/invoices/*/add_lines",
    "finalize": "POST /v1/invoices/*/finalize",
    "pay": "POST /v1/invoices/*/pay",
}


@pytest.fixture
def due(collecting):
    """The seed's first statement on its day, with a good card; the customer is not known yet."""
    collecting.seed_instance()
    collecting.card()
    statement = collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    return statement


def collector(collecting, step: str = "") -> int:
    """Collect in another process that dies after a step; its exit code."""
    database = connection.settings_dict["NAME"]
    return collect_in_another_process(database, collecting.double.base_url, collecting.day, dies_after=step)


def assert_paid_once(collecting, statement) -> None:
    """One invoice that is paid, one charge, one payment, and books that agree."""
    collecting.control.drain(retries=True)
    assert collecting.state(statement) is State.PAID
    assert collecting.money()["charged"] == statement.amount_due_cents
    assert [p.cents for p in Payment.objects.all()] == [statement.amount_due_cents]
    client = stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": collecting.double.base_url}, stripe_version=stripe_api.API_VERSION
    )
    invoices = client.v1.invoices.list().data
    assert [(i.status, i.total) for i in invoices] == [("paid", statement.amount_due_cents)]
    assert not CollectionAttempt.objects.filter(outcome="").exists()
    assert check_ledger(collecting.account) == 0


@pytest.mark.parametrize("step", STEPS)
def test_killed_after_a_step_and_started_again(collecting, due, step):
    assert collector(collecting, step) == -9
    assert collector(collecting) == 0
    assert_paid_once(collecting, due)


def test_killed_after_every_step_in_turn(collecting, due):
    for step in STEPS:
        assert collector(collecting, step) in {-9, 0}
    assert collector(collecting) == 0
    assert_paid_once(collecting, due)


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "error_before", "error_after", "rate_limit"])
@pytest.mark.parametrize("call", CALLS)
def test_answer_of_a_call_lost(collecting, settings, kind, call):
    """However often it fails: the day after, the same statement is paid once."""
    settings.POS_BILLING_STRIPE_TRIES = 1
    instance = collecting.scenario.instance("shop", domain_on=date(2018, 12, 12))
    collecting.scenario.assign(instance, date(2019, 1, 20))
    if call != "customer":
        collecting.card()
    statement = collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    collecting.control.add_fault(kind, where=CALLS[call], times=1)
    if call == "customer":
        with pytest.raises(Exception, match=r".*"):
            collecting.card()
        collecting.control.clear_faults()
        collecting.card()
    else:
        first = collecting.collect()
        assert first.unreachable, f"{call} was asked for: {collecting.control.calls()}"
    for _ in range(3):
        collecting.collect()
    assert_paid_once(collecting, statement)
    assert StripeCustomer.objects.count() == 1


@pytest.mark.parametrize("kind", ["drop_after", "error_after"])
def test_answers_of_all_calls_lost_once(collecting, due, settings, kind):
    settings.POS_BILLING_STRIPE_TRIES = 1
    for where in CALLS.values():
        collecting.control.add_fault(kind, where=where, times=1)
    for _ in range(8):
        collecting.collect()
    assert_paid_once(collecting, due)


def test_a_lost_answer_is_asked_for_again_at_once(collecting, due):
    collecting.control.add_fault("drop_after", where=CALLS["pay"], times=2)
    assert collecting.collect().results == {"paid": 1}
    assert_paid_once(collecting, due)


def test_a_product_whose_making_was_not_answered_is_there(collecting, due):
    """The next try of the same call meets the product that the first one made."""
    collecting.control.add_fault("drop_after", where="POST /v1/products", times=1)
    assert collecting.collect().results == {"paid": 1}
    assert_paid_once(collecting, due)


def test_a_product_that_another_worker_makes_at_the_same_time(collecting, due, monkeypatch):
    """Between our two questions somebody else told Stripe of the plan."""
    honest, told = stripe_api.call, []

    def slow(request, **options):
        try:
            return honest(request, **options)
        except stripe_api.StripeRefused as refused:
            if refused.code == "resource_missing" and not told:
                told.append(True)
                products_sync("")
            raise

    monkeypatch.setattr(stripe_api, "call", slow)
    assert collecting.collect().results == {"paid": 1}
    assert told, "the product was missing at first"
    assert_paid_once(collecting, due)


def test_a_slow_stripe_that_charges_after_we_hung_up(collecting, due, settings):
    settings.POS_BILLING_STRIPE_TIMEOUT_SECONDS, settings.POS_BILLING_STRIPE_TRIES = 0.3, 1
    collecting.control.add_fault("late_effect", where=CALLS["pay"], times=1, seconds=1.0)
    assert collecting.collect().unreachable
    settings.POS_BILLING_STRIPE_TIMEOUT_SECONDS = 5
    assert collecting.collect().unreachable, "Stripe still works on the first call"
    time.sleep(1.2)
    collecting.collect()
    assert_paid_once(collecting, due)


def test_keys_that_stripe_has_forgotten(collecting, due, settings, monkeypatch):
    """The process died after charging, and comes back two days later: the invoice says that it is paid."""
    settings.POS_BILLING_STRIPE_TRIES = 1
    collecting.control.settings(paused=True)
    collecting.control.add_fault("drop_after", where=CALLS["pay"], times=1)
    assert collect_seller(as_of=collecting.day, by="tests").unreachable
    monkeypatch.setattr(charge, "KEYS_ARE_KEPT", timedelta(0))
    collecting.be(FIRST_PAYMENT + timedelta(days=2))
    assert collect_seller(as_of=collecting.day, by="tests").results == {"paid": 1}
    collecting.control.settings(paused=False)
    assert_paid_once(collecting, due)


def test_an_invoice_whose_id_was_lost_is_found_and_not_made_again(collecting, due):
    collecting.collect_one(due)
    assert_paid_once(collecting, due)
    Collection.objects.update(invoice_id="", invoice_status="", lines_added=False)
    assert collecting.collect_one(due) == "nothing due"
    assert_paid_once(collecting, due)


def test_many_at_once_charge_once(collecting, due):
    def collect_it(_):
        try:
            return str(collect_statement(due.pk, as_of=FIRST_PAYMENT, by="tests"))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(collect_it, range(6)))
    assert results.count("paid") >= 1
    assert set(results) <= {"paid", "being collected by somebody else", "nothing due"}
    assert_paid_once(collecting, due)


def test_a_total_that_differs_is_never_charged(collecting, due, monkeypatch):
    """Somebody else put a line on our draft: nothing is charged, and staff is told."""
    from pos_billing.collection.cards import collect

    honest = stripe_api.line_of
    monkeypatch.setattr(collect.stripe_api, "line_of", lambda text, cents, product="": honest(text, cents + 1, product))
    assert collecting.collect().results == {"blocked": 1}
    assert collecting.money()["charged"] == 0
    collection = Collection.objects.get(statement=due)
    assert "the statement asks for 18097 cents" in collection.blocked_because
    assert collecting.collect().results == {}


def test_a_product_that_somebody_deleted_at_stripe_is_told_anew(collecting, due):
    products_sync("")
    client = stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": collecting.double.base_url}, stripe_version=stripe_api.API_VERSION
    )
    client.v1.products.delete(PlanProduct.objects.get(plan=collecting.scenario.parent).product_id)
    assert collecting.collect().results == {"paid": 1}
    assert_paid_once(collecting, due)


def test_what_stripe_refuses_is_trouble_and_keeps_no_other_statement_waiting(collecting, due):
    StripeCustomer.objects.update(customer_id="cus_of_nobody")
    assert collecting.collect().results == {"blocked": 1}
    assert "No such customer" in Collection.objects.get().blocked_because
