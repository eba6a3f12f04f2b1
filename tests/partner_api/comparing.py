"""The two sides of a comparison as tests write them: one Instance of Agency "Acme", seen and registered."""

from datetime import date
from uuid import UUID

from pos_billing.partner_api.compared import (
    ComparisonContext,
    LinkedPartner,
    Pair,
    RegisteredDomain,
    RegisteredInstance,
)
from pos_billing.partner_api.comparison import compare
from pos_billing.partner_api.spool import Reading
from pos_billing.partner_api.values import SeenInstance

TODAY = date(2019, 3, 10)
ONE = UUID(int=1)
SCENE = ComparisonContext(
    day=TODAY,
    partners={"11": LinkedPartner(1, "Acme"), "12": LinkedPartner(2, "Bolt")},
    is_custom=lambda host: not host.endswith("platform-os.com"),
)


def seen(**values):
    given = {
        "uuid": ONE,
        "name": "shop",
        "data_center": "production-sydney",
        "environment": "production",
        "partner_id": "11",
        "partner_name": "Acme",
        "created_on": date(2018, 8, 1),
        "hosts": (),
        "listed_hosts": (),
    }
    return SeenInstance(**(given | values))


def registered(**values):
    given = {
        "id": 5,
        "uuid": ONE,
        "name": "shop",
        "data_center": "production-sydney",
        "environment": "production",
        "partner": 1,
        "created_on": date(2018, 8, 1),
        "deleted_on": None,
        "seen_on": date(2019, 3, 9),
        "domains_read_on": date(2019, 3, 9),
        "domains": (),
    }
    return RegisteredInstance(**(given | values))


def domain(host, added_on=date(2018, 12, 12), removed_on=None):
    return RegisteredDomain(host, added_on, removed_on)


def found(ours, theirs, reading=Reading.READ):
    return list(compare([Pair(ONE, reading, theirs, ours)], SCENE))


def said(ours, theirs):
    return [(change.kind, change.host or change.after, change.day) for change in found(ours, theirs)]
