"""A register file imported: everything in it, all or nothing, and nothing the second time."""

import io
from datetime import date

import pytest
from django.db import connection

from pos_billing.facts.days import as_days
from pos_billing.facts.known import event_model
from pos_billing.instances.models import ChangeNote as InstanceChangeNote
from pos_billing.instances.models import (
    DedicatedEnvironment,
    Domain,
    EnvironmentPeriod,
    Instance,
    Ownership,
    Placement,
    RegisterImport,
    StatusPeriod,
)
from pos_billing.plans.models import Account, Assignment, ChangeNote, Plan, PlanGrant, Price, SellerSettings, UsageFee
from pos_billing.plans.queries import subject_history
from pos_billing.register.run import import_register
from pos_billing.sellers.schemas import in_seller
from tests.register.files import ALL, BLOG, INSTANCES, SERVER, SHOP, csv_of, imported, imported_well, json_of, row

pytestmark = pytest.mark.usefixtures("agency_one", "agency_two")
OPEN = None


def spans(model, value, **chosen):
    """The rows of a dated fact as (first day, end, value), in order."""
    facts = model.objects.filter(**chosen).order_by("days")
    return [(fact.days.lower, fact.days.upper, getattr(fact, value)) for fact in facts]


def plans(seller, uuid=SHOP):
    """The assignments of an Instance at a Seller: (first day, end, plan, Account)."""
    with in_seller(seller):
        rows = Assignment.objects.filter(instance__uuid=uuid).select_related("plan", "account").order_by("days")
        return [
            (one.days.lower, one.days.upper, one.plan.name, one.account.name if one.account else None) for one in rows
        ]


def test_an_instance_with_its_plan_on_both_sides():
    imported_well(ALL)

    shop = Instance.objects.get(uuid=SHOP)
    assert (shop.name, shop.created_on, shop.deleted_on) == ("Shop", date(2018, 8, 1), None)
    assert (shop.data_center, shop.url, shop.tags) == ("sydney", "https://shop.platformos.com", ["retail", "big shop"])
    assert list(shop.domains.values_list("host", "added_on")) == [
        ("shop.platformos.com", date(2018, 8, 1)),
        ("shop.example.com", date(2018, 12, 12)),
    ]
    assert spans(EnvironmentPeriod, "environment") == [(date(2018, 8, 1), OPEN, "production")]
    assert spans(StatusPeriod, "status") == [(date(2018, 8, 1), OPEN, "active")]
    assert plans("agency_one") == [
        (date(2018, 8, 1), date(2019, 1, 20), "Unbilled", None),
        (date(2019, 1, 20), OPEN, "Production 110", "Bluegum"),
    ]
    assert plans("public") == [
        (date(2018, 8, 1), date(2019, 1, 20), "Unbilled", "Agency One"),
        (date(2019, 1, 20), OPEN, "Production", "Agency One"),
    ]


