"""Facts by day: one value on each day, changed from a day on, whatever was said before and in whatever order."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_billing.facts.days import as_days, as_span, change_from, end_on
from pos_billing.facts.errors import Refused
from pos_billing.instances.models import EnvironmentPeriod, Instance
from pos_billing.rating.spans import FOREVER, Span

pytestmark = pytest.mark.django_db

FIRST = date(2019, 1, 1)
LAST = 24
"""Days the model looks at: 0 … 23 after ``FIRST``; what holds on the last of them holds for good."""


def on(day: int | None) -> date | None:
    return None if day is None else FIRST + timedelta(days=day)


@pytest.fixture
def shop(platform) -> Instance:
    return Instance.objects.create(name="Shop", created_on=FIRST)


def stand(instance: Instance, *periods: tuple[int, int | None, str]) -> None:
    for start, end, value in periods:
        EnvironmentPeriod.objects.create(instance=instance, environment=value, days=as_days(on(start), on(end)))


def standing(instance: Instance) -> list[tuple[int, int | None, str]]:
    """The periods as days after ``FIRST``, in order."""
    return [
        ((row.span.start - FIRST).days, None if row.span.end == FOREVER else (row.span.end - FIRST).days,
         row.environment)
        for row in EnvironmentPeriod.objects.filter(instance=instance).order_by("days")
    ]  # fmt: skip


TABLE = {
    "the first": ([], (5, None, "dev"), [(5, None, "dev")]),
    "the first, until a day": ([], (5, 9, "dev"), [(5, 9, "dev")]),
    "from a later day": ([(0, None, "qa")], (5, None, "dev"), [(0, 5, "qa"), (5, None, "dev")]),
    "from the same day": ([(0, None, "qa")], (0, None, "dev"), [(0, None, "dev")]),
    "from before, up to what is known": ([(5, None, "qa")], (2, None, "dev"), [(2, 5, "dev"), (5, None, "qa")]),
    "between two that are known": (
        [(0, 8, "qa"), (8, None, "staging")], (5, None, "dev"), [(0, 5, "qa"), (5, 8, "dev"), (8, None, "staging")],
    ),
    "in the middle: split": (
        [(0, None, "qa")], (5, 9, "dev"), [(0, 5, "qa"), (5, 9, "dev"), (9, None, "qa")],
    ),
    "at the end: cut back": ([(0, 9, "qa")], (5, 9, "dev"), [(0, 5, "qa"), (5, 9, "dev")]),
    "at the start: cut": ([(0, 9, "qa")], (0, 5, "dev"), [(0, 5, "dev"), (5, 9, "qa")]),
    "over several": (
        [(0, 4, "qa"), (4, 8, "staging"), (8, None, "production")], (2, 10, "dev"),
        [(0, 2, "qa"), (2, 10, "dev"), (10, None, "production")],
    ),
    "exactly one: replaced": (
        [(0, 4, "qa"), (4, 8, "staging"), (8, None, "qa")], (4, 8, "dev"),
        [(0, 4, "qa"), (4, 8, "dev"), (8, None, "qa")],
    ),
    "as its neighbours say: joined": (
        [(0, 4, "qa"), (4, 8, "staging"), (8, None, "qa")], (4, 8, "qa"), [(0, None, "qa")],
    ),
    "as the one before says: grown": (
        [(0, 4, "qa"), (4, None, "dev")], (4, 8, "qa"), [(0, 8, "qa"), (8, None, "dev")],
    ),
    "into a gap": ([(0, 4, "qa"), (8, None, "qa")], (4, 8, "qa"), [(0, None, "qa")]),
    "beside a gap": ([(0, 4, "qa")], (8, None, "qa"), [(0, 4, "qa"), (8, None, "qa")]),
}  # fmt: skip


@pytest.mark.parametrize(("before", "said", "after"), TABLE.values(), ids=TABLE)
def test_change_from_by_table(shop, before, said, after):
    """What held is cut, split, joined or removed; saying it again changes nothing, another Instance stays."""
    other = Instance.objects.create(name="Other", created_on=FIRST)
    stand(shop, *before)
    stand(other, (0, None, "staging"))
    start, until, value = said
    assert change_from(EnvironmentPeriod, {"instance": shop}, on(start), {"environment": value}, until=on(until))
    assert standing(shop) == after
    assert standing(other) == [(0, None, "staging")]


@pytest.mark.parametrize(("before", "said", "after"), TABLE.values(), ids=TABLE)
def test_saying_it_twice_changes_nothing(shop, before, said, after):
    """The second time returns ``False`` and leaves the same rows with the same keys."""
    stand(shop, *before)
    start, until, value = said
    until = until or next((day for day, _, _ in before if day > start), None)
    change_from(EnvironmentPeriod, {"instance": shop}, on(start), {"environment": value}, until=on(until))
    rows = list(EnvironmentPeriod.objects.values_list("pk", "days").order_by("pk"))
    assert not change_from(EnvironmentPeriod, {"instance": shop}, on(start), {"environment": value}, until=on(until))
    assert list(EnvironmentPeriod.objects.values_list("pk", "days").order_by("pk")) == rows


@pytest.mark.parametrize(
    ("before", "day", "until", "after"),
    [
        ([(0, None, "qa")], 5, None, [(0, 5, "qa")]),
        ([(0, None, "qa")], 0, None, []),
        ([(0, None, "qa")], 5, 8, [(0, 5, "qa"), (8, None, "qa")]),
        ([(0, 4, "qa"), (4, None, "dev")], 2, None, [(0, 2, "qa")]),
        ([(0, 4, "qa"), (4, None, "dev")], 2, 6, [(0, 2, "qa"), (6, None, "dev")]),
        ([(0, 4, "qa")], 4, None, [(0, 4, "qa")]),
        ([], 4, 9, []),
    ],
)
def test_end_on_by_table(shop, before, day, until, after):
    """Nothing holds on those days any more; what is gone already is not ended twice."""
    stand(shop, *before)
    changed = end_on(EnvironmentPeriod, {"instance": shop}, on(day), on(until))
    assert changed is (before != after)
    assert standing(shop) == after
    assert not end_on(EnvironmentPeriod, {"instance": shop}, on(day), on(until))


@pytest.mark.parametrize("until", [5, 4])
def test_no_day_at_all_is_refused(shop, until):
    """``until`` is the first day on which it does not hold: it comes after ``day``."""
    stand(shop, (0, None, "qa"))
    with pytest.raises(Refused) as refused:
        change_from(EnvironmentPeriod, {"instance": shop}, on(5), {"environment": "dev"}, until=on(until))
    assert refused.value.field == "until"
    with pytest.raises(Refused):
        end_on(EnvironmentPeriod, {"instance": shop}, on(5), on(until))
    assert standing(shop) == [(0, None, "qa")]


def test_days_read_as_spans_and_back():
    """An open end is ``FOREVER`` for rating and no bound for PostgreSQL."""
    assert as_span(as_days(FIRST)) == Span(FIRST, FOREVER)
    assert as_span(as_days(FIRST, on(3))) == Span(FIRST, on(3))
    assert as_days(FIRST, FOREVER).upper is None


VALUES = st.sampled_from(["qa", "dev", "staging"])
STEPS = st.lists(
    st.tuples(
        st.one_of(st.none(), VALUES),
        st.integers(0, LAST - 2),
        st.one_of(st.none(), st.integers(1, 12)),
    ),
    min_size=1,
    max_size=7,
)


def written_by_hand(days: dict[int, str], value: str | None, start: int, until: int | None) -> dict[int, str]:
    """The rule, a day at a time. Without ``until`` a value holds until the next day on which another period begins."""
    if until is None and value is not None:
        begins = [day for day in range(start + 1, LAST) if day in days and days.get(day - 1) != days[day]]
        until = begins[0] if begins else LAST
    said = range(start, LAST if until is None else min(until, LAST))
    kept = {day: held for day, held in days.items() if day not in said}
    return kept if value is None else kept | dict.fromkeys(said, value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_says_what_a_dict_of_days_says(shop, steps):
    """Every day has the value last said of it, and neighbouring rows that say the same are one."""
    with transaction.atomic():
        days: dict[int, str] = {}
        for value, start, length in steps:
            until = None if length is None else start + length
            days = written_by_hand(days, value, start, until)
            if value is None:
                end_on(EnvironmentPeriod, {"instance": shop}, on(start), on(until))
            else:
                change_from(EnvironmentPeriod, {"instance": shop}, on(start), {"environment": value}, until=on(until))
            periods = standing(shop)
            told = {day: held for begin, end, held in periods for day in range(begin, LAST if end is None else end)}
            assert {day: held for day, held in told.items() if day < LAST} == days
            for (_, end, held), (begin, _, following) in pairwise(periods):
                assert end != begin or held != following
        transaction.set_rollback(True)


INSERT = (
    "INSERT INTO pos_billing_instances_environmentperiod (instance_id, environment, days) "
    "VALUES (%s, 'dev', %s::daterange)"
)


@pytest.mark.parametrize(
    ("days", "constraint"),
    [
        ("[2019-01-05,2019-01-06)", "one_environment_a_day"),
        ("[2018-12-01,2019-01-02)", "one_environment_a_day"),
        ("[2019-01-31,)", "one_environment_a_day"),
        ("(,2018-12-01)", "environment_days"),
        ("empty", "environment_days"),
    ],
)
def test_postgresql_refuses_two_values_on_a_day(shop, days, constraint):
    """Raw SQL does not get past it either: no overlap, no days without a beginning, no row without days."""
    stand(shop, (0, 31, "qa"))
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [shop.pk, days])
    assert refused.value.__cause__.diag.constraint_name == constraint


def test_postgresql_takes_the_days_beside_it_and_those_of_others(shop):
    """The first day that is free is free, and another Instance has days of its own."""
    stand(shop, (0, 31, "qa"))
    other = Instance.objects.create(name="Other", created_on=FIRST)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [shop.pk, "[2019-02-01,)"])
        cursor.execute(INSERT, [other.pk, "[2019-01-05,)"])
    assert standing(shop) == [(0, 31, "qa"), (31, None, "dev")]
    assert standing(other) == [(4, None, "dev")]
