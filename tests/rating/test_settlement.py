"""Rule 11: credit is used up, small amounts wait, nobody is charged a negative amount. Rule 12: margin."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_billing.rating.margin import profit
from pos_billing.rating.settlement import Settlement, settle


@pytest.mark.parametrize(
    ("total", "brought", "minimum", "amount_due", "carried"),
    [
        (180_97, 0, 50, 180_97, 0),
        (50, 0, 50, 50, 0),  # the minimum itself is asked for
        (49, 0, 50, 0, 49),  # one cent under it waits
        (49, 0, 0, 49, 0),  # by hand there is no minimum
        (1, 0, 0, 1, 0),
        (0, 0, 50, 0, 0),
        (0, 0, 0, 0, 0),
        (1, 49, 50, 50, 0),  # with what waited it is enough
        (-20_00, 0, 50, 0, -20_00),  # a negative statement leaves credit
        (110_00, -20_00, 50, 90_00, 0),  # which the next one uses up
        (110_00, -200_00, 50, 0, -90_00),  # or uses a part of
        (110_00, -110_00, 50, 0, 0),  # exactly used up
        (110_00, -109_60, 50, 0, 40),  # 40 cents are left to pay: too little, they wait
        (110_00, -109_60, 0, 40, 0),
        (-10, 49, 50, 0, 39),  # a credit against what waited
        (-60, 49, 0, 0, -11),
        (-5, 0, -10, 0, -5),  # not even a nonsensical minimum charges a negative amount
    ],
)
def test_what_is_asked_for_and_what_moves_on(total, brought, minimum, amount_due, carried):
    assert settle(total, brought, minimum) == Settlement(total, brought, amount_due, carried)


@pytest.mark.parametrize(
    ("total", "brought", "owed", "set_off", "carried"),
    [
        (-180_97, 0, 180_97, 180_97, 0),  # all of it was open
        (-180_97, 0, 110_00, 110_00, -70_97),
        (-180_97, 30, 500_00, 180_67, 0),  # a rest that waited comes first
        (10_00, 0, 500_00, 0, 0),
    ],
)
def test_credit_settles_what_is_open_first(total, brought, owed, set_off, carried):
    settled = settle(total, brought, 50, owed)
    assert (settled.set_off, settled.carried_forward) == (set_off, carried)
    assert settled.total + settled.brought_forward + settled.set_off == settled.amount_due + settled.carried_forward


cents = st.integers(-(10**12), 10**12)


@given(total=cents, brought=cents, minimum=st.integers(0, 10_00))
def test_it_adds_up_and_asks_for_nothing_or_enough(total, brought, minimum):
    settled = settle(total, brought, minimum)
    assert settled.total + settled.brought_forward == settled.amount_due + settled.carried_forward
    assert settled.amount_due == 0 or settled.amount_due >= max(1, minimum)
    assert settled.carried_forward < max(1, minimum)  # a sum worth collecting never waits
    assert settled.amount_due == 0 or settled.carried_forward == 0


@given(totals=st.lists(cents, max_size=20), minimum=st.integers(0, 10_00))
def test_over_many_statements_all_that_was_billed_is_asked_for_or_carried(totals, minimum):
    carried, asked = 0, 0
    for total, so_far in zip(totals, accumulate(totals), strict=True):
        settled = settle(total, carried, minimum)
        asked, carried = asked + settled.amount_due, settled.carried_forward
        assert asked + carried == so_far


def test_profit_is_a_difference_of_billed_amounts():
    assert profit(billed=110_00, cost=70_97) == 39_03
    assert profit(billed=0, cost=70_97) == -70_97
