"""Rule 7: usage over the included quantity, in tiers, of closed months."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_billing.rating.due import usage_needed
from pos_billing.rating.horizon import window
from pos_billing.rating.metrics import METRICS, Aggregation, aggregate, monthly
from pos_billing.rating.terms import Timing
from pos_billing.rating.tiers import Tier, overage
from pos_billing.rating.timeline import timeline
from tests.rating.builders import UNBILLED, Ledger, catalogue, day, flat, instance, metered, plan, span

TWO_CENTS = (Tier(None, 2),)
STEPS = (Tier(100, 10), Tier(300, 5), Tier(None, 2))
"""The first 100 over at 10 cents, the next 200 at 5, all others at 2."""


def every_day(metric: str, start: str, end: str, quantity: int) -> dict:
    """The same quantity on every day of ``[start, end)``."""
    days = span(start, end)
    return {(metric, days.start + timedelta(n)): quantity for n in range(days.days)}


@pytest.mark.parametrize(
    ("usage", "included", "tiers", "days", "of", "amount"),
    [
        (0, 1000, TWO_CENTS, 31, 31, 0),
        (1000, 1000, TWO_CENTS, 31, 31, 0),  # all that is included
        (1001, 1000, TWO_CENTS, 31, 31, 2),  # one over
        (1500, 1000, TWO_CENTS, 30, 30, 10_00),  # 500 × 2
        (1500, 1000, TWO_CENTS, 15, 30, 20_00),  # half the month includes 500: 1000 × 2
        (1500, 1000, TWO_CENTS, 20, 31, 17_10),  # 1500 − 645.16… = 854.8387 × 2 = 1709.68, rounded once
        (400, 1000, TWO_CENTS, 12, 31, 26),  # 400 − 387.0968 = 12.9032 × 2 = 25.81
        (380, 1000, TWO_CENTS, 12, 31, 0),  # under 387.1: never below zero
        (50, 0, STEPS, 31, 31, 5_00),  # 50 × 10
        (100, 0, STEPS, 31, 31, 10_00),  # 100 × 10
        (101, 0, STEPS, 31, 31, 10_05),  # + 1 × 5
        (300, 0, STEPS, 31, 31, 20_00),  # 100 × 10 + 200 × 5
        (301, 0, STEPS, 31, 31, 20_02),  # + 1 × 2
        (1000, 0, STEPS, 31, 31, 34_00),  # 10.00 + 10.00 + 700 × 2
        (1000, 900, STEPS, 31, 31, 10_00),  # tiers count from the first unit over
        (1000, 899, STEPS, 31, 31, 10_05),
        (1500, 0, (Tier(None, 1, 1000),), 30, 30, 2),  # a cent for 1000: 1.5 cents, up to 2
        (1499, 0, (Tier(None, 1, 1000),), 30, 30, 1),  # 1.499 cents
        (25_000, 10_000, (Tier(None, 50, 1000),), 30, 30, 7_50),  # 15 × 0.50
        (150, 0, (Tier(100, 10),), 30, 30, 10_00),  # nothing is said of units above the last tier: they are free
        (300, 0, STEPS, 15, 30, 13_00),  # half the month: 50 × 10 + 100 × 5 + 150 × 2
        (50, 0, STEPS, 15, 30, 5_00),  # all of the first tier of half a month
        (51, 0, STEPS, 15, 30, 5_05),  # and one in the second
        (600, 900, STEPS, 15, 30, 10_00),  # 150 over 450: 50 × 10 + 100 × 5
        (100, 0, (Tier(100, 10),), 15, 30, 5_00),  # half of what has a price
        (7, 0, (Tier(3, 10, 3), Tier(None, 1)), 10, 30, 9),  # limit 1: 1 × 10 ÷ 3 + 6 × 1 = 9.33
        (150, 0, (), 30, 30, 0),  # metered and not priced
        (10**12, 0, (Tier(None, 3, 7),), 30, 30, 428_571_428_571),  # 3 × 10^12 ÷ 7 = 428571428571.43
    ],
)
def test_overage(usage, included, tiers, days, of, amount):
    assert overage(usage, included, tiers, days, of) == amount


@pytest.mark.parametrize("days", [-1, 32])
def test_more_or_fewer_days_than_a_month_has_are_refused(days):
    with pytest.raises(ValueError, match=f"0 to 31, not {days}"):
        overage(1, 0, STEPS, days, 31)


@given(rate=st.integers(0, 300), included=st.integers(0, 5000), of=st.integers(28, 31), data=st.data())
def test_a_month_split_at_the_same_rate_of_use_costs_what_the_whole_does(rate, included, of, data):
    """Each part is rounded once: together they are off by a cent at most."""
    days = data.draw(st.integers(0, of))
    whole = overage(rate * of, included, STEPS, of, of)
    parts = [overage(rate * part, included, STEPS, part, of) for part in (days, of - days)]
    assert abs(sum(parts) - whole) <= 1


@given(usage=st.integers(0, 5000), included=st.integers(0, 5000), of=st.integers(28, 31), data=st.data())
def test_overage_is_never_below_zero_and_grows_with_usage(usage, included, of, data):
    days = data.draw(st.integers(0, of))
    less, more = overage(usage, included, STEPS, days, of), overage(usage + 1, included, STEPS, days, of)
    assert 0 <= less <= more
    assert type(less) is int


@pytest.mark.parametrize(
    ("metric", "quantity"),
    [
        ("api_calls", 60),
        ("emails", 60),
        ("sms", 60),
        ("background_jobs", 60),  # what flows adds up
        ("db_objects", 30),
        ("storage_mb", 30),
        ("domains", 30),  # of a level the highest day counts
    ],
)
def test_days_become_one_quantity(metric, quantity):
    assert aggregate(metric, [10, 30, 20]) == quantity
    assert aggregate(metric, []) == 0


def test_every_metric_says_how_it_is_counted():
    assert {metric.aggregation for metric in METRICS.values()} == {Aggregation.SUM, Aggregation.PEAK}
    assert all(code == metric.code for code, metric in METRICS.items())


@pytest.mark.parametrize(
    ("metric", "quantity", "days", "of", "counted"),
    [
        ("api_calls", 500, 15, 30, 500),
        ("storage_mb", 500, 30, 30, 500),
        ("storage_mb", 500, 15, 30, 250),  # held for half of the month
    ],
)
def test_a_level_counts_for_the_days_it_was_held(metric, quantity, days, of, counted):
    assert monthly(metric, quantity, days, of) == counted


API = plan(80, metered(81, "api_calls", ("2018-01-01", 1000, TWO_CENTS)))
STORAGE = plan(90, metered(91, "storage_mb", ("2018-01-01", 800, TWO_CENTS)))


def test_a_change_to_a_plan_with_the_same_tiers_costs_nothing_by_itself():
    """50 calls a day, none included, 100 at 0.10 and then 0.01; the plan is changed on the 16th.

    The whole month: 100 × 10 + 1450 × 1 = 24.50. 15 days: 48.387 × 10 + 701.613 × 1 = 1185.48; 16 days: 51.613 × 10 +
    748.387 × 1 = 1264.52.
    """
    terms = (Tier(100, 10), Tier(None, 1))
    one, other = (plan(n, metered(n + 1, "api_calls", ("2018-01-01", 0, terms))) for n in (70, 75))
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    whole = instance(("2018-11-05", one), domain="2018-11-05")
    split = instance(("2018-11-05", one), ("2019-01-16", other), domain="2018-11-05")
    assert Ledger(one, other).bill(whole, "2019-02-01", daily) == [("2019-01", 24_50, "charge")]
    assert Ledger(one, other).bill(split, "2019-02-01", daily) == [
        ("2019-01", 11_85, "charge"),
        ("2019-01", 12_65, "charge"),
    ]


def test_a_level_in_tiers_costs_half_for_half_a_month():
    """1,200 MB of 800 included, at 0.10, 0.05 and 0.02: 10.00 + 10.00 + 2.00; half of it for 15 of 30 days."""
    stepped = plan(95, metered(96, "storage_mb", ("2018-01-01", 800, STEPS)))
    facts = instance(("2018-11-05", stepped), domain="2019-04-16")
    daily = every_day("storage_mb", "2019-04-01", "2019-06-01", 1200)
    assert Ledger(stepped).bill(facts, "2019-06-01", daily) == [
        ("2019-04", 11_00, "charge"),
        ("2019-05", 22_00, "charge"),
    ]


def test_usage_of_a_closed_month_comes_on_the_next_statement():
    ledger = Ledger(API)
    facts = instance(("2018-11-05", API), domain="2018-11-05")
    daily = every_day("api_calls", "2019-01-01", "2019-03-01", 50)
    # January 31 × 50 = 1550, 550 over × 2; February 28 × 50 = 1400, 400 over × 2
    assert ledger.bill(facts, "2019-01-31", daily) == []
    assert ledger.bill(facts, "2019-02-01", daily) == [("2019-01", 11_00, "charge")]
    assert ledger.bill(facts, "2019-02-28", daily) == []
    assert ledger.bill(facts, "2019-03-01", daily) == [("2019-02", 8_00, "charge")]


def test_usage_of_an_advance_plan_is_billed_after_the_month_all_the_same():
    both = plan(
        85,
        flat(86, ("2018-01-01", 60_00)),
        metered(87, "api_calls", ("2018-01-01", 1000, TWO_CENTS)),
        timing=Timing.ADVANCE,
    )
    ledger = Ledger(both)
    facts = instance(("2019-01-01", both), created="2019-01-01", domain="2019-01-01")
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    assert ledger.bill(facts, "2019-01-01", daily) == [("2019-01", 60_00, "charge")]
    assert ledger.bill(facts, "2019-02-01", daily) == [
        ("2019-01", 11_00, "charge"),
        ("2019-02", 60_00, "charge"),
    ]


def test_late_usage_becomes_an_adjustment():
    ledger = Ledger(API)
    facts = instance(("2018-11-05", API), domain="2018-11-05")
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    ledger.bill(facts, "2019-02-01", daily)
    late = daily | {("api_calls", day("2019-01-31")): 150}
    assert ledger.bill(facts, "2019-02-10", late) == [("2019-01", 2_00, "adjustment")]  # 100 more × 2
    assert ledger.bill(facts, "2019-03-01", daily) == [("2019-01", -2_00, "adjustment")]  # and corrected back


def test_usage_that_arrives_after_a_month_within_the_limit_is_its_first_charge():
    ledger = Ledger(API)
    facts = instance(("2018-11-05", API), domain="2018-11-05")
    assert ledger.bill(facts, "2019-02-01") == []
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    assert ledger.bill(facts, "2019-02-10", daily) == [("2019-01", 11_00, "charge")]


def test_only_the_usage_of_charged_days_counts():
    """The domain came on the 17th: 15 of 31 days, which include 1000 × 15 ÷ 31 = 483.87."""
    facts = instance(("2018-11-05", API), domain="2019-01-17")
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    # 750 − 483.87 = 266.129 × 2 = 532.26
    assert Ledger(API).bill(facts, "2019-02-01", daily) == [("2019-01", 5_32, "charge")]


def test_usage_of_the_previous_payer_is_not_the_next_ones():
    facts = instance(("2018-11-05", API, 7), ("2019-01-17", API, 8), domain="2018-11-05")
    daily = every_day("api_calls", "2019-01-01", "2019-01-17", 100)
    owed = {
        key.account: d.amount
        for key, d in Ledger(API).due(facts, "2019-02-01", daily).items()
        if key.month == day("2019-01-01")
    }
    # 16 × 100 = 1600 in 16 of 31 days, which include 516.13: 1083.87 × 2 = 2167.74; the other used nothing
    assert owed == {7: 21_68, 8: 0}


def test_reached_days_bring_their_usage():
    facts = instance(("2018-11-05", UNBILLED), ("2019-02-01", API), domain="2019-01-01")
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    assert Ledger(API).bill(facts, "2019-02-01", daily) == [("2019-01", 11_00, "charge")]


def test_a_level_under_the_limit_is_never_over_however_few_days_are_billed():
    """500 MB of 800 included, for 15 days: the limit of half a month is 400, and so is 250 what half a month held."""
    facts = instance(("2018-11-05", STORAGE), domain="2019-01-17")
    daily = every_day("storage_mb", "2019-01-01", "2019-02-01", 500)
    assert Ledger(STORAGE).bill(facts, "2019-02-01", daily) == []


def test_a_level_over_the_limit_is_charged_for_the_days_it_was_billed():
    facts = instance(("2018-11-05", STORAGE), domain="2019-01-17")
    daily = every_day("storage_mb", "2019-01-01", "2019-02-01", 900) | {("storage_mb", day("2019-01-20")): 1110}
    # The highest of the charged days is 310 over; for 15 of 31 days: 310 × 15 ÷ 31 = 150 × 2
    assert Ledger(STORAGE).bill(facts, "2019-02-01", daily) == [("2019-01", 3_00, "charge")]


def test_a_level_measured_before_the_charged_days_does_not_count():
    facts = instance(("2018-11-05", STORAGE), domain="2019-01-17")
    daily = {("storage_mb", day("2019-01-16")): 100_000, ("storage_mb", day("2019-01-17")): 800}
    assert Ledger(STORAGE).bill(facts, "2019-02-01", daily) == []


def test_a_price_change_in_mid_month_gives_each_price_its_days_usage_and_part_of_what_is_included():
    """From 11 January a call over costs 3 cents instead of 2."""
    dearer = plan(80, metered(81, "api_calls", ("2018-01-01", 1000, TWO_CENTS), ("2019-01-11", 1000, (Tier(None, 3),))))
    facts = instance(("2018-11-05", dearer), domain="2018-11-05")
    daily = every_day("api_calls", "2019-01-01", "2019-02-01", 50)
    owed = Ledger(dearer).due(facts, "2019-02-01", daily)
    (january,) = (d for key, d in owed.items() if key.month == day("2019-01-01"))
    assert [(share.days, share.usage, share.amount) for share in january.shares] == [
        (10, 500, 3_55),  # 500 − 1000 × 10 ÷ 31 = 177.419 × 2 = 354.84
        (21, 1050, 11_18),  # 1050 − 1000 × 21 ÷ 31 = 372.581 × 3 = 1117.74
    ]
    assert january.amount == 14_73


def test_a_price_change_does_not_put_a_level_over_its_limit():
    dearer = plan(90, metered(91, "storage_mb", ("2018-01-01", 800, TWO_CENTS), ("2019-01-11", 800, (Tier(None, 3),))))
    facts = instance(("2018-11-05", dearer), domain="2018-11-05")
    daily = every_day("storage_mb", "2019-01-01", "2019-02-01", 800)
    assert Ledger(dearer).bill(facts, "2019-02-01", daily) == []


def test_the_same_price_entered_again_gives_one_limit_for_the_month():
    """Two rows at equal terms: usage is added (or its peak taken) over both before the limit is applied."""
    for metric, quantity in (("api_calls", 50), ("storage_mb", 1550)):
        again = plan(80, metered(81, metric, ("2018-01-01", 1000, TWO_CENTS), ("2019-01-11", 1000, (Tier(None, 2),))))
        facts = instance(("2018-11-05", again), domain="2018-11-05")
        daily = every_day(metric, "2019-01-01", "2019-02-01", quantity)
        assert Ledger(again).bill(facts, "2019-02-01", daily) == [("2019-01", 11_00, "charge")]


def test_a_bigger_limit_from_a_day_on_is_two_limits():
    bigger = plan(80, metered(81, "api_calls", ("2018-01-01", 1000, TWO_CENTS), ("2019-02-15", 2000, TWO_CENTS)))
    facts = instance(("2018-11-05", bigger), domain="2018-11-05")
    daily = every_day("api_calls", "2019-02-01", "2019-03-01", 50)
    # 14 days: 700 − 500 = 200 × 2; 14 days: 700 − 1000 is below zero
    assert Ledger(bigger).bill(facts, "2019-03-01", daily) == [("2019-02", 4_00, "charge")]


def test_what_usage_is_asked_for():
    both = plan(
        85,
        flat(86, ("2018-01-01", 60_00)),
        metered(87, "api_calls", ("2018-01-01", 1000, TWO_CENTS)),
        metered(88, "api_calls", ("2018-01-01", 9000, TWO_CENTS)),
        metered(89, "storage_mb", ("2018-01-01", 800, TWO_CENTS), ("2019-01-11", 900, TWO_CENTS)),
    )
    facts = instance(("2018-11-05", both), domain="2018-12-12")
    plans = catalogue(both)
    segments = timeline(facts, plans, day("2019-02-10"))
    december, january = span("2018-12-12", "2019-01-01"), span("2019-01-01", "2019-02-01")
    assert usage_needed(segments, plans, window(day("2019-02-10"))) == (
        ("api_calls", december),
        ("api_calls", january),  # once, although two fees ask for it
        ("storage_mb", december),
        ("storage_mb", span("2019-01-01", "2019-01-11")),
        ("storage_mb", span("2019-01-11", "2019-02-01")),
    )
    assert usage_needed(segments, plans, window(day("2019-02-10"), day("2019-01-01")))[0] == ("api_calls", january)
