"""Rule 1: the start day counts, the end day does not."""

import pytest

from pos_billing.rating.spans import FOREVER, Span, joined, overlap
from tests.rating.builders import day, span


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2018-12-12", "2019-01-01", 20),  # 12 to 31 December
        ("2019-01-01", "2019-02-01", 31),
        ("2019-02-01", "2019-03-01", 28),
        ("2020-02-01", "2020-03-01", 29),
        ("2018-12-31", "2019-01-01", 1),  # the last day of a year
        ("2019-01-01", "2019-01-01", 0),
        ("2019-01-02", "2019-01-01", 0),
    ],
)
def test_days_of_a_span(start, end, days):
    assert span(start, end).days == days


def test_the_start_day_is_in_and_the_end_day_is_not():
    january = span("2019-01-01", "2019-02-01")
    assert day("2019-01-01") in january
    assert day("2019-01-31") in january
    assert day("2019-02-01") not in january
    assert day("2018-12-31") not in january
    assert "2019-01-15" not in january


def test_an_open_span_holds_every_later_day():
    assert day("2999-12-31") in span("2019-01-01")
    assert span("2019-01-01").end == FOREVER


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("2019-01-01", "2019-02-01"), ("2019-01-10", "2019-03-01"), ("2019-01-10", "2019-02-01")),
        (("2019-01-01", "2019-02-01"), ("2019-02-01", "2019-03-01"), None),  # they touch and share no day
        (("2019-01-01", "2019-02-01"), ("2019-01-31", "2019-03-01"), ("2019-01-31", "2019-02-01")),
        (("2019-01-01", None), ("2018-01-01", "2019-01-02"), ("2019-01-01", "2019-01-02")),
        (("2019-01-01", None), ("2020-01-01", None), ("2020-01-01", None)),
    ],
)
def test_overlap(one, other, shared):
    expected = None if shared is None else span(*shared)
    assert overlap(span(*one), span(*other)) == expected
    assert overlap(span(*other), span(*one)) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        ([("2019-01-10", "2019-01-20"), ("2019-01-01", "2019-01-10")], [("2019-01-01", "2019-01-20")]),
        (
            [("2019-01-01", "2019-01-05"), ("2019-01-06", "2019-01-10")],
            [("2019-01-01", "2019-01-05"), ("2019-01-06", "2019-01-10")],
        ),  # the 5th is in neither
        ([("2019-01-01", "2019-01-31"), ("2019-01-05", "2019-01-06")], [("2019-01-01", "2019-01-31")]),
        ([("2019-01-05", "2019-01-05"), ("2019-01-09", "2019-01-01")], []),  # no days at all
    ],
)
def test_joined(given, expected):
    assert joined(span(*each) for each in given) == tuple(span(*each) for each in expected)


def test_a_span_is_its_two_days():
    assert Span(day("2019-01-01"), day("2019-02-01")) == (day("2019-01-01"), day("2019-02-01"))
