"""Every day on which an Instance is somebody's has a plan or Unbilled on both sides, whatever is corrected."""

from datetime import date

import pytest
from django.db import connection

from pos_billing.instances.commands import (
    domain_add,
    domain_correct_day,
    domain_remove,
    instance_change_environment,
    instance_change_owner,
    instance_correct_creation,
    instance_delete,
    instance_undelete,
    instance_unpublish,
)
from pos_billing.instances.models import Domain, Instance
from pos_billing.plans.models import Assignment
from pos_billing.plans.unassigned import days_without_assignment
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import SAID

CREATED, EARLIER, DOMAIN, PLAN = date(2018, 12, 20), date(2018, 12, 1), date(2018, 12, 12), date(2019, 1, 20)
FIRST, MARCH = date(2019, 2, 1), date(2019, 3, 1)


def december(scenario, schema: str) -> list[tuple]:
    return [line for line in scenario.billed(FIRST, schema) if line[1] == "2018-12"]


def unassigned(schema: str) -> list:
    with in_seller(schema):
        return days_without_assignment(date(2018, 1, 1), date(2020, 1, 1))


def test_creation_corrected_to_an_earlier_day_takes_its_plans_along(scenario):
    """Domain 12 Dec, plan 20 Jan: the plan reaches back over all of 12–31 December, on both sides."""
    shop = scenario.instance(created=CREATED)
    scenario.assign(shop, PLAN)
    instance_correct_creation(shop, created_on=EARLIER, **SAID)
    domain_add(shop, host="www.shop.example.com", added_on=DOMAIN, **SAID)
    assert unassigned("public") == unassigned(scenario.schema) == []
    # 20 of 31 days: 11000 × 20 ÷ 31 = 7096.77, 15000 × 20 ÷ 31 = 9677.42
    assert december(scenario, "public") == [("charge", "2018-12", 20, 7097)]
    assert december(scenario, scenario.schema) == [("charge", "2018-12", 20, 9677)]
    assert prove("public", EARLIER).holds
    assert prove(scenario.schema, EARLIER).holds


def test_creation_corrected_later_and_back_again(scenario):
    """No plan is left before the Instance exists, and none is missing afterwards."""
    shop = scenario.instance(created=EARLIER)
    scenario.assign(shop, PLAN)
    instance_correct_creation(shop, created_on=CREATED, **SAID)
    for schema in ("public", scenario.schema):
        with in_seller(schema):
            assert min(row.days.lower for row in Assignment.objects.filter(instance=shop)) == CREATED
    instance_correct_creation(shop, created_on=EARLIER, **SAID)
    domain_add(shop, host="www.shop.example.com", added_on=DOMAIN, **SAID)
    assert unassigned("public") == unassigned(scenario.schema) == []
    assert december(scenario, "public") == [("charge", "2018-12", 20, 7097)]
    assert december(scenario, scenario.schema) == [("charge", "2018-12", 20, 9677)]


def deletion_moved(scenario, shop: Instance, other) -> None:
    instance_delete(shop, day=MARCH, **SAID)
    instance_delete(shop, day=date(2019, 4, 1), **SAID)
    instance_undelete(shop, **SAID)


def environment_in_the_past(scenario, shop: Instance, other) -> None:
    instance_change_environment(shop, environment="staging", day=date(2018, 12, 22), **SAID)


def owner_in_the_past(scenario, shop: Instance, other) -> None:
    instance_change_owner(shop, partner=other, day=date(2018, 12, 25), **SAID)


def owner_and_creation(scenario, shop: Instance, other) -> None:
    instance_change_owner(shop, partner=other, day=date(2018, 12, 25), **SAID)
    instance_correct_creation(shop, created_on=EARLIER, **SAID)


def domain_on_the_first_day(scenario, shop: Instance, other) -> None:
    domain = domain_add(shop, host="www.shop.example.com", added_on=PLAN, **SAID)
    domain_correct_day(domain, added_on=CREATED, **SAID)


@pytest.mark.parametrize(
    "change", [deletion_moved, environment_in_the_past, owner_in_the_past, owner_and_creation, domain_on_the_first_day]
)
def test_no_other_correction_leaves_days_without_a_plan(scenario, agency_two, change):
    shop = scenario.instance(created=CREATED)
    scenario.assign(shop, PLAN)
    change(scenario, shop, agency_two)
    for schema in ("public", scenario.schema, agency_two.schema_name):
        assert unassigned(schema) == []


def test_days_without_a_plan_are_listed_by_the_proof(scenario):
    """What no command does, done by hand: the proof names the days and does not hold, though nothing was billed."""
    shop = scenario.instance(created=CREATED, domain_on=CREATED)
    scenario.assign(shop, PLAN)
    with in_seller(scenario.schema), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pos_billing_assignment SET days = daterange('2018-12-25', upper(days)) "
            "WHERE instance_id = %s AND lower(days) = %s",
            [shop.pk, CREATED],
        )
    scenario.run(FIRST, scenario.schema)
    proof = prove(scenario.schema, EARLIER)
    assert [(days.subject, days.start, days.until) for days in proof.unassigned] == [
        (shop.pk, CREATED, date(2018, 12, 25))
    ]
    assert not proof.holds


def test_undelete_revives_what_the_deletion_ended_and_nothing_else(scenario):
    """A Domain that was never there (added and removed on 12 Dec) stays away: nothing was ever charged."""
    shop = scenario.instance(created=EARLIER, domain_on=DOMAIN)
    scenario.assign(shop, PLAN)
    domain_remove(Domain.objects.get(instance=shop), day=DOMAIN, **SAID)
    instance_delete(shop, day=DOMAIN, **SAID)
    instance_undelete(shop, **SAID)
    assert scenario.billed(FIRST) == []
    assert scenario.billed(FIRST, scenario.schema) == []


def test_undelete_revives_the_domain_that_the_deletion_ended(scenario):
    """Deleted on the day its Domain was added, then moved to a later day, then not at all: charged from 12 Dec."""
    shop = scenario.instance(created=EARLIER, domain_on=DOMAIN)
    scenario.assign(shop, PLAN)
    instance_delete(shop, day=DOMAIN, **SAID)
    instance_delete(shop, day=date(2018, 12, 22), **SAID)
    # 12–21 December: 11000 × 10 ÷ 31 = 3548.39
    assert scenario.billed(FIRST) == [("charge", "2018-12", 10, 3548)]
    instance_undelete(shop, **SAID)
    # December 20 of 31 days = 7096.77: 7097 - 3548 = 3549 more; January and February 110.00
    assert scenario.billed(MARCH) == [
        ("adjustment", "2018-12", 20, 3549),
        ("charge", "2019-01", 31, 11000),
        ("charge", "2019-02", 28, 11000),
    ]


def test_the_status_before_a_deletion_comes_back_also_on_the_first_day(scenario):
    """Also one that was entered ahead, and that of an Instance deleted on the day it was created."""
    shop = scenario.instance(created=EARLIER)
    instance_unpublish(shop, day=EARLIER, **SAID)
    instance_unpublish(shop, day=CREATED, **SAID)
    instance_delete(shop, day=EARLIER, **SAID)
    assert [row.status for row in shop.statuses.all()] == ["deleted"]
    instance_undelete(shop, **SAID)
    assert [(row.days.lower, row.status) for row in shop.statuses.all()] == [(EARLIER, "unpublished")]
