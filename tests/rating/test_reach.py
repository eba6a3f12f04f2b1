"""Rule 4: the first billed plan reaches back over the Unbilled placeholder, and over nothing else."""

import pytest

from pos_billing.rating.spans import Span
from pos_billing.rating.terms import Begins
from pos_billing.rating.timeline import NotCharged, timeline
from tests.rating.builders import (
    ACME,
    BOLT,
    P110,
    P200,
    STAGING20,
    UNBILLED,
    Ledger,
    catalogue,
    charged,
    day,
    flat,
    instance,
    plan,
)

AS_OF = "2019-06-01"


def reached(facts, *plans, as_of=AS_OF):
    """Days charged by reach: ``(first day, end, plan, account)``."""
    return [
        (segment.span.start.isoformat(), segment.span.end.isoformat(), segment.assigned.plan, segment.account)
        for segment in timeline(facts, catalogue(*plans), day(as_of))
        if segment.reached_back
    ]


def test_unbilled_days_since_the_domain_are_charged_under_the_first_plan():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12")
    assert reached(facts) == [("2018-12-12", "2019-01-20", 110, ACME)]
    assert charged(facts, "2019-02-01") == {"2018-12": 70_97, "2019-01": 110_00}


def test_a_plan_that_begins_later_does_not_reach_back_yet():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12")
    assert reached(facts, as_of="2019-01-19") == []
    assert reached(facts, as_of="2019-01-20") == [("2018-12-12", "2019-01-20", 110, ACME)]
    assert charged(facts, "2019-01-19") == {}
    assert charged(facts, "2019-01-20") == {"2018-12": 70_97}


def why(facts, day_of, *plans, as_of=AS_OF):
    """Why one day is not charged; ``None`` when it is."""
    [reason] = [s.reason for s in timeline(facts, catalogue(*plans), day(as_of)) if day(day_of) in s.span]
    return reason


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        ([("2019-01-20", P110, ACME)], None),  # the same payer
        ([("2019-01-01", UNBILLED, None), ("2019-01-20", P110, ACME)], None),  # not known for a while, then the same
        ([("2019-01-01", UNBILLED, BOLT), ("2019-01-20", P110, BOLT)], NotCharged.CHANGED_HANDS),
        ([("2019-01-20", P110, BOLT)], NotCharged.CHANGED_HANDS),
        ([("2019-01-01", UNBILLED, None), ("2019-01-20", P110, BOLT)], NotCharged.CHANGED_HANDS),
        ([("2019-01-01", UNBILLED, BOLT)], NotCharged.CHANGED_HANDS),  # no plan was chosen yet by anybody
        (
            [("2019-01-01", UNBILLED, BOLT), ("2019-01-10", UNBILLED, ACME), ("2019-01-20", P110, ACME)],
            NotCharged.CHANGED_HANDS,
        ),  # and back again
        ([("2019-01-01", None)], NotCharged.CHANGED_HANDS),  # sold to another Partner's client
        ([("2019-01-01", None), ("2019-01-20", P110, ACME)], NotCharged.CHANGED_HANDS),
        ([("2019-06-01", UNBILLED, BOLT)], NotCharged.CHANGED_HANDS),  # on the day of reading
        ([("2019-06-02", UNBILLED, BOLT)], NotCharged.UNBILLED),  # entered ahead: it has not come yet
        ([("2019-06-02", None)], NotCharged.UNBILLED),
        ([("2019-01-20", STAGING20, ACME)], NotCharged.UNBILLED),  # a plan may still be chosen
        ([], NotCharged.UNBILLED),
    ],
)
def test_days_that_changed_hands_before_a_plan_was_chosen(later, reason):
    facts = instance(("2018-11-05", UNBILLED, ACME), *later, domain="2018-12-12")
    assert why(facts, "2018-12-12") is reason
    assert why(facts, "2018-12-11") is NotCharged.NO_CUSTOM_DOMAIN


def test_days_of_an_instance_that_was_deleted_on_unbilled_did_not_change_hands():
    gone = instance(("2018-11-05", UNBILLED), ("2019-01-01", None), domain="2018-12-12", deleted="2019-01-01")
    assert why(gone, "2018-12-12") is NotCharged.UNBILLED
    left = instance(("2018-11-05", UNBILLED), ("2018-12-31", None), domain="2018-12-12", deleted="2019-01-01")
    assert why(left, "2018-12-12") is NotCharged.CHANGED_HANDS


