"""Stripe takes 250 lines: grouped where there are more, and the sum never moves."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_billing.collection.cards.invoice_lines import Billed, InvoiceLine, TooManyLines, invoice_lines
from pos_billing.collection.money.credit_lines import spread
from pos_billing.collection.stripe.api import line_of

billed = st.builds(
    Billed,
    line_id=st.integers(1, 10**9),
    subject=st.text(min_size=1, max_size=600),
    plan_id=st.integers(1, 400),
    plan=st.text(min_size=1, max_size=20),
    fee=st.just("Hosting"),
    month=st.integers(0, 40).map(lambda n: date(2018 + n // 12, n % 12 + 1, 1)),
    cents=st.integers(-(10**8), 10**8).filter(bool),
    adjusts=st.booleans(),
)


@given(st.lists(billed, min_size=1, max_size=600), st.lists(st.integers(-(10**6), 10**6), max_size=2))
def test_sum_is_kept_and_the_limit_too(lines, carried):
    further = [InvoiceLine("carried", cents) for cents in carried]
    made = invoice_lines(lines, further)
    assert len(made) <= 250
    assert sum(line.cents for line in made) == sum(b.cents for b in lines) + sum(carried)
    assert all(line.cents != 0 and 0 < len(line.description) <= 500 for line in made)


def test_one_line_each_below_the_limit():
    month = date(2018, 12, 1)
    lines = invoice_lines(
        [
            Billed(1, "shop", 7, "Production 110", "Hosting", month, 7097),
            Billed(2, "shop", 7, "Production 110", "Hosting", date(2018, 11, 1), -500, True),
        ]
    )
    assert [line.description for line in lines] == [
        "shop: Production 110, Hosting, December 2018",
        "shop: Production 110, Hosting, November 2018 (adjustment)",
    ]


def test_grouped_by_plan_and_month_above_it():
    rows = [
        Billed(n, f"shop {n}", 7 + n % 2, f"Plan {n % 2}", "Hosting", date(2019, 1 + n % 3, 1), 100) for n in range(300)
    ]
    lines = invoice_lines(rows)
    assert len(lines) == 6
    assert {line.cents for line in lines} == {5000}
    assert lines[0].description == "Plan 0, January 2019: 50 amounts for 50 Instances"
    assert lines[0].plan_id == 7


def test_more_carried_amounts_than_room_are_refused():
    with pytest.raises(TooManyLines):
        invoice_lines([], [InvoiceLine("x", 1)] * 250)


def test_only_positive_lines_are_sold_as_a_product():
    assert line_of("x", 100, "prod_1")["price_data"] == {"currency": "usd", "product": "prod_1", "unit_amount": 100}
    assert line_of("x", -100, "prod_1") == {"description": "x", "amount": -100}


@given(st.dictionaries(st.integers(1, 10**6), st.integers(1, 10**7), min_size=1, max_size=40), st.data())
def test_credit_is_spread_exactly_and_never_over_a_line(creditable, data):
    cents = data.draw(st.integers(1, sum(creditable.values())))
    parts = spread(cents, creditable)
    assert sum(parts.values()) == cents
    assert all(0 < part <= creditable[line] for line, part in parts.items())


@pytest.mark.parametrize("cents", [0, -1, 301])
def test_more_than_the_lines_allow_is_refused(cents):
    with pytest.raises(ValueError, match="cannot be credited"):
        spread(cents, {1: 100, 2: 200})
