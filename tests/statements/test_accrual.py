"""The running month so far: by the day, whatever was billed before; totals computed by hand."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.rating.facts import Subject
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.accrual import accrued
from tests.statements.billing_scenario import BillingScenario

THROUGH = date(2019, 2, 10)


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """Production 110 sold as Business for 150, to one shop since 20 January, its Domain there since 12 December."""
    made = BillingScenario(agency_one)
    made.shop = made.instance(domain_on=date(2018, 12, 12))
    made.assign(made.shop, date(2019, 1, 20))
    return made


def test_days_so_far_on_both_sides(scenario):
    assert accrued("public", through=THROUGH) == {scenario.account.pk: 3929}  # 110.00 × 10 ÷ 28 = 39.2857
    assert accrued("agency_one", through=THROUGH) == {scenario.client.pk: 5357}  # 150.00 × 10 ÷ 28 = 53.5714


def test_first_and_last_day(scenario):
    assert accrued("public", through=date(2019, 2, 1)) == {scenario.account.pk: 393}  # 110.00 ÷ 28 = 3.9286
    assert accrued("public", through=date(2019, 2, 28)) == {scenario.account.pk: 11000}


def test_what_was_billed_does_not_matter(scenario):
    scenario.run(date(2019, 2, 1))
    scenario.run(date(2019, 3, 1))
    assert accrued("public", through=THROUGH) == {scenario.account.pk: 3929}


def test_billed_in_advance_counts_by_the_day_too(scenario):
    advance = scenario.plan("In advance", 28000, timing="advance")
    with in_seller("public"):
        from pos_billing.plans.commands import assignment_change

        assignment_change(
            scenario.shop, plan=advance, account=scenario.account, day=date(2019, 2, 6), by="finance", why="changed"
        )
    scenario.run(date(2019, 2, 6))
    # 5 days of Production 110: 110.00 × 5 ÷ 28 = 19.64; 5 days in advance: 280.00 × 5 ÷ 28 = 50.00
    assert accrued("public", through=THROUGH) == {scenario.account.pk: 1964 + 5000}


def test_a_change_from_tomorrow_on_is_not_counted_yet(scenario):
    scenario.price(scenario.parent, 99000, date(2019, 2, 11))
    scenario.delete(scenario.shop, date(2019, 2, 11))
    assert accrued("public", through=THROUGH) == {scenario.account.pk: 3929}
    assert accrued("public", through=date(2019, 2, 20)) == {scenario.account.pk: 3929}


def test_chosen_subjects_alone_and_as_many_queries_for_many(scenario):
    with CaptureQueriesContext(connection) as few:
        accrued("public", through=THROUGH)
    for number in range(12):
        scenario.assign(scenario.instance(f"shop-{number}", domain_on=date(2019, 1, 1)), date(2019, 1, 20))
    with CaptureQueriesContext(connection) as many:
        everything = accrued("public", through=THROUGH)
    assert len(many) == len(few)
    assert everything == {scenario.account.pk: 13 * 3929}
    assert accrued("public", through=THROUGH, chosen=[Subject("instance", scenario.shop.pk)]) == {
        scenario.account.pk: 3929
    }