def test_staging_days_do_not_wait_for_a_plan_and_change_no_hands():
    facts = instance(
        ("2018-11-05", UNBILLED, ACME),
        ("2019-01-01", UNBILLED, BOLT),
        environments=[("2018-11-05", "staging")],
    )
    assert why(facts, "2018-12-12") is NotCharged.UNBILLED


def test_the_first_of_several_later_plans_reaches():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), ("2019-02-10", P200), domain="2018-12-12")
    assert reached(facts) == [("2018-12-12", "2019-01-20", 110, ACME)]


def test_each_unbilled_stretch_belongs_to_the_next_plan_after_it():
    facts = instance(
        ("2018-11-05", UNBILLED),
        ("2019-01-01", P110),
        ("2019-02-01", UNBILLED),
        ("2019-03-01", P200),
        domain="2018-12-12",
    )
    assert reached(facts) == [("2018-12-12", "2019-01-01", 110, ACME), ("2019-02-01", "2019-03-01", 200, ACME)]
    assert charged(facts, "2019-04-01") == {
        "2018-12": 70_97,
        "2019-01": 110_00,
        "2019-02": 200_00,
        "2019-03": 200_00,
    }


def test_two_placeholder_rows_in_a_row_are_reached_alike():
    facts = instance(("2018-11-05", UNBILLED), ("2018-12-25", UNBILLED), ("2019-01-20", P110), domain="2018-12-12")
    assert reached(facts) == [("2018-12-12", "2019-01-20", 110, ACME)]
    assert charged(facts, "2019-02-01") == {"2018-12": 70_97, "2019-01": 110_00}


def test_unbilled_at_the_end_waits_for_a_plan():
    facts = instance(("2018-11-05", P110), ("2019-02-01", UNBILLED), domain="2018-12-12")
    assert reached(facts) == []
    assert timeline(facts, catalogue(), day(AS_OF))[-1].reason is NotCharged.UNBILLED
    assert "2019-02" not in charged(facts, "2019-03-01")


def test_nothing_reaches_back_before_the_domain():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2019-01-20")
    assert reached(facts) == []
    assert charged(facts, "2019-02-01") == {"2019-01": 42_58}  # 11000 × 12 ÷ 31 = 4258.06


def test_a_plan_that_begins_with_its_assignment_does_not_reach_nor_let_another_reach_over_it():
    storefront = plan(30, 30_00, begins=Begins.ASSIGNMENT)
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", storefront), ("2019-02-01", P110), domain="2018-12-12")
    assert reached(facts, storefront) == []
    assert charged(facts, "2019-02-01", storefront) == {"2019-01": 11_61}  # 3000 × 12 ÷ 31 = 1161.29


def test_a_plan_of_another_environment_is_passed_over():
    """Production, then a while as staging, then production again under its first production plan."""
    facts = instance(
        ("2018-11-05", UNBILLED),
        ("2019-01-01", STAGING20),
        ("2019-02-01", P110),
        domain="2018-12-12",
        environments=[("2018-11-05", "production"), ("2019-01-01", "staging"), ("2019-02-01", "production")],
    )
    assert reached(facts) == [("2018-12-12", "2019-01-01", 110, ACME)]
    assert charged(facts, "2019-03-01") == {"2018-12": 70_97, "2019-01": 20_00, "2019-02": 110_00}


def test_unbilled_days_outside_production_are_not_reached():
    both = plan(50, 50_00, serves="production staging")
    facts = instance(
        ("2018-11-05", UNBILLED),
        ("2019-01-20", both),
        domain="2018-11-05",
        environments=[("2018-11-05", "staging"), ("2018-12-12", "production")],
    )
    assert reached(facts, both) == [("2018-12-12", "2019-01-20", 50, ACME)]


