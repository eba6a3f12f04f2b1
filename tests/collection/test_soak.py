"""Hundreds of statements, everything going wrong at once, workers killed at random: each paid once, to the cent.

`make soak` does it with 500 statements (`SOAK_STATEMENTS`, a minute and a half), other test runs with fewer.
"""

from __future__ import annotations

import os
import random
import signal
import time
from datetime import date
from pprint import pformat

import pytest
from django.db import connection

from example_site.bench.bulk_statements import make_statements
from example_site.stripe_double.accounts import PLATFORM_ACCOUNT
from example_site.stripe_double.faults import KINDS
from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.models import Collection, CollectionAttempt, Payment, StripeCustomer
from pos_billing.collection.money.queries import with_standing
from pos_billing.collection.stripe.endpoints import endpoints_create
from pos_billing.statements.models import Statement
from tests.collection.collecting import FIRST_PAYMENT, LAUNCH, CollectionScenario
from tests.collection.collector import SERVED_BY, at

STATEMENTS = int(os.environ.get("SOAK_STATEMENTS", "150"))
SECONDS = 300
FAULTS = [
    ("drop_before", "* /v1/*", {"probability": 0.02, "seed": 1}),
    ("drop_after", "* /v1/*", {"probability": 0.03, "seed": 2}),
    ("error_before", "POST /v1/*", {"probability": 0.01, "seed": 3}),
    ("error_after", "POST /v1/*", {"probability": 0.02, "seed": 4}),
    ("rate_limit", "* /v1/*", {"probability": 0.02, "seed": 5}),
    ("lock_timeout", "POST /v1/invoices*", {"probability": 0.01, "seed": 14}),
    ("late_effect", "POST /v1/invoices/*/pay", {"probability": 0.005, "seed": 6, "seconds": 1.5}),
    ("timeout_before", "* /v1/*", {"probability": 0.003, "seed": 11, "seconds": 1.5}),
    ("timeout_after", "POST /v1/*", {"probability": 0.005, "seed": 12, "seconds": 1.5}),
    ("slow", "POST /v1/*", {"probability": 0.005, "seed": 13, "seconds": 1.5}),
    ("webhook_drop", "*", {"probability": 0.05, "seed": 7}),
    ("webhook_double", "*", {"probability": 0.05, "seed": 8}),
    ("webhook_late", "*", {"probability": 0.05, "seed": 9, "seconds": 1.0}),
    ("webhook_reorder", "*", {"probability": 0.05, "seed": 10}),
]


def _worker(database: str, double: str, day: date, seed: int) -> None:
    """Collect the platform's statements in another order than the other workers, until nothing is left."""
    from django.conf import settings

    import tests.collection.loaded  # noqa: F401
    from pos_billing.collection.cards.collect import collect_statement
    from pos_billing.collection.cards.collect_due import statements_to_collect
    from pos_billing.collection.stripe.values import StripeUnreachable

    at(database, double)
    settings.POS_BILLING_STRIPE_TIMEOUT_SECONDS, settings.POS_BILLING_STRIPE_TRIES = 1, 2
    chance = random.Random(seed)
    while wanted := statements_to_collect(day):
        chance.shuffle(wanted)
        for statement in wanted:
            try:
                collect_statement(statement, as_of=day, by=f"worker {seed}")
            except StripeUnreachable:
                continue


@pytest.mark.slow
def test_everything_goes_wrong_and_each_statement_is_paid_once(live_site, double):
    collecting = CollectionScenario(double)
    made = make_statements(
        collecting.control, double.base_url, collecting.scenario.parent, STATEMENTS, LAUNCH, FIRST_PAYMENT
    )
    endpoints_create(live_site.url("public", "").rstrip("/"))
    collecting.be(FIRST_PAYMENT)
    for kind, where, options in FAULTS:
        collecting.control.add_fault(kind, where=where, **options)
    killed = _run_and_kill(connection.settings_dict["NAME"], double.base_url)
    collecting.control.clear_faults()
    collecting.control.drain(120, retries=True)
    collecting.collect()
    report = reconcile_seller(as_of=collecting.day, by="tests")

    statements = with_standing(Statement.objects.filter(pk__in=made))
    total = sum(statement.amount_due_cents for statement in statements)
    unpaid = [s.pk for s in statements if s.outstanding]
    assert unpaid == [], "\n".join(_what_is_known_of(pk) for pk in unpaid)
    assert report.differs == []
    assert collecting.control.money()[PLATFORM_ACCOUNT]["charged"] == total
    assert sum(Payment.objects.values_list("cents", flat=True)) == total
    assert Payment.objects.count() == len(made)
    assert StripeCustomer.objects.exclude(customer_id="").count() == len(made)
    assert set(Collection.objects.values_list("invoice_status", flat=True)) == {"paid"}
    assert {kind for kind, _, _ in FAULTS} == set(KINDS), "every fault the double has"
    assert killed >= 3, "workers were killed while they worked"


def _what_is_known_of(statement: int) -> str:
    """The collection of a statement and its tries, for the message of a test that fails."""
    collection = Collection.objects.filter(statement=statement)
    tries = CollectionAttempt.objects.filter(collection__statement=statement)
    return pformat([*collection.values(), *tries.values()], width=120)


def _run_and_kill(database: str, double: str) -> int:
    """Two workers at a time; one of them is killed again and again; how many were killed at work."""
    SERVED_BY.set_forkserver_preload(["tests.collection.loaded"])
    chance, killed, seed, until = random.Random(2019), 0, 0, time.monotonic() + SECONDS
    working: list = []
    while True:
        working = [process for process in working if process.is_alive()]
        finished = seed >= 2 and not working
        if finished:
            return killed
        assert time.monotonic() < until, "the workers do not come to an end"
        while len(working) < 2 and not (working and seed > 60):
            seed += 1
            process = SERVED_BY.Process(target=_worker, args=(database, double, FIRST_PAYMENT, seed))
            process.start()
            working.append(process)
        time.sleep(chance.uniform(0.5, 3.0))
        victim = chance.choice(working)
        if killed < 12 and victim.is_alive():
            os.kill(victim.pid, signal.SIGKILL)
            victim.join()
            killed += 1
