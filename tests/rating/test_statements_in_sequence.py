"""Rules 8, 9 and 10 through time: facts change, statements follow, and the sum of the lines is what is due."""

import pytest

from pos_billing.rating.difference import Billed, LineKind, difference
from pos_billing.rating.due import Due, Key
from pos_billing.rating.facts import Subject
from pos_billing.rating.horizon import Window, held_back_before, window
from pos_billing.rating.terms import Timing
from tests.rating.builders import ACME, BOLT, P110, P200, UNBILLED, Ledger, day, flat, instance, plan

UNBILLED_THEN_110 = (("2018-11-05", UNBILLED), ("2019-01-20", P110))


def test_the_worked_example():
    """Launch on 1 February 2019; on 5 March the domain's day is corrected from 12 to 1 December."""
    ledger = Ledger()
    facts = instance(*UNBILLED_THEN_110, domain="2018-12-12")
    first = ledger.bill(facts, "2019-02-01")
    # December 20 of 31 days, retroactive: 11000 × 20 ÷ 31 = 7096.77; January 31 of 31.
    assert first == [("2018-12", 70_97, "charge"), ("2019-01", 110_00, "charge")]
    assert sum(row.amount for row in first) == 180_97
    assert ledger.bill(facts, "2019-03-01") == [("2019-02", 110_00, "charge")]
    corrected = instance(*UNBILLED_THEN_110, domain="2018-12-01")
    assert ledger.bill(corrected, "2019-04-01") == [
        ("2018-12", 39_03, "adjustment"),  # 110.00 − 70.97
        ("2019-03", 110_00, "charge"),
    ]
    assert [line.corrects for line in ledger.lines] == [(), (), (), (1,), ()]
    assert ledger.bill(corrected, "2019-04-01") == []


def test_a_second_run_of_the_same_day_writes_nothing():
    ledger = Ledger()
    facts = instance(*UNBILLED_THEN_110, domain="2018-12-12")
    assert len(ledger.bill(facts, "2019-02-01")) == 2
    assert ledger.bill(facts, "2019-02-01") == []
    assert ledger.bill(facts, "2019-02-28") == []


def test_a_run_made_late_covers_the_missed_months():
    ledger = Ledger()
    assert ledger.bill(instance(*UNBILLED_THEN_110, domain="2018-12-12"), "2019-05-17") == [
        ("2018-12", 70_97, "charge"),
        ("2019-01", 110_00, "charge"),
        ("2019-02", 110_00, "charge"),
        ("2019-03", 110_00, "charge"),
        ("2019-04", 110_00, "charge"),
    ]


@pytest.mark.parametrize(
    ("moved_to", "expected"),
    [
        ("2018-12-01", [("2018-12", 39_03)]),  # earlier: 110.00 − 70.97
        ("2018-11-30", [("2018-11", 3_67), ("2018-12", 39_03)]),  # 11000 ÷ 30 = 366.67, a month never billed
        ("2018-12-22", [("2018-12", -35_49)]),  # later: 10 days = 35.48; 35.48 − 70.97
        ("2019-01-10", [("2018-12", -70_97), ("2019-01", -31_94)]),  # 22 days: 11000 × 22 ÷ 31 = 7806.45; − 110.00
        ("2019-03-15", [("2018-12", -70_97), ("2019-01", -110_00)]),  # beyond all that was billed
    ],
)
def test_the_domains_day_moved_both_ways(moved_to, expected):
    ledger = Ledger()
    ledger.bill(instance(*UNBILLED_THEN_110, domain="2018-12-12"), "2019-02-01")
    rows = ledger.bill(instance(*UNBILLED_THEN_110, domain=moved_to), "2019-02-02")
    assert [(row.month, row.amount) for row in rows] == expected


