"""What a register file is refused for: every bad row told by number, column and reason, and nothing written."""

import io
from itertools import count

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance, RegisterImport
from pos_billing.plans.models import Account, Plan
from pos_billing.register.run import import_register
from pos_billing.sellers.schemas import in_seller
from tests.register.files import AGENCY, ALL, BLOG, INSTANCES, PLATFORM, SERVER, SHOP, csv_of, imported, row

pytestmark = pytest.mark.usefixtures("agency_one", "agency_two")

BLOG_ROW = row(
    "instance",
    uuid=BLOG,
    name="Blog",
    environment="staging",
    partner="agency_one",
    created_on="2018-09-01",
    deleted_on="2019-09-01",
)
SERVER_ROW = row(
    "dedicated_environment",
    uuid=SERVER,
    name="Sydney 1",
    partner="agency_one",
    created_on="2018-08-01",
    removed_on="2019-12-31",
)


DAYS = count(1)


def assigned(**cells):
    """An assignment from a day of March of its own."""
    return row(
        "assignment",
        **{
            "seller": "agency_one",
            "uuid": SHOP,
            "plan": "Production 110",
            "account": "Bluegum",
            "from_": f"2019-03-{next(DAYS):02d}",
            **cells,
        },
    )


BAD = {
    "no such kind": (row("instances", uuid=BLOG), "record", "'instances' is not one of partner, seller"),
    "no such column": (
        row("owner", uuid=SHOP, partner="agency_two", from_="2019-01-01", planet="x"),
        "planet",
        "is not a column",
    ),
    "a column of other records": (
        row("owner", uuid=SHOP, partner="agency_two", from_="2019-01-01", host="a.b"),
        "host",
        "belongs to other records",
    ),
    "a missing cell": (row("domain", uuid=SHOP, host="a.example.com"), "added_on", "is missing"),
    "no uuid": (row("domain", uuid="12", host="a.example.com", added_on="2019-01-01"), "uuid", "not a valid uuid"),
    "no day": (row("domain", uuid=SHOP, host="a.example.com", added_on="12/01/2019"), "added_on", "2019-01-20"),
    "a day of another age": (
        row("domain", uuid=SHOP, host="a.example.com", added_on="0019-01-01"),
        "added_on",
        "is not a possible day",
    ),
    "no host": (row("domain", uuid=SHOP, host="10.0.0.1", added_on="2019-01-01"), "host", "IP address"),
    "removed before added": (
        row("domain", uuid=SHOP, host="a.example.com", added_on="2019-02-01", removed_on="2019-01-01"),
        "removed_on",
        "is before added_on",
    ),
    "deleted before created": (
        row(
            "instance",
            uuid=SERVER,
            name="x",
            environment="qa",
            partner="agency_one",
            created_on="2019-02-01",
            deleted_on="2019-01-01",
        ),
        "deleted_on",
        "is before",
    ),
    "until before from": (
        row("environment", uuid=SHOP, environment="qa", from_="2019-02-01", until="2019-01-01"),
        "until",
        "is before from",
    ),
    "until is from": (
        row("environment", uuid=SHOP, environment="qa", from_="2019-02-01", until="2019-02-01"),
        "until",
        "on no day",
    ),
    "no environment": (row("environment", uuid=SHOP, environment="live", from_="2019-02-01"), "environment", "live"),
    "deleted is no status": (row("status", uuid=SHOP, status="deleted", from_="2019-02-01"), "status", "deleted"),
    "six tags": (
        row(
            "instance",
            uuid=SERVER,
            name="x",
            environment="qa",
            partner="agency_one",
            created_on="2019-02-01",
            tags="a,b,c,d,e,f",
        ),
        "tags",
        "at most 5",
    ),
    "too long": (
        row("instance", uuid=SERVER, name="x" * 201, environment="qa", partner="agency_one", created_on="2019-02-01"),
        "name",
        "201 characters",
    ),
    "the same Instance twice": (INSTANCES[0], "uuid", "is in row"),
    "a new Instance without Partner": (
        row("instance", uuid=SERVER, name="x", environment="qa", created_on="2019-02-01"),
        "partner",
        "a new Instance needs it",
    ),
    "a new Instance without environment": (
        row("instance", uuid=SERVER, name="x", partner="agency_one", created_on="2019-02-01"),
        "environment",
        "a new Instance needs it",
    ),
    "no Partner": (row("owner", uuid=SHOP, partner="nobody", from_="2019-01-01"), "partner", "nobody is not a Partner"),
    "the platform as Partner": (
        row("owner", uuid=SHOP, partner="public", from_="2019-01-01"),
        "partner",
        "the platform itself",
    ),
    "no Instance": (
        row("domain", uuid="6c1f0a52-0000-4000-8000-00000000eeee", host="a.example.com", added_on="2019-01-01"),
        "uuid",
        "is not an Instance of the register or of this file",
    ),
    "before it was created": (
        row("environment", uuid=SHOP, environment="qa", from_="2018-07-31"),
        "from",
        "created on 1 Aug 2018",
    ),
    "after it was deleted": (
        row("environment", uuid=BLOG, environment="qa", from_="2019-09-01"),
        "from",
        "deleted on 1 Sep 2019",
    ),
    "a Domain before creation": (
        row("domain", uuid=SHOP, host="a.example.com", added_on="2018-07-31"),
        "added_on",
        "created on 1 Aug 2018",
    ),
    "a Domain after deletion": (
        row("domain", uuid=BLOG, host="a.example.com", added_on="2019-09-02"),
        "added_on",
        "deleted on 1 Sep 2019",
    ),
    "a Domain of another": (
        row("domain", uuid=BLOG, host="shop.example.com", added_on="2019-01-02"),
        "host",
        "belongs to Shop then",
    ),
    "the same Domain twice": (
        row("domain", uuid=SHOP, host="SHOP.example.com", added_on="2018-12-12"),
        "host",
        "is in row",
    ),
    "no Seller": (row("account", seller="nobody", name="x"), "seller", "nobody is not a Seller"),
    "an Account twice": (row("account", seller="agency_one", name="BLUEGUM"), "name", "is in row"),
    "an Account of the platform that is no Partner": (
        row("account", seller="public", name="x"),
        "partner",
        "an Account is a Partner",
    ),
    "a client that is a Partner": (
        row("account", seller="agency_one", name="x", partner="agency_two"),
        "partner",
        "belongs to Accounts of the platform",
    ),
    "a plan without parent": (
        row("plan", seller="agency_one", name="x1", environments="qa"),
        "parent",
        "Choose the parent plan",
    ),
    "no such parent": (
        row("plan", seller="agency_one", name="x2", environments="qa", parent="y"),
        "parent",
        "y is not a plan of the platform",
    ),
    "a parent that serves less": (
        row("plan", seller="agency_one", name="x3", environments="qa", parent="Production"),
        "parent",
        "does not serve qa",
    ),
    "a parent that is not granted": (
        row("plan", seller="agency_one", name="x4", environments="qa", parent="Secret"),
        "parent",
        "not granted to Agency One",
    ),
    "not a plan of the Seller": (
        row("price", seller="agency_one", plan="y", fee="Hosting", cents="1", from_="2019-01-01"),
        "plan",
        "y is not a plan",
    ),
    "a price without cents": (
        row("price", seller="agency_one", plan="Production 110", fee="x", from_="2019-01-01"),
        "cents",
        "is missing",
    ),
    "a price above ten million": (
        row("price", seller="agency_one", plan="Production 110", fee="x", cents="1000000001", from_="2019-01-01"),
        "cents",
        "is not from 0",
    ),
    "dollars for cents": (
        row("price", seller="agency_one", plan="Production 110", fee="x", cents="110.00", from_="2019-01-01"),
        "cents",
        "not a whole number",
    ),
    "tiers on a flat fee": (
        row("price", seller="agency_one", plan="Production 110", fee="x", cents="1", tiers=":1", from_="2019-01-01"),
        "tiers",
        "neither tiers",
    ),
    "tiers out of order": (
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="x",
            metric="emails",
            tiers="9:1; 5:2; :3",
            from_="2019-01-01",
        ),
        "tiers",
        "Order the tiers",
    ),
    "no last tier": (
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="x",
            metric="emails",
            tiers="9:1",
            from_="2019-01-01",
        ),
        "tiers",
        "Leave the last tier open",
    ),
    "no tier": (
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="x",
            metric="emails",
            tiers="cheap",
            from_="2019-01-01",
        ),
        "tiers",
        "is not a valid tier",
    ),
    "no metric": (
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="x",
            metric="clicks",
            tiers=":1",
            from_="2019-01-01",
        ),
        "metric",
        "clicks",
    ),
    "another metric": (
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="Hosting",
            metric="emails",
            tiers=":1",
            from_="2019-01-01",
        ),
        "metric",
        "the fee Hosting is flat",
    ),
    "two prices from one day": (
        row("price", seller="agency_one", plan="Production 110", fee="Hosting", cents="1", from_="2018-01-01"),
        "from",
        "says something from this day on already",
    ),
    "a price of Unbilled": (
        row("price", seller="agency_one", plan="Unbilled", fee="x", cents="1", from_="2019-01-01"),
        "plan",
        "Unbilled has no fees",
    ),
    "a grant of nothing": (
        row("grant", seller="agency_one", plan="Production 110", account="y"),
        "account",
        "y is not an Account",
    ),
    "an unknown subject": (assigned(uuid="6c1f0a52-0000-4000-8000-00000000ffff"), "uuid", "is not an Instance or a"),
    "an unknown plan": (assigned(plan="y"), "plan", "y is not a plan"),
    "an unknown Account": (assigned(account="y"), "account", "y is not an Account"),
    "nobody pays": (assigned(account=""), "account", "Choose who pays"),
    "not of this Partner": (assigned(seller="agency_two", plan="Two", account="Someone"), "from", "is not yours"),
    "assigned before creation": (assigned(from_="2018-07-31"), "from", "created on 1 Aug 2018"),
    "assigned after deletion": (assigned(uuid=BLOG, from_="2019-09-01"), "from", "ended on 1 Sep 2019"),
    "a plan that does not serve it": (assigned(uuid=BLOG), "plan", "does not serve staging"),
    "a plan for something else": (assigned(uuid=SERVER, from_="2019-01-01"), "plan", "not a plan for dedicated"),
    "a plan without a price that day": (assigned(plan="Late"), "from", "has no price on "),
    "an archived plan": (assigned(plan="Old"), "plan", "archived from 1 Jan 2019"),
    "a plan that is not granted": (assigned(plan="Granted"), "plan", "is not granted to Bluegum"),
    "two plans from one day": (assigned(from_="2019-01-20"), "from", "says something from this day on already"),
    "a plan into the next": (assigned(from_="2019-01-01", until="2019-02-01"), "until", "begins before, on"),
    "no dedicated environment": (
        row("placement", uuid=SHOP, dedicated_environment=BLOG, from_="2019-01-01"),
        "dedicated_environment",
        "is not a dedicated environment",
    ),
    "placed before it stands": (
        row("placement", uuid=SHOP, dedicated_environment=SERVER, from_="2018-07-31"),
        "from",
        "created on 2018-08-01",
    ),
    "placed after it is gone": (
        row("placement", uuid=SHOP, dedicated_environment=SERVER, from_="2020-01-01"),
        "from",
        "removed on 2019-12-31",
    ),
    "a Partner without schema": (row("partner", name="x", email="x@example.com"), "schema", "is missing"),
    "no such Partner to make": (
        row("partner", schema="new_one", name="x", email="x@example.com"),
        "schema",
        "new_one is not a Partner",
    ),
    "no time zone": (row("seller", seller="agency_one", time_zone="Sydney"), "time_zone", "is not a valid time zone"),
    "payment before launch": (
        row("seller", seller="agency_one", launch_on="2019-02-01", first_payment_on="2019-01-01"),
        "first_payment_on",
        "before the launch",
    ),
}
OTHERS = [
    row("plan", seller="public", name="Secret", environments="qa"),
    row("plan", seller="agency_one", name="Late", environments="production", parent="Production", granted_to_all="yes"),
    row("price", seller="agency_one", plan="Late", fee="Hosting", cents="1", from_="2020-01-01"),
    row(
        "plan",
        seller="agency_one",
        name="Old",
        environments="production",
        parent="Production",
        granted_to_all="yes",
        archived_on="2019-01-01",
    ),
    row("plan", seller="agency_one", name="Granted", environments="production", parent="Production"),
    row("plan", seller="agency_two", name="Two", environments="production", parent="Production", granted_to_all="yes"),
    row("account", seller="agency_two", name="Someone"),
    SERVER_ROW,
    BLOG_ROW,
]
GOOD = [*ALL, *OTHERS]


