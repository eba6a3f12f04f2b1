"""Every bad row of a register file is told with its number, its field and the reason; nothing of the file stays."""

import csv
import io
from uuid import UUID

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance, RegisterImport
from pos_billing.plans.models import Account, Assignment, Plan, Price
from pos_billing.register.format import COLUMNS
from pos_billing.register.run import import_register
from pos_billing.sellers.schemas import in_seller

pytestmark = pytest.mark.usefixtures("agency_one", "agency_two")
FROM = "2018-12-01"


def uuid_of(number: int) -> str:
    return str(UUID(int=number + 1))


def imported(*rows: dict, **options):
    text = io.StringIO()
    writer = csv.DictWriter(text, sorted(COLUMNS))
    writer.writeheader()
    writer.writerows(rows)
    return import_register(io.BytesIO(text.getvalue().encode()), "register.csv", by="test", **options)


def instance(number: int, **cells) -> dict:
    given = {"record": "instance", "uuid": uuid_of(number), "name": f"site-{number}", "created_on": FROM}
    return {**given, "environment": "production", "partner": "agency_one", **cells}


def of(number: int, kind: str, **cells) -> dict:
    return {"record": kind, "uuid": uuid_of(number), "from": cells.pop("start", "2019-02-01"), **cells}


def domain(number: int, **cells) -> dict:
    host = f"www.site-{number}.example"
    return {"record": "domain", "uuid": uuid_of(number), "host": host, "added_on": FROM, **cells}


def assignment(number: int, **cells) -> dict:
    return of(number, "assignment", **{"seller": "agency_one", "plan": "Business", "account": "Greengrocer", **cells})


def plan(seller: str, name: str, **cells) -> dict:
    given = {"record": "plan", "seller": seller, "name": name, "environments": "production"}
    return {**given, "granted_to_all": "yes", **cells}


def price(seller: str, name: str, **cells) -> dict:
    given = {"record": "price", "seller": seller, "plan": name, "fee": "Hosting", "from": "2018-08-01"}
    return {**given, "cents": "11000", **cells}


METERED = {"cents": "", "metric": "api_calls"}
SERVER = {
    "record": "dedicated_environment", "uuid": uuid_of(900), "name": "Server", "partner": "agency_one",
    "created_on": FROM,
}  # fmt: skip
SELLING = [
    {"record": "account", "seller": "agency_one", "name": "Greengrocer"},
    plan("public", "Production 110"),
    price("public", "Production 110"),
    plan("agency_one", "Business", parent="Production 110"),
    price("agency_one", "Business"),
]
BAD = {
    "no such kind": ([{"record": "server"}], [(2, "record", "not one of")]),
    "no Partner of that name": ([instance(1, partner="nobody")], [(2, "partner", "not a Partner")]),
    "the platform as Partner": ([instance(1, partner="public")], [(2, "partner", "platform itself")]),
    "no environment": ([instance(1, environment="")], [(2, "environment", "is missing")]),
    "no Partner": ([instance(1, partner="")], [(2, "partner", "is missing")]),
    "everything wrong with one row": (
        [instance(1, uuid="x", name="", created_on="1.12.2018", environment="moon", tags="a,b,c,d,e,f", cents="5")],
        [(2, "cents", "other records"), (2, "created_on", "not a valid day"), (2, "environment", "not one of"),
         (2, "name", "is missing"), (2, "tags", "at most 5"), (2, "uuid", "not a valid uuid")],
    ),
    "deleted before it was created": ([instance(1, deleted_on="2018-11-30")], [(2, "deleted_on", "is before")]),
    "one uuid twice": ([instance(1), instance(1)], [(3, "uuid", "is in row 2")]),
    "a deletion as status": ([instance(1), of(1, "status", status="deleted")], [(3, "status", "not one of")]),
    "no such Instance": ([domain(7)], [(2, "uuid", "not an Instance")]),
    "no host name": ([instance(1), domain(1, host="192.0.2.1")], [(3, "host", "IP address")]),
    "a Domain before its Instance": ([instance(1), domain(1, added_on="2018-11-30")], [(3, "added_on", "created on")]),
    "a Domain removed before": ([instance(1), domain(1, removed_on="2018-11-30")], [(3, "removed_on", "is before")]),
    "one host on two Instances": (
        [instance(1), instance(2), domain(1), domain(2, host="www.site-1.example")], [(5, "host", "belongs to site-1")],
    ),
    "two environments from one day": (
        [instance(1), of(1, "environment", environment="qa"), of(1, "environment", environment="dev")],
        [(4, "from", "row 3 says")],
    ),
    "days that reach into the next": (
        [instance(1), of(1, "environment", environment="qa", start=FROM, until="2019-03-01"),
         of(1, "environment", environment="dev")],
        [(3, "until", "row 4 begins")],
    ),
    "no day at all": (
        [instance(1), of(1, "environment", environment="qa", until="2019-02-01")], [(3, "until", "hold on no day")],
    ),
    "an owner after deletion": (
        [instance(1, deleted_on="2019-02-01"), of(1, "owner", partner="agency_two")], [(3, "from", "was deleted on")],
    ),
    "no such server": (
        [instance(1), of(1, "placement", dedicated_environment=uuid_of(9))],
        [(3, "dedicated_environment", "not a dedicated environment")],
    ),
    "another Partner's server": (
        [instance(1, partner="agency_two"), SERVER, of(1, "placement", dedicated_environment=uuid_of(900))],
        [(4, "dedicated_environment", "another Partner's")],
    ),
    "no such Seller": ([plan("nobody", "Business")], [(2, "seller", "not a Seller")]),
    "no such parent": ([plan("agency_one", "Business", parent="Nothing")], [(2, "parent", "a plan of the platform")]),
    "no parent": ([plan("agency_one", "Business")], [(2, "parent", "Choose the parent plan")]),
    "a parent on the platform": (
        [plan("public", "One"), plan("public", "Two", parent="One")], [(3, "parent", "have no parent")],
    ),
    "a flat fee without cents": ([plan("public", "One"), price("public", "One", cents="")], [(3, "cents", "missing")]),
    "a price below nothing": (
        [plan("public", "One"), price("public", "One", cents="-1")], [(3, "cents", "not from 0")],
    ),
    "tiers that cannot be read": (
        [plan("public", "One"), price("public", "One", tiers="cheap", **METERED)], [(3, "tiers", "not a valid tier")],
    ),
    "tiers without an end": (
        [plan("public", "One"), price("public", "One", tiers="100:1", **METERED)], [(3, "tiers", "last tier open")],
    ),
    "a fee that is metered and flat": (
        [plan("public", "One"), price("public", "One"),
         price("public", "One", tiers=":1", **METERED, **{"from": "2019-02-01"})],
        [(4, "metric", "is flat")],
    ),
    "a price of no plan": ([price("public", "One")], [(2, "plan", "not a plan of this Seller")]),
    "an Account that names no Partner": (
        [{"record": "account", "seller": "public", "name": "Somebody"}], [(2, "partner", "is missing")],
    ),
    "a client that names a Partner": (
        [{"record": "account", "seller": "agency_one", "name": "Somebody", "partner": "agency_two"}],
        [(2, "partner", "belongs to Accounts of the platform")],
    ),
    "a grant to nobody": (
        [*SELLING, {"record": "grant", "seller": "agency_one", "plan": "Business", "account": "Nobody"}],
        [(7, "account", "not an Account of this Seller")],
    ),
    "a plan before creation": (
        [*SELLING, instance(1), assignment(1, start="2018-11-30")], [(8, "from", "was created on")],
    ),
    "a plan without an Account": (
        [*SELLING, instance(1), assignment(1, account="")], [(8, "account", "only Unbilled")],
    ),
    "a plan that serves something else": (
        [*SELLING, instance(1, environment="qa"), assignment(1)],
        [(8, "plan", "Business does not serve qa"), (8, "plan", "Production 110, the parent plan")],
    ),
    "another Partner's Instance": (
        [*SELLING, instance(1, partner="agency_two"), assignment(1)], [(8, "from", "is not yours")],
    ),
}  # fmt: skip


