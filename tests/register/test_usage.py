"""Usage logs come in as a whole or not at all; a correction replaces what was told."""

import io
from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import ChangeNote, Instance, RegisterImport, UsageDay
from pos_billing.register.usage import import_usage

SHOP = UUID("0f9e9a4e-7b56-4d5e-8c53-2a6f7c1d0001")


@pytest.fixture(autouse=True)
def shop(platform):
    return Instance.objects.create(uuid=SHOP, name="Shop", created_on=date(2019, 1, 1))


def given(*rows: str, header: str = "uuid,metric,day,quantity", **options):
    return import_usage(io.BytesIO("\n".join([header, *rows]).encode()), "usage.csv", by="test", **options)


def quantities() -> dict[tuple[str, date], int]:
    return {(row.metric, row.day): row.quantity for row in UsageDay.objects.all()}


def test_days_are_written_and_a_correction_replaces():
    first = given(f"{SHOP},api_calls,2019-01-02,10", f"{SHOP},emails,2019-01-02,3")
    assert first.changes["usage"]._asdict() == {"added": 2, "altered": 0, "removed": 0}
    again = given(f"{SHOP},api_calls,2019-01-02,12", f"{SHOP},emails,2019-01-02,3")
    assert again.changes["usage"]._asdict() == {"added": 0, "altered": 1, "removed": 0}
    assert quantities() == {("api_calls", date(2019, 1, 2)): 12, ("emails", date(2019, 1, 2)): 3}
    assert RegisterImport.objects.count() == 2


def test_the_month_is_touched():
    ChangeNote.objects.all().delete()
    given(f"{SHOP},api_calls,2019-01-02,10", f"{SHOP},api_calls,2019-03-31,10")
    assert set(ChangeNote.objects.values_list("first_month", flat=True)) == {date(2019, 1, 1), date(2019, 3, 1)}


def test_every_bad_row_is_told_and_nothing_is_written():
    report = given(
        f"{SHOP},api_calls,2019-01-02,10",
        "x,api_calls,2019-01-02,10",
        f"{SHOP},calls,2019-01-02,10",
        f"{SHOP},api_calls,31.1.2019,10",
        f"{SHOP},api_calls,2019-01-05,-3",
        f"{SHOP},api_calls,2019-01-02,11",
        "0f9e9a4e-7b56-4d5e-8c53-2a6f7c1d0002,api_calls,2019-01-02,1",
        f"{SHOP},api_calls,2019-01-07",
    )
    assert [(p.number, p.field) for p in report.problems] == [
        (3, "uuid"), (4, "metric"), (5, "day"), (6, "quantity"), (7, "day"), (8, "uuid"), (9, ""),
    ]  # fmt: skip
    assert quantities() == {}
    assert not RegisterImport.objects.exists()


def test_a_preview_says_the_same_and_writes_nothing():
    report = given(f"{SHOP},api_calls,2019-01-02,10", preview=True)
    assert report.changed == 1
    assert quantities() == {}


@pytest.mark.parametrize("header", ["uuid,metric,day", "uuid,metric,day,quantity,note", ""])
def test_other_columns_are_refused(header):
    with pytest.raises(Refused, match="The first row must name the columns"):
        given(f"{SHOP},api_calls,2019-01-02,10", header=header)


def test_queries_do_not_grow_with_the_file():
    def count(rows: int, year: int) -> int:
        lines = [f"{SHOP},api_calls,{year}-{1 + n // 28:02d}-{1 + n % 28:02d},{n}" for n in range(rows)]
        with CaptureQueriesContext(connection) as queries:
            given(*lines)
        return len(queries)

    assert count(3, 2019) == count(300, 2020)


def test_more_than_any_instance_uses_is_refused():
    """A trillion a day is the most, in a file and, written directly, in PostgreSQL."""
    report = given(f"{SHOP},api_calls,2019-01-02,1000000000000", f"{SHOP},api_calls,2019-01-03,1000000000001")
    assert [(p.number, p.field) for p in report.problems] == [(3, "quantity")]
    assert "from 0 to 1,000,000,000,000" in report.problems[0].message
    assert quantities() == {}
    shop = Instance.objects.get(uuid=SHOP)
    row = UsageDay(instance=shop, metric="api_calls", day=date(2019, 1, 3), quantity=1_000_000_000_001)
    with pytest.raises(IntegrityError, match="usage_within_bounds"), transaction.atomic():
        row.save(force_insert=True)
