"""Rules 5 and 6's arithmetic: amounts computed by hand, in cents, with the sum in the comment."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pos_billing.rating.money import round_half_up
from pos_billing.rating.months import days_in_month, month_of, next_month, previous_month
from pos_billing.rating.proration import prorate


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 31, 0),
        (1, 2, 1),  # 0.5 goes up
        (3, 2, 2),  # 1.5 goes up, also where banker's rounding would
        (5, 2, 3),  # 2.5 goes up, where banker's rounding would not
        (-1, 2, -1),  # halves go away from zero
        (-5, 2, -3),
        (49, 100, 0),  # 0.49
        (-49, 100, 0),
        (51, 100, 1),  # 0.51
        (220_000, 31, 7_097),  # 7096.774…
        (10**30 + 1, 2, 5 * 10**29 + 1),  # beyond any float
    ],
)
def test_rounds_half_away_from_zero(numerator, denominator, rounded):
    assert round_half_up(numerator, denominator) == rounded


@pytest.mark.parametrize("denominator", [0, -1, -31])
def test_refuses_a_denominator_that_is_not_positive(denominator):
    with pytest.raises(ValueError, match="must be positive"):
        round_half_up(1, denominator)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**6))
@example(5, 2)
@example(-5, 2)
def test_rounds_as_decimal_does(numerator, denominator):
    """Against the standard library's own ROUND_HALF_UP, with so many digits that the quotient is never a half by
    chance."""
    with localcontext() as context:
        context.prec = 60
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert round_half_up(numerator, denominator) == int(expected)


@given(st.integers(-(10**9), 10**9))
def test_rounds_every_half_away_from_zero(whole):
    assert round_half_up(2 * whole + 1, 2) == (whole + 1 if whole >= 0 else whole)


PRORATED = [
    # price, days, of, amount
    (110_00, 20, 31, 70_97),  # 220000 ÷ 31 = 7096.77
    (110_00, 11, 31, 39_03),  # 121000 ÷ 31 = 3903.23
    (110_00, 12, 31, 42_58),  # 132000 ÷ 31 = 4258.06
    (110_00, 19, 31, 67_42),  # 209000 ÷ 31 = 6741.94
    (110_00, 1, 31, 3_55),  # 11000 ÷ 31 = 354.84
    (110_00, 30, 31, 106_45),  # 330000 ÷ 31 = 10645.16
    (110_00, 15, 30, 55_00),  # half of the month, half of the price
    (110_00, 1, 30, 3_67),  # 11000 ÷ 30 = 366.67
    (110_00, 29, 30, 106_33),  # 319000 ÷ 30 = 10633.33
    (110_00, 14, 29, 53_10),  # 154000 ÷ 29 = 5310.34
    (110_00, 1, 29, 3_79),  # 11000 ÷ 29 = 379.31
    (110_00, 14, 28, 55_00),  # half
    (110_00, 1, 28, 3_93),  # 11000 ÷ 28 = 392.86
    (110_00, 27, 28, 106_07),  # 297000 ÷ 28 = 10607.14
    (25_00, 31, 31, 25_00),  # 25.00 stays 25.00; a rounded daily price would make it 25.11
    (25_00, 30, 31, 24_19),  # 75000 ÷ 31 = 2419.35
    (25_00, 1, 31, 81),  # 2500 ÷ 31 = 80.65
    (1, 31, 31, 1),  # one cent a month is one cent
    (1, 15, 31, 0),  # 15 ÷ 31 = 0.484: less than half a cent
    (1, 16, 31, 1),  # 16 ÷ 31 = 0.516
    (1, 15, 30, 1),  # exactly half a cent goes up
    (1, 14, 28, 1),  # exactly half a cent goes up
    (1, 14, 29, 0),  # 14 ÷ 29 = 0.483
    (3, 15, 30, 2),  # 1.5 goes up
    (5, 15, 30, 3),  # 2.5 goes up too: halves are not rounded to the even
    (10_000_000_00, 31, 31, 10_000_000_00),  # ten million dollars, a full month
    (10_000_000_00, 1, 31, 322_580_65),  # 1000000000 ÷ 31 = 32258064.516
    (10_000_000_00, 30, 31, 9_677_419_35),  # 30000000000 ÷ 31 = 967741935.48
    (9_999_999_99, 15, 29, 5_172_413_79),  # 14999999985 ÷ 29 = 517241378.793
    (0, 12, 31, 0),  # a free plan
    (110_00, 0, 31, 0),  # no day, no cent
]


@pytest.mark.parametrize(("price", "days", "of", "amount"), PRORATED)
def test_prorates_by_the_day(price, days, of, amount):
    assert prorate(price, days, of) == amount


@pytest.mark.parametrize("of", [28, 29, 30, 31])
@given(price=st.integers(0, 10_000_000_00))
def test_a_full_month_is_the_price(of, price):
    assert prorate(price, of, of) == price


@given(price=st.integers(0, 10_000_000_00), of=st.integers(28, 31), data=st.data())
def test_two_parts_of_a_month_are_the_price_give_or_take_a_cent(price, of, data):
    """Each part is rounded once, so the two together are at most a cent off, and only by rounding halves up."""
    first = data.draw(st.integers(0, of))
    assert 0 <= prorate(price, first, of) + prorate(price, of - first, of) - price <= 1


@given(price=st.integers(0, 10_000_000_00), of=st.integers(28, 31), data=st.data())
def test_a_day_more_never_costs_less(price, of, data):
    days = data.draw(st.integers(0, of - 1))
    assert prorate(price, days, of) <= prorate(price, days + 1, of)


@pytest.mark.parametrize(("days", "of"), [(-1, 31), (32, 31), (30, 29)])
def test_refuses_days_the_month_does_not_have(days, of):
    with pytest.raises(ValueError, match="billed_days must be 0 to"):
        prorate(100, days, of)


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ("2019-01-01", 31),
        ("2019-02-01", 28),
        ("2020-02-01", 29),
        ("2000-02-01", 29),
        ("2100-02-01", 28),
        ("2019-04-01", 30),
        ("2019-12-01", 31),
        ("2024-02-01", 29),
    ],
)
def test_days_of_a_month(month, days):
    assert days_in_month(date.fromisoformat(month)) == days


@pytest.mark.parametrize(
    ("day", "month", "following", "before"),
    [
        ("2018-12-31", "2018-12-01", "2019-01-01", "2018-11-01"),
        ("2019-01-01", "2019-01-01", "2019-02-01", "2018-12-01"),
        ("2020-02-29", "2020-02-01", "2020-03-01", "2020-01-01"),
    ],
)
def test_neighbours_of_a_month(day, month, following, before):
    first = month_of(date.fromisoformat(day))
    assert [first, next_month(first), previous_month(first)] == [
        date.fromisoformat(each) for each in (month, following, before)
    ]
