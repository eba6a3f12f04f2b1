"""Runs for chosen Accounts (purchases): nobody else gets a line, and the Seller's own run is as if there were none."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.plans.commands import account_create, assignment_change, seller_settings_change
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.jobs import day_to_bill
from pos_billing.statements.models import BillingRun, Statement, StatementLine
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import SAID, statements
from tests.statements.test_random_facts import STANDING, Life, changes, collecting

__all__ = ["collecting"]

FEBRUARY, MARCH, PURCHASE, APRIL = date(2019, 2, 1), date(2019, 3, 1), date(2019, 3, 14), date(2019, 4, 1)


@pytest.fixture
def sold(scenario):
    """Greengrocer has the shop on "Business" (150.00, in arrears) and is billed; Bakery comes on 14 March.

    Bakery's plan is billed in advance and begins with its assignment: 62.00 a month, 2.00 a day in March.
    """
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(scenario.shop, date(2019, 1, 20))
    for day in (FEBRUARY, MARCH):
        scenario.run(day, scenario.schema)
    scenario.bought = scenario.plan(
        "Bought", 6200, schema=scenario.schema, parent=scenario.parent, timing="advance", begins="assignment"
    )
    scenario.new = scenario.instance("bread", created=PURCHASE)
    with in_seller(scenario.schema):
        scenario.bakery = account_create(name="Bakery", **SAID)
        assignment_change(scenario.new, plan=scenario.bought, account=scenario.bakery, day=PURCHASE, **SAID)
    return scenario


def test_a_purchase_is_billed_at_once_and_nobody_elses_correction_slips_in(sold):
    domain_correct_day(Domain.objects.get(instance=sold.shop), added_on=date(2018, 12, 1), **SAID)
    outcome = sold.run(PURCHASE, sold.schema, accounts=[sold.bakery.pk])
    # 14–31 March: 18 of 31 days at 62.00
    assert sold.lines(outcome) == [("charge", "2019-03", 18, 3600)]
    assert [s.account_id for s in statements(sold.schema)][-1] == sold.bakery.pk
    # The Seller's own run: April in advance for Bakery; Greengrocer's March, and December whole: 150.00 − 96.77
    assert sorted(sold.billed(APRIL, sold.schema)) == [
        ("adjustment", "2018-12", 31, 15000 - 9677),
        ("charge", "2019-03", 31, 15000),
        ("charge", "2019-04", 30, 6200),
    ]
    assert sold.run(APRIL, sold.schema, full=True).lines == 0


def test_it_is_not_the_sellers_last_run(sold):
    sold.run(PURCHASE, sold.schema, accounts=[sold.bakery.pk])
    with in_seller(sold.schema):
        seller_settings_change(launch_on=FEBRUARY, **SAID)
        assert BillingRun.objects.latest("id").accounts == [sold.bakery.pk]
        assert day_to_bill(date(2019, 3, 20)) is None, "1 March was billed"
        assert day_to_bill(date(2019, 4, 2)) == APRIL
        # The worker was down on 1 April, and something was bought on the 3rd: no run goes before it.
        sold.run(date(2019, 4, 3), sold.schema, accounts=[sold.bakery.pk])
        assert day_to_bill(date(2019, 4, 5)) == date(2019, 4, 3)
    with pytest.raises(Refused, match="2019-04-03 already"):
        sold.run(APRIL, sold.schema)


def test_a_month_is_proven_with_a_purchase_in_it(sold):
    sold.run(PURCHASE, sold.schema, accounts=[sold.bakery.pk])
    sold.run(APRIL, sold.schema)
    proof = prove(sold.schema, MARCH)
    assert proof.differs == []
    # 150.00 and 18 days of 62.00
    assert proof.due == proof.billed == 15000 + 3600


def test_a_preview_has_the_same_scope(sold):
    preview = sold.run(PURCHASE, sold.schema, accounts=[sold.bakery.pk], preview=True)
    assert [(line.account, line.amount_cents) for line in preview.drafts()] == [(sold.bakery.pk, 3600)]
    with in_seller(sold.schema):
        assert not Statement.objects.filter(account=sold.bakery).exists()


def test_one_that_is_not_there_is_refused(sold):
    for asked in ([], [999_999]):
        with pytest.raises(Refused) as refused:
            sold.run(PURCHASE, sold.schema, accounts=asked)
        assert refused.value.code == "run_account_unknown"


def test_the_command_bills_one_account_by_name(sold):
    out = StringIO()
    call_command("bill", as_of=PURCHASE, seller=sold.schema, account=["Bakery"], stdout=out)
    assert "Bakery: $36.00" in out.getvalue()
    with pytest.raises(CommandError, match="--seller"):
        call_command("bill", as_of=PURCHASE, account=["Bakery"])
    with pytest.raises(CommandError, match="Not billed"):
        call_command("bill", as_of=PURCHASE, seller=sold.schema, account=["Nobody"], stderr=StringIO())


def _billed_by_key(schema: str) -> dict[tuple, int]:
    with in_seller(schema):
        rows = StatementLine.objects.values_list(
            "statement__account_id", "instance_id", "dedicated_environment_id", "fee_id", "month"
        )
        return {tuple(key): cents for *key, cents in rows.annotate(cents=Sum("amount_cents")).order_by() if cents}


def _lived(collecting, before, after, later, purchases) -> list[dict[tuple, int]]:
    """What was billed by the end, on both sides; everything is taken back."""
    savepoint = transaction.savepoint()
    try:
        life = Life(collecting)
        chosen = {"public": collecting.account.pk, collecting.schema: collecting.client.pk}
        for place, change in enumerate(STANDING + before):
            life.live(change)
            if place in purchases:
                for schema, account in chosen.items():
                    collecting.run(life.as_of, schema, accounts=[account])
        life.run(0)
        for place, change in enumerate(after):
            life.live(change)
            if place in purchases:
                for schema, account in chosen.items():
                    collecting.run(life.as_of, schema, accounts=[account])
        life.run(later)
        return [_billed_by_key(schema) for schema in chosen]
    finally:
        connection.set_schema_to_public()
        transaction.savepoint_rollback(savepoint)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(changes, min_size=3, max_size=8),
    after=st.lists(changes, min_size=1, max_size=4),
    later=st.integers(0, 40),
    purchases=st.sets(st.integers(0, 12), min_size=1, max_size=4),
)
def test_worlds_with_purchases_equal_the_same_without(collecting, before, after, later, purchases):
    quiet = [change for change in before if change[0] != "run"], [change for change in after if change[0] != "run"]
    assert _lived(collecting, *quiet, later, purchases) == _lived(collecting, *quiet, later, set())
