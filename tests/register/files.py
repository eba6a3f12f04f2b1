"""Register files for tests, from rows written as Python."""

import csv
import io
import json

from pos_billing.register.report import Report
from pos_billing.register.run import import_register

SHOP = "6c1f0a52-0000-4000-8000-000000000001"
BLOG = "6c1f0a52-0000-4000-8000-000000000002"
SERVER = "6c1f0a52-0000-4000-8000-0000000000d1"


def row(record, **cells):
    """One record; ``from_`` is the column ``from``."""
    return {"record": record, **{name.rstrip("_"): cell for name, cell in cells.items()}}


PLATFORM = [
    row("plan", seller="public", name="Production", environments="production", granted_to_all="yes"),
    row("price", seller="public", plan="Production", fee="Hosting", cents=8000, from_="2018-01-01"),
    row("plan", seller="public", name="Staging", environments="staging dev qa", granted_to_all="yes"),
    row("price", seller="public", plan="Staging", fee="Hosting", cents=2500, from_="2018-01-01"),
    row("plan", seller="public", name="Server", environments="dedicated", granted_to_all="yes"),
    row("price", seller="public", plan="Server", fee="Hosting", cents=90000, from_="2018-01-01"),
]
AGENCY = [
    row(
        "plan",
        seller="agency_one",
        name="Production 110",
        environments="production",
        parent="Production",
        granted_to_all="yes",
    ),
    row("price", seller="agency_one", plan="Production 110", fee="Hosting", cents=11000, from_="2018-01-01"),
    row("account", seller="agency_one", name="Bluegum", email="accounts@bluegum.example.com"),
]
INSTANCES = [
    row(
        "instance",
        uuid=SHOP,
        name="Shop",
        environment="production",
        partner="agency_one",
        created_on="2018-08-01",
        tags="retail, big shop",
        data_center="sydney",
        url="https://shop.platformos.com",
    ),
    row("domain", uuid=SHOP, host="shop.platformos.com", added_on="2018-08-01"),
    row("domain", uuid=SHOP, host="https://Shop.Example.com:443/", added_on="2018-12-12"),
    row("assignment", seller="agency_one", uuid=SHOP, plan="Production 110", account="Bluegum", from_="2019-01-20"),
]
ALL = [*PLATFORM, *AGENCY, *INSTANCES]


def csv_of(rows):
    """The rows as a CSV file in bytes."""
    columns = list(dict.fromkeys(name for given in rows for name in given))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def json_of(rows):
    """The same as JSON, kind by kind."""
    kinds = {}
    for given in rows:
        kinds.setdefault(given["record"], []).append({name: cell for name, cell in given.items() if name != "record"})
    return json.dumps(kinds).encode()


def imported(rows, *, by="ann", why="the register of May", **options) -> Report:
    """Import rows as a CSV file."""
    return import_register(io.BytesIO(csv_of(rows)), "register.csv", by=by, why=why, **options)


def imported_well(rows, **options) -> Report:
    """Import rows that nothing may be wrong with."""
    report = imported(rows, **options)
    assert [str(problem) for problem in report.problems] == []
    return report