def test_a_domain_moved_there_and_back_is_charged_once():
    ledger = Ledger()
    there, back = (instance(*UNBILLED_THEN_110, domain=on) for on in ("2018-12-12", "2019-01-10"))
    ledger.bill(there, "2019-02-01")
    assert [row.amount for row in ledger.bill(back, "2019-02-02")] == [-70_97, -31_94]
    rows = ledger.bill(there, "2019-02-03")
    # December was billed and credited: its third line is an adjustment and names both.
    assert rows == [("2018-12", 70_97, "adjustment"), ("2019-01", 31_94, "adjustment")]
    assert sum(line.amount for line in ledger.lines) == 180_97
    assert ledger.lines[-2].corrects == (1, 3)


def test_a_plan_change_entered_late_credits_the_old_plan_and_charges_the_new_one():
    ledger = Ledger()
    ledger.bill(instance(("2018-11-05", P110), domain="2018-12-01"), "2019-03-01")
    rows = ledger.bill(instance(("2018-11-05", P110), ("2019-01-20", P200), domain="2018-12-01"), "2019-03-02")
    assert rows == [
        ("2019-01", -42_58, "adjustment"),  # 19 days: 11000 × 19 ÷ 31 = 6741.94; 67.42 − 110.00
        ("2019-01", 77_42, "charge"),  # 12 days: 20000 × 12 ÷ 31 = 7741.94
        ("2019-02", -110_00, "adjustment"),
        ("2019-02", 200_00, "charge"),
    ]


def test_a_price_changed_in_the_middle_of_a_retroactive_month():
    """Both months were billed at 110.00; then 130.00 is entered from 22 December on."""
    ledger = Ledger(plan(70, 110_00))
    facts = instance(("2018-11-05", UNBILLED), ("2019-01-20", plan(70, 110_00)), domain="2018-12-12")
    assert [row.amount for row in ledger.bill(facts, "2019-02-01")] == [70_97, 110_00]
    # The fee keeps its identity; its price is another from that day on.
    ledger.plans[70] = plan(70, flat(700, ("2000-01-01", 110_00), ("2018-12-22", 130_00)))
    rows = ledger.bill(facts, "2019-03-01")
    assert rows == [
        # 10 days at 110.00 = 3548.39 and 10 at 130.00 = 4193.55, each rounded once: 35.48 + 41.94 − 70.97
        ("2018-12", 6_45, "adjustment"),
        ("2019-01", 20_00, "adjustment"),
        ("2019-02", 130_00, "charge"),
    ]
    (december,) = (line for line in ledger.lines[2:] if line.key.month == day("2018-12-01"))
    assert [(share.price.cents, share.days, share.amount) for share in december.shares] == [
        (110_00, 10, 35_48),
        (130_00, 10, 41_94),
    ]


def test_a_transfer_entered_late_moves_the_days_to_the_new_payer():
    ledger = Ledger()
    ledger.bill(instance(("2018-11-05", P110, ACME), domain="2018-12-01"), "2019-02-01")
    moved = instance(("2018-11-05", P110, ACME), ("2019-01-11", P110, BOLT), domain="2018-12-01")
    lines = ledger.issue(moved, "2019-02-02")
    assert [(line.key.account, line.amount, line.kind) for line in lines] == [
        (ACME, -74_52, LineKind.ADJUSTMENT),  # 10 days: 11000 × 10 ÷ 31 = 3548.39; 35.48 − 110.00
        (BOLT, 74_52, LineKind.CHARGE),  # 21 days: 11000 × 21 ÷ 31 = 7451.61
    ]