def test_days_on_a_dedicated_environment_are_not_reached():
    facts = instance(
        ("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12", placed=[("2018-12-20", "2019-01-10")]
    )
    assert reached(facts) == [("2018-12-12", "2018-12-20", 110, ACME), ("2019-01-10", "2019-01-20", 110, ACME)]
    assert charged(facts, "2019-02-01") == {
        "2018-12": 28_39,  # 11000 × 8 ÷ 31 = 2838.71
        "2019-01": 78_06,  # 10 + 12 days: 11000 × 22 ÷ 31 = 7806.45
    }


def test_a_plan_chosen_while_on_a_dedicated_environment_reaches_the_days_before_it():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12", placed=[("2019-01-10", None)])
    assert reached(facts) == [("2018-12-12", "2019-01-10", 110, ACME)]


def test_prices_are_those_of_each_day():
    rising = plan(70, flat(71, ("2018-01-01", 110_00), ("2019-01-11", 130_00)))
    facts = instance(("2018-11-05", UNBILLED), ("2019-02-01", rising), domain="2018-12-12")
    assert charged(facts, "2019-02-01", rising) == {
        "2018-12": 70_97,
        "2019-01": 123_54,  # 11000 × 10 ÷ 31 = 3548.39 and 13000 × 21 ÷ 31 = 8806.45
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # A client is not known while Unbilled; the one who takes the plan pays.
        ([("2018-11-05", UNBILLED, None), ("2019-01-20", P110, ACME)], [("2018-12-12", "2019-01-20", 110, ACME)]),
        # Another payer's days are not reached.
        ([("2018-11-05", UNBILLED, ACME), ("2019-01-20", P110, BOLT)], []),
        # Nor those of a payer who was there before another one, even if it comes back.
        ([("2018-11-05", UNBILLED, ACME), ("2019-01-01", UNBILLED, BOLT), ("2019-01-20", P110, ACME)], []),
        # The reach ends at the day the payer came.
        (
            [("2018-11-05", UNBILLED, ACME), ("2019-01-01", UNBILLED, BOLT), ("2019-01-20", P110, BOLT)],
            [("2019-01-01", "2019-01-20", 110, BOLT)],
        ),
        # Days without a client belong to the first client known after them, not to a later one.
        ([("2018-11-05", UNBILLED, None), ("2019-01-01", UNBILLED, ACME), ("2019-01-20", P110, BOLT)], []),
        (
            [("2018-11-05", UNBILLED, None), ("2019-01-01", UNBILLED, ACME), ("2019-01-20", P110, ACME)],
            [("2018-12-12", "2019-01-20", 110, ACME)],
        ),
        # A plan of another payer in between ends it, whether or not it serves production.
        ([("2018-11-05", UNBILLED, ACME), ("2019-01-01", STAGING20, BOLT), ("2019-01-20", P110, ACME)], []),
        # So do days on which nobody pays: the Instance was somebody else's.
        (
            [
                ("2018-11-05", UNBILLED, None),
                ("2019-01-01", None),
                ("2019-01-10", UNBILLED, None),
                ("2019-01-20", P110, ACME),
            ],
            [("2019-01-10", "2019-01-20", 110, ACME)],
        ),
        ([("2018-11-05", UNBILLED, ACME), ("2019-01-10", None), ("2019-01-20", P110, ACME)], []),
    ],
)
def test_the_reach_never_crosses_a_change_of_payer(changes, expected):
    assert reached(instance(*changes, domain="2018-12-12")) == expected


def test_a_deletion_entered_late_takes_back_only_the_days_after_it():
    """The plan was chosen on 20 January; later it turns out that the Instance was deleted on the 15th."""
    ledger = Ledger()
    changes = (("2018-11-05", UNBILLED), ("2019-01-20", P110))
    assert ledger.bill(instance(*changes, domain="2018-12-12"), "2019-02-01") == [
        ("2018-12", 70_97, "charge"),
        ("2019-01", 110_00, "charge"),
    ]
    # 14 of 31 days remain: 11000 × 14 ÷ 31 = 4967.74; 49.68 − 110.00
    assert ledger.bill(instance(*changes, domain="2018-12-12", deleted="2019-01-15"), "2019-03-01") == [
        ("2019-01", -60_32, "adjustment"),
    ]


def test_the_days_of_a_reach_say_where_it_comes_from():
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", P110), domain="2018-12-12")
    (owed,) = [d for key, d in Ledger().due(facts, "2019-02-01").items() if key.month == day("2019-01-01")]
    (share,) = owed.shares
    assert [(s.reached_back, s.assigned.plan) for s in share.segments] == [(True, 110), (False, 110)]
    assert (share.days, share.days_in_month, share.price.cents) == (31, 31, 110_00)
    assert share.spans == (Span(day("2019-01-01"), day("2019-02-01")),)