def test_every_kind_of_record():
    rows = [
        *ALL,
        row("partner", schema="agency_one", name="Agency One", email="agency_one@example.com"),
        row(
            "seller",
            seller="Agency One",
            name="Agency One Pty",
            launch_on="2019-02-01",
            payment_terms_days="21",
            first_payment_on="2019-02-15",
            platform_suffixes="Staging-One.com, uk-one.com",
            time_zone="Australia/Sydney",
        ),
        row(
            "account",
            seller="public",
            name="Agency One",
            partner="agency_one",
            collection_method="card",
            address="1 Wharf Street",
        ),
        row(
            "plan",
            seller="agency_one",
            name="Server 1200",
            environments="dedicated",
            parent="Server",
            begins="assignment",
            timing="advance",
            archived_on="2020-01-01",
            external_id="44",
        ),
        row("price", seller="agency_one", plan="Server 1200", fee="Hosting", cents="120000", from_="2018-01-01"),
        row(
            "price",
            seller="agency_one",
            plan="Production 110",
            fee="API calls",
            metric="api_calls",
            included="1000",
            tiers="100000:2/1000; :1/1000",
            from_="2018-01-01",
            until="2019-06-01",
        ),
        row("grant", seller="agency_one", plan="Server 1200", account="bluegum"),
        row(
            "instance",
            uuid=BLOG,
            name="Blog",
            environment="staging",
            status="fresh",
            partner="agency_one",
            created_on="2018-09-01",
            deleted_on="2019-05-05",
        ),
        row("environment", uuid=BLOG, environment="production", from_="2018-10-01"),
        row("status", uuid=BLOG, status="unpublished", from_="2019-03-01", until="2019-04-01"),
        row("owner", uuid=BLOG, partner="Agency Two", from_="2019-02-10"),
        row("domain", uuid=BLOG, host="münchen.example.com", added_on="2018-10-02", removed_on="2018-11-02"),
        row(
            "dedicated_environment",
            uuid=SERVER,
            name="Sydney 1",
            partner="agency_one",
            created_on="2018-08-01",
            removed_on="2019-12-31",
            data_center="sydney",
        ),
        row("placement", uuid=SHOP, dedicated_environment=SERVER, from_="2019-03-01"),
        row("assignment", seller="agency_one", uuid=SERVER, plan="Server 1200", account="Bluegum", from_="2018-08-01"),
    ]
    imported_well(rows)

    with in_seller("agency_one"):
        seller = SellerSettings.objects.get()
        assert (seller.name, seller.launch_on, seller.payment_terms_days) == ("Agency One Pty", date(2019, 2, 1), 21)
        assert (seller.platform_suffixes, seller.time_zone) == (["staging-one.com", "uk-one.com"], "Australia/Sydney")
        server = Plan.objects.get(name="Server 1200")
        assert (server.begins, server.timing, server.archived_on) == ("assignment", "advance", date(2020, 1, 1))
        assert server.parent.name == "Server"
        assert PlanGrant.objects.get().account.name == "Bluegum"
        metered = Price.objects.get(fee__metric="api_calls")
        assert (metered.days, metered.included) == (as_days(date(2018, 1, 1), date(2019, 6, 1)), 1000)
        assert metered.tiers == [{"up_to": 100000, "cents": 2, "per": 1000}, {"up_to": None, "cents": 1, "per": 1000}]
        assert Assignment.objects.get(dedicated_environment__uuid=SERVER).plan == server
        assert plans("agency_one", BLOG) == [(date(2018, 9, 1), date(2019, 2, 10), "Unbilled", None)]
    assert Account.objects.get(partner__schema_name="agency_one").address == "1 Wharf Street"
    assert plans("agency_two", BLOG) == [(date(2019, 2, 10), OPEN, "Unbilled", None)]
    assert plans("public", BLOG) == [
        (date(2018, 9, 1), date(2019, 2, 10), "Unbilled", "Agency One"),
        (date(2019, 2, 10), OPEN, "Unbilled", "Agency Two"),
    ]
    assert Assignment.objects.get(dedicated_environment__uuid=SERVER).plan.name == "Server"
    assert spans(EnvironmentPeriod, "environment", instance__uuid=BLOG) == [
        (date(2018, 9, 1), date(2018, 10, 1), "staging"),
        (date(2018, 10, 1), OPEN, "production"),
    ]
    assert spans(StatusPeriod, "status", instance__uuid=BLOG) == [
        (date(2018, 9, 1), date(2019, 3, 1), "fresh"),
        (date(2019, 3, 1), date(2019, 4, 1), "unpublished"),
        (date(2019, 4, 1), date(2019, 5, 5), "fresh"),
        (date(2019, 5, 5), OPEN, "deleted"),
    ]
    assert Domain.objects.get(instance__uuid=BLOG).host == "xn--mnchen-3ya.example.com"
    placed = Placement.objects.get()
    assert placed.days == as_days(date(2019, 3, 1), date(2019, 12, 31))
    assert DedicatedEnvironment.objects.get().data_center == "sydney"
    assert imported_well(rows).changed == 0