class TestTiming:
    advance = plan(60, 60_00, timing=Timing.ADVANCE)

    @pytest.mark.parametrize(
        ("as_of", "arrears_through", "advance_through"),
        [
            ("2019-02-01", "2019-02-01", "2019-03-01"),
            ("2019-02-28", "2019-02-01", "2019-03-01"),  # on any day of February the same
            ("2020-02-29", "2020-02-01", "2020-03-01"),
            ("2018-12-31", "2018-12-01", "2019-01-01"),  # over the year's end
            ("2019-01-01", "2019-01-01", "2019-02-01"),
        ],
    )
    def test_the_horizon_of_a_run(self, as_of, arrears_through, advance_through):
        seen = window(day(as_of))
        assert seen.end(Timing.ARREARS, metered=False) == day(arrears_through)
        assert seen.end(Timing.ADVANCE, metered=False) == day(advance_through)
        assert seen.end(Timing.ADVANCE, metered=True) == day(arrears_through)  # usage of closed months alone

    def test_advance_bills_the_month_that_begins(self):
        ledger = Ledger(self.advance)
        facts = instance(("2018-11-05", self.advance), domain="2019-01-15")
        assert ledger.bill(facts, "2019-01-01") == [("2019-01", 32_90, "charge")]  # 6000 × 17 ÷ 31 = 3290.32
        assert ledger.bill(facts, "2019-02-01") == [("2019-02", 60_00, "charge")]

    def test_advance_gives_back_the_days_after_a_deletion(self):
        ledger = Ledger(self.advance)
        ledger.bill(instance(("2018-11-05", self.advance), domain="2018-11-05"), "2019-01-01")
        ended = instance(("2018-11-05", self.advance), domain="2018-11-05", deleted="2019-01-22")
        # 21 days: 6000 × 21 ÷ 31 = 4064.52; 40.65 − 60.00
        assert ledger.bill(ended, "2019-02-01") == [("2019-01", -19_35, "adjustment")]

    def test_from_advance_to_arrears_in_mid_month(self):
        ledger = Ledger(self.advance)
        before = instance(("2018-11-05", self.advance), domain="2018-11-05")
        assert ledger.bill(before, "2019-01-01")[-1] == ("2019-01", 60_00, "charge")
        after = instance(("2018-11-05", self.advance), ("2019-01-16", P110), domain="2018-11-05")
        assert ledger.bill(after, "2019-02-01") == [
            ("2019-01", -30_97, "adjustment"),  # 15 days: 6000 × 15 ÷ 31 = 2903.23; 29.03 − 60.00
            ("2019-01", 56_77, "charge"),  # 16 days: 11000 × 16 ÷ 31 = 5677.42
        ]

    def test_a_plan_whose_timing_is_changed_ends_at_the_same_sum(self):
        """Made arrears in January, the running month is credited, and billed again when it is over."""
        ledger = Ledger(self.advance)
        facts = instance(("2019-01-01", self.advance), created="2019-01-01", domain="2019-01-01")
        ledger.bill(facts, "2019-01-01")
        ledger.plans[60] = self.advance._replace(timing=Timing.ARREARS)
        assert ledger.bill(facts, "2019-01-10") == [("2019-01", -60_00, "adjustment")]
        assert ledger.bill(facts, "2019-02-01") == [("2019-01", 60_00, "adjustment")]


class TestCutOff:
    @pytest.mark.parametrize(
        ("cut_off", "first"),
        [
            (None, "2018-06-01"),
            ("2019-01-01", "2019-01-01"),
            ("2019-01-15", "2019-01-01"),  # the month that holds the day is still rated
            ("2019-01-31", "2019-01-01"),
            ("2019-02-01", "2019-02-01"),
            ("2018-01-01", "2018-06-01"),  # earlier than what the run asks for
        ],
    )
    def test_the_first_month_of_a_run(self, cut_off, first):
        asked = day("2018-06-01")
        assert window(day("2019-03-01"), asked, cut_off and day(cut_off)).first_month == day(first)

    @pytest.mark.parametrize(
        ("cut_off", "last_run", "first"),
        [
            (None, "2019-02-01", None),
            ("2019-01-15", None, "2019-01-01"),
            ("2019-01-15", "2019-02-01", "2019-01-01"),
            ("2019-02-01", "2019-02-01", "2019-02-01"),
            ("2019-04-01", "2019-02-01", "2019-02-01"),  # February was never billed: it still is to be
            ("2019-04-01", "2019-02-20", "2019-02-01"),
        ],
    )
    def test_it_holds_back_closed_months_alone(self, cut_off, last_run, first):
        held_back = held_back_before(cut_off and day(cut_off), last_run and day(last_run))
        assert held_back == (first and day(first))

    def test_months_before_it_stay_as_they_were_billed(self):
        ledger = Ledger()
        ledger.bill(instance(*UNBILLED_THEN_110, domain="2018-12-12"), "2019-02-01")
        ledger.cut_off = day("2019-01-01")
        corrected = instance(*UNBILLED_THEN_110, domain="2019-01-10")
        # December keeps its 70.97; January is rated again: 11000 × 22 ÷ 31 = 7806.45; 78.06 − 110.00
        assert ledger.bill(corrected, "2019-02-02") == [("2019-01", -31_94, "adjustment")]

    def test_it_is_the_reach_that_is_cut_and_not_the_month(self):
        ledger = Ledger(cut_off="2019-01-01")
        assert ledger.bill(instance(*UNBILLED_THEN_110, domain="2018-12-12"), "2019-02-01") == [
            ("2019-01", 110_00, "charge"),
        ]