def test_every_bad_row_is_told_at_once_and_nothing_is_written():
    bad = [given for given, _, _ in BAD.values()]
    report = imported([*GOOD, *bad])

    at = {len(GOOD) + 2 + place: name for place, name in enumerate(BAD)}
    found = {}
    for problem in report.problems:
        found.setdefault(at.get(problem.number, f"good row {problem.number}"), []).append(problem)
    missing = [name for name in BAD if name not in found]
    assert missing == []
    for name, (_, field, words) in BAD.items():
        assert any(one.field == field and words in one.message for one in found[name]), (name, found[name])
    assert [name for name in found if name.startswith("good row")] == []
    assert report.lines()[-1] == f"{len(report.problems)} problems: nothing was imported."

    assert not Instance.objects.exists()
    assert not RegisterImport.objects.exists()
    assert not Plan.objects.filter(placeholder=False).exists()
    with in_seller("agency_one"):
        assert not Account.objects.exists()


def test_the_good_rows_alone_are_fine():
    assert imported(GOOD).problems == []


def test_an_instance_that_is_refused_makes_no_noise_below():
    """Rows about an Instance, plan or Account that is refused itself are not called unknown."""
    broken = [
        *PLATFORM,
        AGENCY[0] | {"begins": "some day"},
        *AGENCY[1:2],
        AGENCY[2] | {"collection_method": "gold"},
        INSTANCES[0] | {"created_on": "soon"},
        *INSTANCES[1:],
    ]
    report = imported(broken)
    assert {(problem.kind, problem.field) for problem in report.problems} == {
        ("plan", "begins"),
        ("account", "collection_method"),
        ("instance", "created_on"),
    }