def everything() -> list:
    """Rows of the register and of every ledger, as they stand."""
    found = [list(Instance.objects.values()), list(RegisterImport.objects.values())]
    for schema in ("public", "agency_one", "agency_two"):
        with in_seller(schema):
            found += [list(model.objects.order_by("pk").values()) for model in (Account, Plan, Price, Assignment)]
    return found


@pytest.mark.parametrize(("rows", "told"), BAD.values(), ids=BAD)
def test_a_bad_row_is_told_with_number_field_and_reason(rows, told):
    """And with it the whole file is refused."""
    before = everything()
    report = imported(*rows)
    found = sorted(report.problems, key=lambda problem: (problem.number, problem.field, problem.message))
    assert [(problem.number, problem.field) for problem in found] == [(number, field) for number, field, _ in told]
    for problem, (_, _, reason) in zip(found, told, strict=True):
        assert reason in problem.message
    assert everything() == before


def test_all_bad_rows_are_told_at_once_and_by_a_preview_too():
    """Rows that name a bad row are not told a second time for it."""
    rows = [
        *SELLING, instance(1), instance(2, environment="moon"), domain(2), domain(8), instance(3),
        assignment(3, plan="No"), assignment(2), domain(1, added_on="2018-01-01"),
    ]  # fmt: skip
    before = everything()
    report = imported(*rows)
    assert [(problem.number, problem.kind, problem.field) for problem in report.problems] == [
        (8, "instance", "environment"), (10, "domain", "uuid"), (12, "assignment", "plan"), (14, "domain", "added_on"),
    ]  # fmt: skip
    assert imported(*rows, preview=True).problems == report.problems
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "register.csv", "empty"),
        (b"uuid,name\n1,2\n", "register.csv", "record"),
        (b"record,uuid,uuid\n", "register.csv", "is there twice"),
        (b"record,name\ninstance,\xff\n", "register.csv", "UTF-8"),
        (b'record,name\ninstance,"open\n', "register.csv", "not valid CSV"),
        (b"{", "register.json", "not valid JSON"),
        (b"[]", "register.json", "a list for each kind"),
        (b"record", "register.xlsx", "not an XLSX"),
        (b"record", "register.pdf", "not one of"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused(content, name, message):
    """With the reason, before anything is looked at."""
    with pytest.raises(Refused, match=message) as refused:
        import_register(io.BytesIO(content), name, by="test")
    assert refused.value.field == "file"