class TestPrices:
    def test_days_on_which_a_fee_had_no_price_cost_nothing(self):
        late = plan(70, flat(71, ("2019-01-11", 110_00)))
        facts = instance(("2018-11-05", late), domain="2018-11-05")
        assert Ledger(late).bill(facts, "2019-03-01") == [
            ("2019-01", 74_52, "charge"),  # 21 days: 11000 × 21 ÷ 31 = 7451.61
            ("2019-02", 110_00, "charge"),
        ]

    def test_a_hole_between_two_prices_costs_nothing(self):
        holed = plan(70, flat(71, ("2018-01-01", 110_00), ("2019-01-11", None), ("2019-01-21", 110_00)))
        facts = instance(("2018-11-05", holed), domain="2019-01-01")
        # 10 + 11 days at one price, rounded once: 11000 × 21 ÷ 31 = 7451.61
        assert Ledger(holed).bill(facts, "2019-02-01") == [("2019-01", 74_52, "charge")]

    def test_a_price_entered_again_on_a_neighbouring_day_changes_nothing(self):
        """5.00 over 31 days: split in two and rounded apart it would be 2.42 + 2.58, over three parts 4.99."""
        split = plan(
            70, flat(71, ("2018-01-01", 5_00), ("2019-01-07", 5_00), ("2019-01-13", 5_00), ("2019-01-20", 5_00))
        )
        facts = instance(("2018-11-05", split), domain="2019-01-01")
        owed = Ledger(split).due(facts, "2019-02-01")
        assert [d.amount for d in owed.values()] == [5_00]
        assert [len(d.shares) for d in owed.values()] == [1]

    def test_a_price_that_goes_and_comes_back_is_two_amounts(self):
        there = plan(70, flat(71, ("2018-01-01", 110_00), ("2019-01-11", 130_00), ("2019-01-21", 110_00)))
        facts = instance(("2018-11-05", there), domain="2019-01-01")
        (owed,) = Ledger(there).due(facts, "2019-02-01").values()
        # 10 + 11 days: 11000 × 21 ÷ 31 = 7451.61; 10 days: 13000 × 10 ÷ 31 = 4193.55
        assert [(s.price.cents, s.days, s.amount) for s in owed.shares] == [(110_00, 21, 74_52), (130_00, 10, 41_94)]

    def test_a_month_with_two_prices_is_two_amounts(self):
        rising = plan(70, flat(71, ("2018-01-01", 25_00), ("2020-02-15", 29_00)))
        facts = instance(("2018-11-05", rising), domain="2020-02-01")
        # 14 of 29 days: 35000 ÷ 29 = 1206.90; 15 of 29 days: 43500 ÷ 29 = 1500.00
        assert Ledger(rising).bill(facts, "2020-03-01") == [("2020-02", 27_07, "charge")]

    def test_every_fee_of_a_plan_is_a_line(self):
        two = plan(70, flat(71, ("2018-01-01", 110_00)), flat(72, ("2018-01-01", 1), name="Backups"))
        facts = instance(("2018-11-05", two), domain="2019-01-17")
        lines = Ledger(two).issue(facts, "2019-02-01")
        # 15 days: 11000 × 15 ÷ 31 = 5322.58; 15 ÷ 31 of a cent rounds to nothing, and nothing is no line
        assert [(line.key.fee, line.amount) for line in lines] == [(71, 53_23)]

    @pytest.mark.parametrize(
        ("cents", "amount"),
        [
            (1, 1),
            (25_00, 25_00),
            (10_000_000_00, 10_000_000_00),
        ],
    )
    @pytest.mark.parametrize("month", ["2018-12", "2019-02", "2019-04", "2020-02"])
    def test_a_full_month_is_the_price(self, cents, amount, month):
        priced = plan(70, cents)
        facts = instance(("2018-01-01", priced), created="2018-01-01", domain="2018-01-01")
        rows = {row.month: row.amount for row in Ledger(priced).bill(facts, "2020-06-01")}
        assert rows[month] == amount

    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ("2019-01-01", "2019-02-01", {"2019-01": 110_00}),  # first to last day
            ("2019-01-31", "2019-02-01", {"2019-01": 3_55}),  # the last day alone: 354.84
            ("2019-02-01", "2019-02-02", {"2019-02": 3_93}),  # the first day alone: 392.86
            ("2018-12-31", "2019-01-02", {"2018-12": 3_55, "2019-01": 3_55}),  # over the year's end
            ("2020-02-29", "2020-03-01", {"2020-02": 3_79}),  # the leap day: 379.31
            ("2020-02-01", "2020-02-29", {"2020-02": 106_21}),  # 28 of 29: 308000 ÷ 29 = 10620.69
            ("2019-02-01", "2019-03-01", {"2019-02": 110_00}),
            ("2019-04-15", "2019-05-16", {"2019-04": 58_67, "2019-05": 53_23}),  # 16/30: 5866.67; 15/31: 5322.58
            (
                "2019-11-30",
                "2020-03-02",
                {"2019-11": 3_67, "2019-12": 110_00, "2020-01": 110_00, "2020-02": 110_00, "2020-03": 3_55},
            ),
        ],
    )
    def test_starts_and_ends(self, start, end, expected):
        facts = instance(("2018-11-05", P110), domain=start, deleted=end)
        assert {row.month: row.amount for row in Ledger().bill(facts, "2020-06-01")} == expected


