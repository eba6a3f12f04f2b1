"""The state of a statement: every rule, and that outstanding is one formula."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_billing.collection.state import Standing, State, state_of

DUE = date(2019, 2, 15)


@pytest.mark.parametrize(
    ("standing", "as_of", "state"),
    [
        (Standing(0, DUE), date(2019, 3, 1), State.NOTHING_DUE),
        (Standing(100, DUE), date(2019, 2, 1), State.DUE),
        (Standing(100, DUE), DUE, State.DUE),
        (Standing(100, DUE), date(2019, 2, 16), State.PAST_DUE),
        (Standing(100, DUE, paid=40), date(2019, 2, 16), State.PAST_DUE),
        (Standing(100, DUE, paid=100), date(2019, 2, 16), State.PAID),
        (Standing(100, DUE, paid=60, credited=40), DUE, State.PAID),
        (Standing(100, DUE, credited=100), DUE, State.CREDITED),
        (Standing(100, DUE, paid=100, refunded=30), DUE, State.PAID),
        (Standing(100, DUE, paid=100, refunded=100), DUE, State.REFUNDED),
        (Standing(100, DUE, written_off=100), DUE, State.UNCOLLECTIBLE),
        (Standing(100, DUE, paid=60, written_off=40), DUE, State.UNCOLLECTIBLE),
        (Standing(100, DUE, paid=100, disputed=100), DUE, State.DISPUTED),
        (Standing(100, DUE, paid=100, disputed=0), date(2020, 1, 1), State.PAID),
    ],
)
def test_first_rule_that_fits_decides(standing, as_of, state):
    assert state_of(standing, as_of) is state


cents = st.integers(min_value=0, max_value=10**9)


@given(due=st.integers(min_value=1, max_value=10**9), paid=cents, credited=cents, written_off=cents, day=st.dates())
def test_open_is_exactly_what_asks_for_money(due, paid, credited, written_off, day):
    standing = Standing(due, DUE, paid=paid, credited=credited, written_off=written_off)
    assert state_of(standing, day).is_open == (standing.outstanding > 0)
    assert state_of(standing, day).label
