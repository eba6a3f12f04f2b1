"""Rules 2, 3 and 10: which days are charged, and why the others are not."""

import pytest

from pos_billing.rating.terms import Begins, Timing
from pos_billing.rating.timeline import NotCharged, chargeable_since, timeline
from tests.rating.builders import (
    ACME,
    BOLT,
    P25,
    P110,
    P200,
    SERVER,
    STAGING20,
    UNBILLED,
    catalogue,
    charged,
    day,
    dedicated,
    instance,
    plan,
)

AS_OF = "2019-06-01"


def told(facts, *plans, as_of=AS_OF, floor=None):
    """The timeline as ``(first day, plan charged or reason)``."""
    segments = timeline(facts, catalogue(*plans), day(as_of), None if floor is None else day(floor))
    return [
        (segment.span.start.isoformat(), segment.assigned.plan if segment.reason is None else segment.reason)
        for segment in segments
    ]


def test_a_production_instance_is_charged_from_its_first_custom_domain_on():
    facts = instance(("2018-11-05", P110), domain="2018-12-12")
    assert told(facts) == [("2018-11-05", NotCharged.NO_CUSTOM_DOMAIN), ("2018-12-12", 110)]
    assert chargeable_since(timeline(facts, catalogue(), day(AS_OF))) == day("2018-12-12")


def test_without_a_custom_domain_it_costs_nothing():
    facts = instance(("2018-11-05", P110))
    assert told(facts) == [("2018-11-05", NotCharged.NO_CUSTOM_DOMAIN)]
    assert chargeable_since(timeline(facts, catalogue(), day(AS_OF))) is None
    assert charged(facts, AS_OF) == {}


def test_a_domain_older_than_the_instance_charges_from_its_creation():
    """A site that was moved here with its domain."""
    facts = instance(("2018-11-05", P110), domain="2015-01-01")
    assert told(facts) == [("2018-11-05", 110)]


def test_it_is_charged_until_the_day_it_is_deleted():
    facts = instance(("2018-11-05", P110), domain="2018-12-12", deleted="2019-02-15")
    # December 20 of 31 days, January whole, February 14 of 28: the day of deletion is not billed.
    assert charged(facts, AS_OF) == {"2018-12": 70_97, "2019-01": 110_00, "2019-02": 55_00}


@pytest.mark.parametrize(
    ("domain", "deleted"),
    [
        ("2019-02-15", "2019-02-15"),  # on the day of deletion
        ("2019-02-16", "2019-02-15"),  # after it
        ("2025-01-01", "2019-02-15"),
    ],
)
def test_deleted_before_its_domain_it_costs_nothing(domain, deleted):
    assert charged(instance(("2018-11-05", P110), domain=domain, deleted=deleted), AS_OF) == {}


def test_deleted_on_the_day_after_its_domain_it_costs_one_day():
    facts = instance(("2018-11-05", P110), domain="2019-02-14", deleted="2019-02-15")
    assert charged(facts, AS_OF) == {"2019-02": 3_93}  # 11000 ÷ 28 = 392.86


def test_deleted_on_the_day_it_was_created_it_has_no_days():
    assert told(instance(("2018-11-05", P110), deleted="2018-11-05", domain="2018-11-05")) == []


def test_a_plan_that_begins_with_its_assignment_needs_no_domain():
    storefront = plan(30, 30_00, begins=Begins.ASSIGNMENT)
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", storefront))
    assert told(facts, storefront) == [("2018-11-05", NotCharged.NO_CUSTOM_DOMAIN), ("2019-01-20", 30)]


def test_other_environments_are_charged_from_the_day_of_their_plan():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", STAGING20), environments=[("2018-11-05", "staging")])
    assert told(facts) == [("2018-11-05", NotCharged.UNBILLED), ("2019-01-20", 20)]
    assert charged(facts, "2019-02-01") == {"2019-01": 7_74}  # 2000 × 12 ÷ 31 = 774.19


def test_a_plan_charges_only_in_the_environments_it_serves():
    facts = instance(
        ("2018-11-05", P110),
        domain="2018-11-05",
        environments=[("2018-11-05", "production"), ("2019-01-10", "staging"), ("2019-01-20", "production")],
    )
    assert told(facts) == [
        ("2018-11-05", 110),
        ("2019-01-10", NotCharged.PLAN_DOES_NOT_SERVE),
        ("2019-01-20", 110),
    ]
    assert charged(facts, "2019-02-01")["2019-01"] == 74_52  # 9 + 12 days: 11000 × 21 ÷ 31 = 7451.61


def test_a_staging_instance_that_goes_live_is_charged_as_production_from_that_day():
    """Its custom Domain was added while it was still staging."""
    facts = instance(
        ("2018-11-05", STAGING20),
        ("2019-01-16", P110),
        domain="2019-01-05",
        environments=[("2018-11-05", "staging"), ("2019-01-16", "production")],
    )
    assert charged(facts, "2019-02-01") == {
        "2018-11": 17_33,  # 2000 × 26 ÷ 30 = 1733.33
        "2018-12": 20_00,
        "2019-01": 66_45,  # 2000 × 15 ÷ 31 = 967.74, and 11000 × 16 ÷ 31 = 5677.42
    }