class TestDifference:
    key = Key(ACME, Subject("instance", 1), 71, day("2019-01-01"))
    other = key._replace(month=day("2019-02-01"))

    def test_what_was_never_billed_is_a_charge(self):
        (line,) = difference({self.key: Due(110_00, ())}, {})
        assert (line.kind, line.amount, line.due, line.billed, line.corrects) == (
            LineKind.CHARGE,
            110_00,
            110_00,
            0,
            (),
        )

    def test_what_was_billed_is_adjusted_and_named(self):
        (line,) = difference({self.key: Due(110_00, ())}, {self.key: Billed(70_97, (3, 9))})
        assert (line.kind, line.amount, line.corrects) == (LineKind.ADJUSTMENT, 39_03, (3, 9))

    def test_what_is_no_longer_due_is_credited(self):
        (line,) = difference({}, {self.key: Billed(70_97, (3,))})
        assert (line.kind, line.amount, line.due, line.shares) == (LineKind.ADJUSTMENT, -70_97, 0, ())

    def test_charged_and_credited_before_it_is_an_adjustment_again(self):
        (line,) = difference({self.key: Due(1, ())}, {self.key: Billed(0, (3, 4))})
        assert line.kind is LineKind.ADJUSTMENT

    def test_no_difference_is_no_line(self):
        nothing, five = {self.key: Due(0, ())}, {self.key: Due(5, ())}
        assert difference({}, {}) == ()
        assert difference(nothing, {}) == ()
        assert difference(five, {self.key: Billed(5, (1,))}) == ()
        assert difference({}, {self.key: Billed(0, (1, 2))}) == ()

    def test_lines_come_in_one_order(self):
        owed = {self.other: Due(2, ()), self.key: Due(1, ())}
        assert [line.key for line in difference(owed, {})] == [self.key, self.other]
        assert [line.key for line in difference(owed, {self.other: Billed(1, (1,))})] == [self.key, self.other]


def test_a_window_is_its_days():
    assert window(day("2019-02-15"), day("2018-12-01")) == Window(
        day("2018-12-01"), day("2019-02-01"), day("2019-03-01")
    )
