"""What other billing systems publish: the same sums come out here, and where theirs differ, the test says why.

All sources are public documents or tests of those projects. Amounts are in cents of their currency.
"""

import pytest

from pos_billing.rating.proration import prorate
from pos_billing.rating.terms import Timing
from pos_billing.rating.tiers import Tier, overage
from tests.rating.builders import Ledger, charged, instance, plan


def upgrade(old, new, on, created):
    """An Instance that changes its plan, charged from its first day on."""
    return instance((created, old), (on, new), created=created, domain=created)


def test_lago_upgrade_in_arrears():
    """Lago, guide "Upgrades and downgrades": 100.00 from 1 January, 200.00 from 15 January, calendar billing.

    Its first invoice is 45.16 (14 ÷ 31 × 100.00); the second covers the 17 days left: 17 ÷ 31 × 200.00 = 109.68.
    """
    a, b = plan(1001, 100_00), plan(1002, 200_00)
    lines = Ledger(a, b).issue(upgrade(a, b, "2024-01-15", "2024-01-01"), "2024-02-01")
    assert [line.amount for line in lines] == [45_16, 109_68]


def test_lago_first_month_of_a_leap_february():
    """Lago, spec/scenarios/billing/billing_monthly_spec.rb: subscribed on 4 February 2024.

    A fixed charge of 2000.00 gives 1793.10 (26 of 29 days), a plan of 50,000.00 gives 44,827.59.
    """
    fixed, subscription = plan(1003, 2_000_00), plan(1004, 50_000_00)
    for each, amount in ((fixed, 1_793_10), (subscription, 44_827_59)):
        facts = instance(("2024-02-04", each), created="2024-02-04", domain="2024-02-04")
        assert charged(facts, "2024-03-01", each) == {"2024-02": amount}


def test_lago_divides_by_the_whole_period():
    """Lago, spec/scenarios/subscriptions/upgrade_proration_spec.rb: 910.00 a quarter of 91 days, 32 days used.

    It guards against dividing by the days the subscription lived instead of those of the period: 320.00.
    """
    assert prorate(910_00, 32, 91) == 320_00


def test_lago_rounds_units_before_the_price_and_we_do_not():
    """The same Lago spec notes that 10 units × 17 ÷ 31 at 5000.00 should be 27,419.35 and is 27,419.40 there."""
    assert prorate(5_000_00 * 10, 17, 31) == 27_419_35


def test_3scale_change_of_plan():
    """3scale, features/old/finance/plan_change.feature: 31.00 from 5 May, 3100.00 from 15 May 2009.

    Its lines: 27.00, a refund of −17.00, and 1700.00; together 1710.00. Ours need no refund: 10.00 and 1700.00.
    """
    lunch, diplomat = plan(1005, 31_00), plan(1006, 3_100_00)
    lines = Ledger(lunch, diplomat).issue(upgrade(lunch, diplomat, "2009-05-15", "2009-05-05"), "2009-06-01")
    assert [line.amount for line in lines] == [27_00 - 17_00, 1_700_00]


def test_3scale_change_of_a_prepaid_plan():
    """The same feature, prepaid: May was paid (31.00), then −17.00 and 1700.00, together 1683.00."""
    lunch, diplomat = (plan(1005, 31_00, timing=Timing.ADVANCE), plan(1006, 3_100_00, timing=Timing.ADVANCE))
    ledger = Ledger(lunch, diplomat)
    before = instance(("2009-04-25", lunch), created="2009-04-25", domain="2009-04-25")
    assert ledger.bill(before, "2009-05-01")[-1].amount == 31_00
    lines = ledger.issue(upgrade(lunch, diplomat, "2009-05-15", "2009-04-25"), "2009-05-15")
    assert [line.amount for line in lines] == [-17_00, 1_700_00]


@pytest.mark.parametrize(("old", "new", "difference"), [(10_00, 20_00, 5_00), (20_00, 50_00, 15_00)])
def test_half_a_period(old, new, difference):
    """Stripe, "How prorations work" (10 to 20 dollars halfway: −5 + 10 = 5) and Autumn, "Proration" (20 to 50: 15)."""
    before, after = plan(1007, old, timing=Timing.ADVANCE), plan(1008, new, timing=Timing.ADVANCE)
    ledger = Ledger(before, after)
    ledger.bill(instance(("2024-04-01", before), created="2024-04-01", domain="2024-04-01"), "2024-04-01")
    lines = ledger.issue(upgrade(before, after, "2024-04-16", "2024-04-01"), "2024-04-16")
    assert sum(line.amount for line in lines) == difference


def test_a_rounded_daily_price_loses_cents_and_ours_does_not():
    """Mlytics, "How is prorate calculated?": 10.00 ÷ 30 = 0.33 a day, 15 days are credited as 4.95.

    Half of a month is half of the price: 5.00. Its 99.00 ÷ 30 = 3.30 a day happens to be exact: 49.50 for both.
    """
    assert prorate(10_00, 15, 30) == 5_00 != 15 * 33
    assert prorate(99_00, 15, 30) == 49_50


def test_the_days_of_the_month_itself_are_the_denominator():
    """Chargebee, "Proration calculation logic": 649.00 for 31 January alone is 23.18 there, divided by 28.

    January has 31 days: 64900 ÷ 31 = 2093.55.
    """
    assert prorate(649_00, 1, 28) == 23_18
    facts = instance(("2023-01-31", plan(1009, 649_00)), created="2023-01-31", domain="2023-01-31")
    assert charged(facts, "2023-02-01", plan(1009, 649_00)) == {"2023-01": 20_94}


@pytest.mark.parametrize(
    ("usage", "tiers", "amount"),
    [
        # Autumn, "Graduated Pricing": 0.01, 0.008 and 0.005 dollars; 15,000 requests cost 107.
        (15_000, (Tier(1_000, 1), Tier(10_000, 8, 10), Tier(None, 5, 10)), 107_00),
        # Oracle, "Examples for Tier Based Amount": 1, 2 and 3 dollars a unit from 0, 251 and 501; 1000 units cost 2250.
        (1_000, (Tier(250, 1_00), Tier(500, 2_00), Tier(None, 3_00)), 2_250_00),
        # OpenMeter, tieredgraduated_test.go, 22 units: 100 + 50 + 5 × 5 + 7 × 1 (its two flat tiers, used up).
        (22, (Tier(5, 20_00), Tier(10, 10_00), Tier(15, 5_00), Tier(None, 1_00)), 182_00),
        # OpenMeter, the same file: 8 units at 10 dollars up to 5, then 8: 50 + 24.
        (8, (Tier(5, 10_00), Tier(None, 8_00)), 74_00),
        # Lago, "Graduated": 1.00 for the first 100 units, 0.50 for the next 100, then 0.10; 250 units by that table.
        (250, (Tier(100, 1_00), Tier(200, 50), Tier(None, 10)), 155_00),
    ],
)
def test_graduated_tiers(usage, tiers, amount):
    assert overage(usage, 0, tiers, 30, 30) == amount
