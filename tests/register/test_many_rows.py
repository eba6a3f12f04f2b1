"""A large register file is a few large statements: their number does not follow the number of rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.register.test_bad_rows import SELLING, assignment, domain, imported, instance

pytestmark = pytest.mark.usefixtures("agency_one", "agency_two")


def queries_for(first: int, count: int) -> int:
    """The queries of an import, without those that tell PostgreSQL how many rows a table has (from 200 on)."""
    numbers = range(first, first + count)
    rows = [row for n in numbers for row in (instance(n), domain(n), assignment(n))]
    with CaptureQueriesContext(connection) as queries:
        report = imported(*rows)
    assert report.problems == []
    assert report.changes["instance"].added == report.changes["domain"].added == count
    return sum(not query["sql"].startswith("ANALYZE") for query in queries)


def test_two_hundred_instances_take_as_many_queries_as_fifty():
    """Each with a Domain and a plan that is assigned on both sides."""
    assert imported(*SELLING).problems == []
    assert queries_for(0, 50) == queries_for(1000, 200)
