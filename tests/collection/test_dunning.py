"""When a card is tried again: days by hand, and what can never happen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_billing.collection.cards.collect_days import next_payment_on
from pos_billing.collection.cards.dunning import card_expires_before, is_hard, next_attempt

DUE = date(2019, 4, 1)
DAYS = (3, 7, 14, 21)


@pytest.mark.parametrize(
    ("tried_on", "declines", "next_on"),
    [
        (date(2019, 4, 1), 1, date(2019, 4, 4)),
        (date(2019, 4, 4), 2, date(2019, 4, 8)),
        (date(2019, 4, 8), 3, date(2019, 4, 15)),
        (date(2019, 4, 15), 4, date(2019, 4, 22)),
        (date(2019, 4, 22), 5, None),
        (date(2019, 4, 10), 1, date(2019, 4, 15)),
        (date(2019, 6, 1), 1, None),
    ],
)
def test_days_after_due(tried_on, declines, next_on):
    assert next_attempt(DUE, tried_on, DAYS, declines) == next_on


@given(st.lists(st.integers(1, 60), unique=True, max_size=8).map(sorted), st.integers(0, 90))
def test_never_more_tries_than_the_schedule_says(days, late):
    tries, day = 1, DUE + timedelta(days=late)
    while (following := next_attempt(DUE, day, days, tries)) is not None:
        assert following > day
        assert (following - DUE).days in days
        day, tries = following, tries + 1
    assert tries <= 1 + len(days)


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "fraudulent", "pickup_card", "expired_card"])
def test_hard_declines(code):
    assert is_hard(code)


@pytest.mark.parametrize("code", ["insufficient_funds", "generic_decline", "processing_error", "try_again_later"])
def test_soft_declines(code):
    assert not is_hard(code)
    assert is_hard(code, "do_not_try_again"), "Stripe's own advice counts"


def test_a_card_is_valid_through_its_month():
    assert not card_expires_before(2019, 3, date(2019, 3, 31))
    assert card_expires_before(2019, 3, date(2019, 4, 1))
    assert not card_expires_before(2020, 1, date(2019, 12, 31))


@pytest.mark.parametrize(
    ("as_of", "first", "expected"),
    [
        (date(2019, 2, 1), date(2019, 2, 15), date(2019, 2, 15)),
        (date(2019, 2, 15), date(2019, 2, 15), date(2019, 3, 1)),
        (date(2019, 12, 31), None, date(2020, 1, 1)),
        (date(2018, 11, 1), date(2019, 2, 15), date(2019, 2, 15)),
    ],
)
def test_next_payment(as_of, first, expected):
    assert next_payment_on(as_of, first) == expected