def test_problems_come_in_the_order_of_the_file():
    report = imported([row("nothing", uuid=SHOP), *ALL, row("domain", uuid="x", host="", added_on="")])
    assert [problem.number for problem in report.problems] == sorted(problem.number for problem in report.problems)
    assert report.problems[0].number == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("register.txt", b"", "not one of .csv, .json, .xlsx"),
        ("register.csv", b"", "empty"),
        ("register.csv", b"uuid,host\n", "one of them record"),
        ("register.csv", b"record,uuid,uuid\n", "is there twice"),
        ("register.csv", "record,name\ninstance,Z\xfcrich\n".encode("latin-1"), "not UTF-8"),
        ("register.csv", b'record,name\ninstance,"Z', "not valid CSV"),
        ("register.json", b"{", "not valid JSON"),
        ("register.json", b"[]", "a list for each kind"),
        ("register.xlsx", b"PK", "not an XLSX workbook"),
    ],
)
def test_files_that_cannot_be_read(name, content, words):
    with pytest.raises(Refused, match=words) as refused:
        import_register(io.BytesIO(content), name, by="ann")
    assert refused.value.field == "file"


def test_cells_beyond_the_columns():
    report = import_register(io.BytesIO(csv_of(ALL) + b"a,b,c" + b",d" * 40), "register.csv", by="ann")
    assert "cells, but" in report.problems[-1].message


def test_nobody_imports_without_a_name():
    with pytest.raises(Refused) as refused:
        imported(ALL, by=" ")
    assert refused.value.field == "by"
