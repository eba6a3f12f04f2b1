"""Ten thousand Instances: as many queries as for a hundred, memory flat, and only differences cost."""

import tracemalloc
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.partner_api.models import PortalSighting, SyncStatus

MANY = 10_000


class Portal:
    """Answers like the Portal's client, from arithmetic: ``count`` Instances of Partner 1, each with one domain."""

    def __init__(self, count, renamed=()):
        self.count, self.renamed = count, set(renamed)
        self.calls = self.retries = 0

    def __enter__(self):
        return self

    def __exit__(self, *of):
        pass

    def get(self, path, **given):
        self.calls += 1
        parts = SimpleNamespace(**dict(enumerate_parts(path)))
        if path == "/api/instances":
            first = (given["page"] - 1) * given["per_page"]
            numbers = range(first, min(first + given["per_page"], self.count))
            return {"data": [{"name": f"shop {n}", "uuid": str(UUID(int=n + 1))} for n in numbers]}
        if path == "/api/partners":
            return [{"id": 1, "name": "Agency One"}]
        if path == "/api/partners/1":
            return {"id": 1, "name": "Agency One"}
        if path == "/api/endpoints":
            return []
        if path == "/api/domains":
            return []
        number = UUID(parts.p2).int - 1
        if path.endswith("/configuration"):
            host = f"w{number}.example.com"
            return {"data": {"domains": [{"name": host, "created_at": "2018-12-12T10:00:00Z"}], "integrations": {}}}
        name = f"store {number}" if number in self.renamed else f"shop {number}"
        return {
            "data": {
                "name": name,
                "uuid": parts.p2,
                "endpoint": {"id": 1, "name": "production-sydney"},
                "partner": {"id": 1, "name": "Agency One"},
            }
        }


def enumerate_parts(path):
    return [(f"p{place}", part) for place, part in enumerate(path.strip("/").split("/"))]


def measured(synced, portal, day):
    """The report, the queries and the peak of memory in bytes of a sync."""
    tracemalloc.start()
    with CaptureQueriesContext(connection) as queries:
        report = synced.sync(day, client=portal)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return report, len(queries), peak


REGISTER = """
SET LOCAL session_replication_role = replica;
INSERT INTO pos_billing_instances_instance (id, uuid, name, data_center, url, tags, created_on)
SELECT n, lpad(to_hex(n), 32, '0')::uuid, 'shop ' || n - 1, 'production-sydney', '', '{}', '2018-12-12'
FROM generate_series(%(first)s, %(last)s) AS n;
INSERT INTO pos_billing_instances_environmentperiod (instance_id, environment, days)
SELECT n, 'production', daterange(DATE '2018-12-12' - n, NULL) FROM generate_series(%(first)s, %(last)s) AS n;
INSERT INTO pos_billing_instances_ownership (instance_id, partner_id, days)
SELECT n, %(partner)s, daterange(DATE '2018-12-12' - n, NULL) FROM generate_series(%(first)s, %(last)s) AS n;
INSERT INTO pos_billing_instances_domain (instance_id, host, added_on)
SELECT n, 'w' || n - 1 || '.example.com', '2018-12-12' FROM generate_series(%(first)s, %(last)s) AS n;
SET LOCAL session_replication_role = origin;
"""


def registered(synced, first, last):
    """Put Instances of that number into the register, without any trigger running."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTER, {"first": first, "last": last, "partner": synced.one.pk})


@pytest.mark.slow
def test_ten_thousand_instances(synced):
    registered(synced, 1, 100)
    synced.sync("2019-03-10", client=Portal(100))
    _, few_queries, few_peak = measured(synced, Portal(100), "2019-03-11")
    registered(synced, 101, MANY)
    synced.sync("2019-03-10", client=Portal(MANY))
    report, queries, peak = measured(synced, Portal(MANY), "2019-03-11")
    assert (report.status, report.entries) == (SyncStatus.FINISHED, [])
    assert report.counts["instances_read"] == MANY
    assert PortalSighting.objects.filter(seen_on="2019-03-11").count() == MANY
    assert queries == few_queries
    assert peak - few_peak < 12_000_000
    report, more_queries, _ = measured(synced, Portal(MANY, renamed=[7, 4000]), "2019-03-12")
    assert [entry.instance_id for entry in report.entries] == [4001, 8]
    assert more_queries - queries < 40