def test_the_same_file_again_changes_nothing_at_all():
    first = imported_well(ALL)
    events = [event_model(model) for model in (Instance, EnvironmentPeriod, StatusPeriod, Ownership, Domain)]
    of_sellers = [event_model(model) for model in (Assignment, Plan, UsageFee, Price, Account, SellerSettings)]

    def kept():
        counts = [model.objects.count() for model in events] + [list(InstanceChangeNote.objects.values())]
        for seller in ("public", "agency_one"):
            with in_seller(seller):
                counts += [model.objects.count() for model in of_sellers]
                counts.append(list(ChangeNote.objects.order_by("id").values()))
        return counts

    before = kept()
    again = imported_well(ALL)

    assert first.changed > 0
    assert again.changed == 0
    assert again.lines()[-1] == "Everything in it was known already: nothing changed."
    assert kept() == before
    assert [log.sha256 for log in RegisterImport.objects.all()] == [first.sha256] * 2


def test_a_preview_tells_the_same_and_writes_nothing():
    told = imported(ALL, preview=True)
    assert not Instance.objects.exists()
    assert not RegisterImport.objects.exists()
    assert connection.schema_name == "public"

    done = imported_well(ALL)
    assert told.changes == done.changes
    assert told.rows == done.rows


def test_who_and_why_are_in_the_history():
    imported_well(ALL, by="ann", why="the register of May")
    with in_seller("agency_one"):
        (entry,) = subject_history(Instance.objects.get(uuid=SHOP))
    assert (entry.command, entry.by, entry.why) == ("register_import", "ann", "the register of May")
    assert {change.fact for change in entry.facts} == {
        "instance",
        "environment period",
        "status period",
        "ownership",
        "domain",
        "assignment",
    }
    log = RegisterImport.objects.get()
    assert (log.by, log.file_name, log.report["rows"]["domain"]) == ("ann", "register.csv", 2)


@pytest.mark.parametrize("name", ["register.json", "register.xlsx"])
def test_json_and_xlsx_are_the_same_file(name):
    content = json_of(ALL) if name.endswith("json") else _workbook()
    report = import_register(io.BytesIO(content), name, by="ann")

    assert report.problems == []
    assert imported_well(ALL).changed == 0


def _workbook():
    """One sheet with a column record, and one that is named like its kind."""
    from openpyxl import Workbook

    book = Workbook()
    first = [given for given in ALL if given["record"] != "domain"]
    columns = list(dict.fromkeys(name for given in first for name in given))
    sheet = book.active
    sheet.append(columns)
    for given in first:
        cells = {**given, **{name: date.fromisoformat(given[name]) for name in given if name in {"from", "created_on"}}}
        sheet.append([cells.get(name) for name in columns])
    domains = book.create_sheet("domain")
    domains.append(["uuid", "host", "added_on"])
    for given in INSTANCES:
        if given["record"] == "domain":
            domains.append([given["uuid"], given["host"], given["added_on"]])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_partners_are_created_only_when_the_import_may():
    rows = [row("partner", schema="agency_new", name="Agency New", email="new@example.com", host="new.localhost")]
    refused = imported(rows)
    assert [(problem.field, problem.number) for problem in refused.problems] == [("schema", 2)]

    steps = []
    done = imported_well(rows, create_partners=True, progress=lambda doing, count: steps.append(doing))
    assert done.partners_created == ["Agency New"]
    with in_seller("agency_new"):
        assert SellerSettings.objects.get().name == "Agency New"
    assert Account.objects.filter(partner__schema_name="agency_new", name="Agency New").exists()
    assert any("Agency New" in step for step in steps)
    assert imported_well(rows, create_partners=True).changed == 0


def test_csv_of_is_what_a_spreadsheet_writes():
    """A byte order mark, blank lines and blanks around cells are nothing."""
    content = b"\xef\xbb\xbf" + csv_of(ALL).replace(b"\r\n", b"\r\n\r\n").replace(b",Shop,", b", Shop ,")
    report = import_register(io.BytesIO(content), "REGISTER.CSV", by="ann")
    assert report.problems == []
    assert Instance.objects.get().name == "Shop"