def test_a_change_of_environment_alone_waits_for_the_custom_domain():
    both = plan(50, 50_00, serves="production staging")
    facts = instance(
        ("2018-11-05", both),
        domain="2019-03-01",
        environments=[("2018-11-05", "staging"), ("2019-01-01", "production")],
    )
    assert told(facts, both) == [
        ("2018-11-05", 50),
        ("2019-01-01", NotCharged.NO_CUSTOM_DOMAIN),
        ("2019-03-01", 50),
    ]


def test_on_a_dedicated_environment_an_instance_bears_no_fee_of_its_own():
    facts = instance(("2018-11-05", P110), domain="2018-11-05", placed=[("2019-01-11", "2019-01-21")])
    assert told(facts) == [
        ("2018-11-05", 110),
        ("2019-01-11", NotCharged.ON_DEDICATED_ENVIRONMENT),
        ("2019-01-21", 110),
    ]
    assert charged(facts, "2019-02-01")["2019-01"] == 74_52  # 31 − 10 days: 11000 × 21 ÷ 31 = 7451.61


@pytest.mark.parametrize("under", [UNBILLED, P110])
def test_on_an_environment_that_the_seller_does_not_bill_an_instance_bears_its_own_fee(under):
    """Unbilled, or under a plan that serves no dedicated environment, the environment costs nothing."""
    facts = instance(("2018-11-05", P110), domain="2018-11-05", placed=[("2019-01-11", None, under)])
    assert told(facts) == [("2018-11-05", 110)]


def test_only_on_the_days_on_which_the_environment_is_billed_an_instance_bears_no_fee():
    facts = instance(
        ("2018-11-05", P110),
        domain="2018-11-05",
        placed=[
            ("2019-01-11", "2019-01-21", UNBILLED),
            ("2019-01-21", "2019-01-26", SERVER),
            ("2019-02-02", None, SERVER),
        ],
    )
    assert told(facts) == [
        ("2018-11-05", 110),
        ("2019-01-21", NotCharged.ON_DEDICATED_ENVIRONMENT),
        ("2019-01-26", 110),
        ("2019-02-02", NotCharged.ON_DEDICATED_ENVIRONMENT),
    ]


def test_a_plan_reaches_back_over_days_on_an_environment_that_was_not_billed():
    facts = instance(
        ("2018-11-05", UNBILLED),
        ("2019-02-01", P110),
        domain="2018-12-01",
        placed=[("2018-12-01", "2019-01-01", UNBILLED), ("2019-01-01", "2019-01-16", SERVER)],
    )
    # December whole at 110.00; January 16 of 31 days: 56.77
    assert charged(facts, "2019-02-01") == {"2018-12": 110_00, "2019-01": 56_77}


def test_moved_from_one_dedicated_environment_to_the_next_on_one_day():
    facts = instance(
        ("2018-11-05", P110), domain="2018-11-05", placed=[("2019-01-11", "2019-01-21"), ("2019-01-21", None)]
    )
    assert told(facts) == [("2018-11-05", 110), ("2019-01-11", NotCharged.ON_DEDICATED_ENVIRONMENT)]


def test_a_dedicated_environment_is_charged_while_it_has_a_plan():
    server = plan(900, 900_00, serves="dedicated")
    facts = dedicated(("2018-11-05", UNBILLED), ("2019-01-10", server), removed="2019-02-15")
    assert told(facts, server) == [("2018-11-05", NotCharged.UNBILLED), ("2019-01-10", 900)]
    assert charged(facts, AS_OF, server) == {
        "2019-01": 638_71,  # 90000 × 22 ÷ 31 = 63870.97: nothing reaches back where no domain counts
        "2019-02": 450_00,  # 90000 × 14 ÷ 28
    }


def test_a_plan_for_instances_does_not_serve_a_dedicated_environment():
    assert told(dedicated(("2018-11-05", P110))) == [("2018-11-05", NotCharged.PLAN_DOES_NOT_SERVE)]


def test_days_without_an_assignment_cost_nobody_anything():
    facts = instance(("2018-11-05", P110), ("2019-01-10", None), ("2019-01-20", P110), domain="2018-11-05")
    assert told(facts) == [
        ("2018-11-05", 110),
        ("2019-01-10", NotCharged.NOT_ASSIGNED),
        ("2019-01-20", 110),
    ]


def test_days_before_the_first_assignment_and_after_the_last():
    facts = instance(("2018-12-01", P110), ("2019-01-10", None), domain="2018-11-05")
    assert told(facts) == [
        ("2018-11-05", NotCharged.NOT_ASSIGNED),
        ("2018-12-01", 110),
        ("2019-01-10", NotCharged.NOT_ASSIGNED),
    ]


def test_a_billed_plan_without_a_payer_is_never_charged():
    """PostgreSQL refuses such a row; the rules do not rely on it."""
    facts = instance(("2018-11-05", P110, None), domain="2018-11-05")
    assert told(facts) == [("2018-11-05", NotCharged.NOT_ASSIGNED)]


