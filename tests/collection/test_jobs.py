"""Background work: put into the queue with what needs it, done by workers, and by no worker at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from importlib import import_module

import pytest
from django.db import connection, transaction

from example_site.stripe_double.accounts import PUBLISHABLE_KEY, SECRET_KEY
from pos_billing.collection import jobs
from pos_billing.collection.cards.collect_days import next_payment_on
from pos_billing.collection.models import Payment, PlanProduct
from pos_billing.collection.money.state import State
from pos_billing.notices import jobs as notice_jobs
from pos_billing.notices.models import Notice
from pos_billing.plans.commands import plan_archive, plan_change, seller_settings_change
from pos_billing.plugin import manifest
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements import jobs as statement_jobs
from tests.collection.collecting import GOOD, LAUNCH
from tests.statements.billing_scenario import SAID, BillingScenario


def queued() -> list[tuple[str, dict]]:
    """The jobs that wait, with their arguments."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        rows = cursor.fetchall()
    return [(name.rpartition(".")[2], json.loads(args)) for name, args in rows]


def everything_in_the_queue() -> list[tuple]:
    """All jobs and what became of them, for the message of a test that fails."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args, status, attempts, scheduled_at FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def empty_queue() -> None:
    """Forget what waits."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.procrastinate_jobs")