def test_the_day_of_a_plan_change_belongs_to_the_new_plan():
    facts = instance(("2018-11-05", P110), ("2019-01-20", P200), domain="2018-12-12")
    assert charged(facts, "2019-02-01") == {
        "2018-12": 70_97,  # 11000 × 20 ÷ 31 = 7096.77
        "2019-01": 144_84,  # 19 days: 11000 × 19 ÷ 31 = 6741.94; 12 days: 20000 × 12 ÷ 31 = 7741.94
    }


def test_there_and_back_within_a_month_is_one_amount_for_each_plan():
    facts = instance(
        ("2018-11-05", P110),
        ("2019-01-10", P200),
        ("2019-01-20", P110),
        domain="2018-11-05",
    )
    # 9 + 12 days of 110.00 together: 11000 × 21 ÷ 31 = 7451.61; 10 days: 20000 × 10 ÷ 31 = 6451.61
    assert charged(facts, "2019-02-01")["2019-01"] == 74_52 + 64_52


def test_changed_and_changed_back_on_one_day_leaves_nothing():
    """A span without days is no fact: the plan never held."""
    there = instance(("2018-11-05", P110), ("2019-01-10", P200), ("2019-01-10", P110), domain="2018-11-05")
    assert charged(there, "2019-02-01")["2019-01"] == 110_00
    assert told(there)[0] == ("2018-11-05", 110)


def test_a_transfer_leaves_each_payer_its_own_days():
    facts = instance(("2018-11-05", P110, ACME), ("2019-01-20", P110, BOLT), domain="2018-11-05")
    segments = timeline(facts, catalogue(), day(AS_OF))
    assert [(segment.span.start.isoformat(), segment.account) for segment in segments] == [
        ("2018-11-05", ACME),
        ("2019-01-20", BOLT),
    ]
    assert charged(facts, "2019-02-01")["2019-01"] == 67_42 + 42_58  # 19 days and 12: 110.00 between them


@pytest.mark.parametrize(
    ("floor", "expected"),
    [
        (None, {"2018-12": 70_97, "2019-01": 110_00}),
        ("2018-12-12", {"2018-12": 70_97, "2019-01": 110_00}),  # the first chargeable day itself
        ("2018-12-22", {"2018-12": 35_48, "2019-01": 110_00}),  # mid-month, 10 days: 110000 ÷ 31 = 3548.39
        ("2018-12-31", {"2018-12": 3_55, "2019-01": 110_00}),  # the last day of the year
        ("2019-01-01", {"2019-01": 110_00}),
        ("2019-01-31", {"2019-01": 3_55}),
        ("2019-02-01", {}),
        ("2018-01-01", {"2018-12": 70_97, "2019-01": 110_00}),  # before the Instance
        ("2030-01-01", {}),
    ],
)
def test_days_before_the_floor_are_never_charged(floor, expected):
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12")
    assert charged(facts, "2019-02-01", floor=floor) == expected


def test_the_floor_is_a_reason_only_for_days_that_would_be_charged():
    facts = instance(("2018-11-05", P110), domain="2018-12-12")
    assert told(facts, floor="2019-01-01") == [
        ("2018-11-05", NotCharged.NO_CUSTOM_DOMAIN),
        ("2018-12-12", NotCharged.BEFORE_FLOOR),
        ("2019-01-01", 110),
    ]


def test_a_renamed_assignment_row_is_another_segment_and_the_same_amount():
    whole = instance(("2018-11-05", P25), domain="2018-11-05")
    split = instance(("2018-11-05", P25), ("2019-01-17", P25), domain="2018-11-05")
    assert len(timeline(split, catalogue(), day(AS_OF))) == 2
    assert charged(split, AS_OF) == charged(whole, AS_OF)


def test_nothing_is_charged_beyond_the_horizon_of_the_plans_timing():
    advance = plan(60, 60_00, timing=Timing.ADVANCE)
    facts = instance(("2018-11-05", P110), ("2019-01-01", advance), domain="2018-11-05")
    assert charged(facts, "2019-02-01", advance) == {
        "2018-11": 95_33,
        "2018-12": 110_00,
        "2019-01": 60_00,
        "2019-02": 60_00,  # 11000 × 26 ÷ 30 = 9533.33
    }


def test_days_left_out_change_nothing_of_the_others():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), ("2019-03-01", P200), domain="2018-12-12")
    whole = timeline(facts, catalogue(), day(AS_OF))
    late = timeline(facts, catalogue(), day(AS_OF), since=day("2019-01-10"))
    assert late[0].span.start == day("2019-01-10")
    assert late[0].reached_back
    assert [segment[1:] for segment in late] == [segment[1:] for segment in whole[1:]]
    assert timeline(facts, catalogue(), day(AS_OF), since=day("2019-03-01"))[0].assigned.plan == P200.id
    assert (
        timeline(instance(("2018-11-05", P110), deleted="2019-01-01"), catalogue(), day(AS_OF), since=day("2019-01-01"))
        == ()
    )