def work(collecting) -> subprocess.CompletedProcess[str]:
    """A worker in another process, until nothing waits."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "example_site.settings_tests",
        "STRIPE_API_HOST": collecting.double.base_url,
        "EXAMPLE_SITE_DATABASE": connection.settings_dict["NAME"],
        "STRIPE_TEST_SECRET_KEY": SECRET_KEY,
        "STRIPE_TEST_PUBLIC_KEY": PUBLISHABLE_KEY,
    }
    command = [sys.executable, "example_site/manage.py", "pos_billing_worker", "--until-empty"]
    worked = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert worked.returncode == 0, worked.stderr
    return worked


def test_a_run_puts_its_job_into_its_own_transaction(agency_one):
    scenario = BillingScenario(agency_one)
    instance = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(instance, date(2019, 1, 20))
    empty_queue()
    outcome = scenario.run(LAUNCH)
    assert queued() == [("announce", {"schema": "public", "run_id": outcome.run_id})]


def test_what_is_rolled_back_leaves_no_job(agency_one):
    scenario = BillingScenario(agency_one)
    empty_queue()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        scenario.plan("Another", 5000)
        _ = 1 / 0
    assert queued() == []


@pytest.mark.slow
def test_workers_announce_and_collect(collecting):
    """The days of the seed are long past: for a worker, everything is due today."""
    collecting.seed_instance()
    collecting.card(GOOD)
    empty_queue()
    statement = collecting.bill(LAUNCH)
    work(collecting)
    collecting.control.drain()  # what webhooks of the first worker put into the queue
    work(collecting)
    assert collecting.state(statement) is State.PAID
    assert Payment.objects.get().by == jobs.BY
    assert set(Notice.objects.values_list("kind", flat=True)) == {"statement_issued", "payment_received"}
    unsent = list(Notice.objects.filter(sent_at=None).values_list("kind", "email", "send_error"))
    assert unsent == [], (unsent, everything_in_the_queue())
    assert queued() == []


@pytest.mark.slow
def test_a_worker_that_does_what_waits_begins_nothing_by_the_clock(collecting):
    """Some job by the clock was always due in the last ten minutes; a worker for good makes up for it."""
    empty_queue()
    work(collecting)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_periodic_defers")
        assert cursor.fetchone() == (0,)


def test_plans_are_stripes_products(collecting):
    scenario = collecting.scenario
    jobs.sync_seller_products.func(schema="public")
    product = PlanProduct.objects.get(plan=scenario.parent)
    assert (product.name, product.active) == ("Production 110", True)
    calls = collecting.control.calls()
    jobs.sync_seller_products.func(schema="public")
    assert collecting.control.calls() == calls, "what Stripe knows costs no call"
    plan_change(scenario.parent, name="Production 110 (2019)", **SAID)
    jobs.sync_seller_products.func(schema="public")
    assert PlanProduct.objects.get(plan=scenario.parent).name == "Production 110 (2019)"
    plan_archive(scenario.parent, day=date(2019, 3, 1), **SAID)
    jobs.sync_seller_products.func(schema="public")
    assert not PlanProduct.objects.get(plan=scenario.parent).active


@pytest.mark.parametrize(
    ("launch", "today", "expected"),
    [
        (None, date(2019, 2, 1), None),
        (date(2019, 2, 1), date(2019, 1, 31), None),
        (date(2019, 2, 1), date(2019, 2, 1), date(2019, 2, 1)),
        (date(2019, 2, 10), date(2019, 2, 12), date(2019, 2, 10)),
        (date(2019, 2, 1), date(2019, 2, 27), date(2019, 2, 1)),
    ],
)
def test_the_day_of_the_run_that_is_missing(db, launch, today, expected):
    seller_settings_change(launch_on=launch, **SAID)
    assert statement_jobs.day_to_bill(today) == expected


def test_a_month_is_billed_once(agency_one):
    scenario = BillingScenario(agency_one)
    scenario.run(LAUNCH)
    assert statement_jobs.day_to_bill(LAUNCH) is None
    assert statement_jobs.day_to_bill(date(2019, 2, 28)) is None
    assert statement_jobs.day_to_bill(date(2019, 3, 2)) == date(2019, 3, 1)
    with in_seller("agency_one"):
        seller_settings_change(launch_on=LAUNCH, **SAID)
        assert statement_jobs.day_to_bill(date(2019, 3, 2)) == date(2019, 3, 1), "each Seller has its own runs"


def test_every_scheduled_job_exists_and_runs_by_the_clock():
    for name, entry in manifest()["jobs"]["scheduled"].items():
        module, _, function = entry["task"].rpartition(".")
        assert module in manifest()["jobs"]["modules"]
        assert hasattr(import_module(module), function), name
        assert entry["meaning"]
    known = {periodic.periodic_id for periodic in jobs.app.periodic_registry.periodic_tasks.values()}
    assert known == set(manifest()["jobs"]["scheduled"])


def test_missing_and_expiring_cards_are_told_ahead_once(agency_one):
    from pos_billing.collection.models import Card
    from pos_billing.collection.reminders import notices_of_missing_cards

    scenario = BillingScenario(agency_one)
    instance = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(instance, date(2019, 1, 20))
    assert next_payment_on(date(2019, 1, 20), date(2019, 2, 15)) == date(2019, 2, 15)
    assert notices_of_missing_cards(as_of=date(2019, 1, 20)) == 0, "more than 14 days before"
    assert notices_of_missing_cards(as_of=date(2019, 2, 1)) == 1
    assert notices_of_missing_cards(as_of=date(2019, 2, 2)) == 0, "once for each payment"
    Card.objects.create(
        account=scenario.account,
        payment_method_id="pm_1",
        brand="visa",
        last_four="4242",
        exp_month=2,
        exp_year=2019,
        is_default=True,
    )
    assert notices_of_missing_cards(as_of=date(2019, 2, 5)) == 0, "valid on 15 February"
    assert notices_of_missing_cards(as_of=date(2019, 2, 14)) == 0
    assert notices_of_missing_cards(as_of=date(2019, 2, 15)) == 1, "not valid any more on 1 March"
    assert notices_of_missing_cards(as_of=date(2019, 2, 16)) == 0
    assert set(Notice.objects.values_list("kind", flat=True)) == {"card_missing", "card_expiring"}


@pytest.mark.parametrize(
    ("job", "given"),
    [
        (jobs.announce, {"run_id": 1}),
        (jobs.collect, {"statement_id": 1}),
        (jobs.send_refund, {"refund_id": 1}),
        (notice_jobs.send_notice, {"notice_id": 1}),
        (jobs.sync_seller_products, {}),
        (statement_jobs.bill_seller, {}),
        (jobs.reconcile_one, {}),
    ],
)
def test_a_job_of_a_seller_that_is_gone_ends_in_words(db, job, given):
    """It did the platform's work instead: PostgreSQL looks in public when a schema is gone."""
    from pos_billing.statements.models import BillingRun

    assert "There is no Seller gone_schema" in job.func(schema="gone_schema", **given)
    assert not BillingRun.objects.exists()
