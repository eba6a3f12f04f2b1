"""Facts known late, and corrected: a later file changes days, and leaves alone what it does not mention."""

from datetime import date

import pytest

from pos_billing.instances.commands import domain_add, instance_delete
from pos_billing.instances.models import Domain, EnvironmentPeriod, Instance, StatusPeriod
from pos_billing.plans.models import Price
from pos_billing.plans.queries import timeline_of
from pos_billing.rating.timeline import chargeable_since
from pos_billing.sellers.schemas import in_seller
from tests.register.files import AGENCY, ALL, BLOG, INSTANCES, SERVER, SHOP, imported, imported_well, row
from tests.register.test_import import plans, spans

pytestmark = pytest.mark.usefixtures("agency_one", "agency_two")
OPEN = None


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize("to", ["2018-12-01", "2019-02-03"])
def test_the_day_of_a_domain_is_corrected(to):
    imported_well(ALL)
    known = Domain.objects.get(host="shop.example.com")
    report = imported_well([row("domain", uuid=SHOP, host="shop.example.com", added_on=to)])

    assert report.changes["domain"] == (0, 1, 0)
    corrected = Domain.objects.get(host="shop.example.com")
    assert (corrected.pk, corrected.added_on) == (known.pk, day(to))


def test_a_domain_added_again_after_it_was_removed_is_another_one():
    imported_well(ALL)
    host = {"uuid": SHOP, "host": "shop.example.com"}
    imported_well([row("domain", **host, added_on="2018-12-12", removed_on="2019-03-01")])
    imported_well([row("domain", **host, added_on="2019-06-01")])

    rows = Domain.objects.filter(host="shop.example.com").order_by("added_on")
    assert list(rows.values_list("added_on", "removed_on")) == [
        (day("2018-12-12"), day("2019-03-01")),
        (day("2019-06-01"), None),
    ]


def test_a_domain_moves_to_another_instance():
    imported_well(ALL)
    blog = row(
        "instance", uuid=BLOG, name="Blog", environment="production", partner="agency_two", created_on="2019-01-01"
    )
    moved = row("domain", uuid=BLOG, host="shop.example.com", added_on="2019-05-01")
    refused = imported([blog, moved])
    assert [problem.field for problem in refused.problems] == ["host"]

    imported_well(
        [blog, moved, row("domain", uuid=SHOP, host="shop.example.com", added_on="2018-12-12", removed_on="2019-05-01")]
    )
    assert Domain.objects.get(instance__uuid=BLOG).added_on == day("2019-05-01")


@pytest.mark.parametrize("to", ["2018-10-01", "2018-12-24"])
def test_a_change_of_environment_moves_with_its_day(to):
    def file(second):
        return [
            row("environment", uuid=SHOP, environment="staging", from_="2018-09-01"),
            row("environment", uuid=SHOP, environment="production", from_=second),
        ]

    imported_well(ALL)
    imported_well(file("2018-11-01"))
    imported_well(file(to))
    assert spans(EnvironmentPeriod, "environment") == [
        (day("2018-08-01"), day("2018-09-01"), "production"),
        (day("2018-09-01"), day(to), "staging"),
        (day(to), OPEN, "production"),
    ]


@pytest.mark.parametrize("to", ["2019-02-10", "2019-03-20"])
def test_the_end_of_some_days_is_corrected(to):
    def file(until):
        return [
            row("status", uuid=SHOP, status="active", from_="2018-08-01"),
            row("status", uuid=SHOP, status="unpublished", from_="2019-02-01", until=until),
        ]

    imported_well(ALL)
    imported_well(file("2019-03-01"))
    imported_well(file(to))
    assert spans(StatusPeriod, "status") == [
        (day("2018-08-01"), day("2019-02-01"), "active"),
        (day("2019-02-01"), day(to), "unpublished"),
        (day(to), OPEN, "active"),
    ]


def test_a_plan_known_late_is_assigned_in_the_past_on_both_sides():
    imported_well(ALL)
    with in_seller("agency_one"):
        before = timeline_of(Instance.objects.get(uuid=SHOP), day("2019-06-01"))
    imported_well(
        [
            row(
                "assignment",
                seller="agency_one",
                uuid=SHOP,
                plan="Production 110",
                account="Bluegum",
                from_="2018-12-01",
            )
        ]
    )
    assert plans("agency_one")[1:] == [(day("2018-12-01"), OPEN, "Production 110", "Bluegum")]
    assert plans("public")[1:] == [(day("2018-12-01"), OPEN, "Production", "Agency One")]
    with in_seller("agency_one"):
        after = timeline_of(Instance.objects.get(uuid=SHOP), day("2019-06-01"))
    # The first custom Domain decides: what the plan reached back to before is its own day now.
    assert chargeable_since(before) == chargeable_since(after) == day("2018-12-12")
    assert [segment.reached_back for segment in after if segment.reason is None] == [False]


def test_a_file_about_one_thing_leaves_the_others_alone():
    imported_well(ALL)
    name = row("instance", uuid=SHOP, name="Shop of Bluegum", created_on="2018-08-01")
    report = imported_well([name])
    assert report.changes["instance"] == (0, 1, 0)
    shop = Instance.objects.get(uuid=SHOP)
    assert (shop.name, shop.tags, shop.data_center) == ("Shop of Bluegum", ["retail", "big shop"], "sydney")
    assert len(plans("agency_one")) == 2


def test_the_day_of_creation_is_corrected():
    imported_well(ALL)
    shop = {"uuid": SHOP, "name": "Shop"}
    imported_well([row("instance", **shop, created_on="2018-07-01")])
    assert spans(EnvironmentPeriod, "environment") == [(day("2018-07-01"), OPEN, "production")]
    assert plans("agency_one")[0] == (day("2018-07-01"), day("2019-01-20"), "Unbilled", None)
    assert plans("public")[0][0] == day("2018-07-01")

    refused = imported([row("instance", **shop, created_on="2018-09-01")])
    assert [(one.field, one.message) for one in refused.problems] == [
        ("created_on", "its Domain shop.platformos.com was added on 2018-08-01, before that day.")
    ]
    imported_well(
        [
            row("instance", **shop, created_on="2018-09-01"),
            row("domain", uuid=SHOP, host="shop.platformos.com", added_on="2018-09-01"),
        ]
    )
    assert spans(StatusPeriod, "status") == [(day("2018-09-01"), OPEN, "active")]
    assert plans("agency_one")[0][0] == day("2018-09-01")


def test_a_deletion_and_its_correction():
    imported_well(ALL)
    shop = INSTANCES[0]
    imported_well([shop | {"deleted_on": "2019-04-10"}])
    assert Instance.objects.get().deleted_on == day("2019-04-10")
    assert spans(StatusPeriod, "status")[-1] == (day("2019-04-10"), OPEN, "deleted")
    assert set(Domain.objects.values_list("removed_on", flat=True)) == {day("2019-04-10")}

    imported_well([shop | {"deleted_on": "2019-05-20"}])
    assert Instance.objects.get().deleted_on == day("2019-05-20")
    assert spans(StatusPeriod, "status") == [
        (day("2018-08-01"), day("2019-05-20"), "active"),
        (day("2019-05-20"), OPEN, "deleted"),
    ]


def test_a_transfer_and_its_correction():
    rows = [
        *ALL,
        row("account", seller="agency_two", name="Bluegum"),
        row(
            "plan",
            seller="agency_two",
            name="Two",
            environments="production",
            parent="Production",
            granted_to_all="yes",
        ),
    ]
    imported_well([*rows, row("owner", uuid=SHOP, partner="agency_two", from_="2019-03-01")])
    assert plans("agency_one")[-1] == (day("2019-01-20"), day("2019-03-01"), "Production 110", "Bluegum")
    assert plans("agency_two") == [(day("2019-03-01"), OPEN, "Unbilled", None)]
    assert plans("public")[1:] == [
        (day("2019-01-20"), day("2019-03-01"), "Production", "Agency One"),
        (day("2019-03-01"), OPEN, "Production", "Agency Two"),
    ]

    # It was a month earlier, and the new Partner has a plan for it since.
    imported_well(
        [
            row("owner", uuid=SHOP, partner="agency_two", from_="2019-02-01"),
            row("assignment", seller="agency_two", uuid=SHOP, plan="Two", account="Bluegum", from_="2019-03-15"),
        ]
    )
    assert plans("agency_one")[-1] == (day("2019-01-20"), day("2019-02-01"), "Production 110", "Bluegum")
    assert plans("agency_two") == [
        (day("2019-02-01"), day("2019-03-15"), "Unbilled", None),
        (day("2019-03-15"), OPEN, "Two", "Bluegum"),
    ]
    assert plans("public")[1:] == [
        (day("2019-01-20"), day("2019-02-01"), "Production", "Agency One"),
        (day("2019-02-01"), OPEN, "Production", "Agency Two"),
    ]


def test_an_instance_does_not_leave_for_another_partner_from_a_dedicated_environment():
    server = row("dedicated_environment", uuid=SERVER, name="Sydney 1", partner="agency_one", created_on="2018-08-01")
    placed = row("placement", uuid=SHOP, dedicated_environment=SERVER, from_="2019-01-01")
    imported_well([*ALL, server, placed])
    gone = row("owner", uuid=SHOP, partner="agency_two", from_="2019-03-01")

    refused = imported([gone])
    assert [(one.kind, one.field) for one in refused.problems] == [("owner", "from")]
    imported_well([gone, placed | {"until": "2019-03-01"}])
    assert imported([row("placement", uuid=SHOP, dedicated_environment=SERVER, from_="2019-04-01")]).refused


def test_prices_of_the_past_are_corrected():
    imported_well(ALL)
    price = AGENCY[1]
    imported_well([price | {"cents": 11500, "from": "2019-02-01"}, price | {"cents": 12000, "from": "2019-06-01"}])
    with in_seller("agency_one"):
        assert spans(Price, "cents") == [
            (day("2018-01-01"), day("2019-02-01"), 11000),
            (day("2019-02-01"), day("2019-06-01"), 11500),
            (day("2019-06-01"), OPEN, 12000),
        ]
    imported_well([price | {"cents": 11700, "from": "2019-03-01"}])
    with in_seller("agency_one"):
        assert [cents for _, _, cents in spans(Price, "cents")] == [11000, 11500, 11700, 12000]


def test_what_a_person_did_meanwhile_stays_unless_the_file_speaks_of_it():
    imported_well(ALL)
    shop = Instance.objects.get(uuid=SHOP)
    domain_add(shop, host="new.example.com", added_on=day("2019-02-01"), by="bob", why="told by phone")
    instance_delete(shop, day=day("2019-09-09"), by="bob", why="told by phone")
    imported_well(ALL)
    assert Domain.objects.filter(host="new.example.com").exists()
    assert Instance.objects.get().deleted_on == day("2019-09-09")


@pytest.mark.parametrize("schema", ["agency_one", "public"])
def test_the_end_of_a_plan_is_corrected_and_unbilled_follows(schema):
    imported_well(ALL)
    report = imported_well([INSTANCES[-1] | {"until": "2019-06-01"}])
    plan, payer = ("Production", "Agency One") if schema == "public" else ("Production 110", "Bluegum")
    assert plans(schema)[1:] == [
        (day("2019-01-20"), day("2019-06-01"), plan, payer),
        (day("2019-06-01"), OPEN, "Unbilled", payer if schema == "public" else None),
    ]
    assert report.changed > 0
    assert imported_well([INSTANCES[-1] | {"until": "2019-06-01"}]).changed == 0


def test_the_end_of_a_price_is_corrected():
    imported_well(ALL)
    imported_well([AGENCY[1] | {"until": "2020-01-01"}])
    with in_seller("agency_one"):
        assert spans(Price, "cents") == [(day("2018-01-01"), day("2020-01-01"), 11000)]


def test_a_plan_that_a_later_assignment_ends_is_said_in_the_report():
    imported_well(ALL)
    known = {"seller": "agency_one", "uuid": SHOP, "plan": "Production 110", "account": "Bluegum"}
    other = [
        row("plan", seller="agency_one", name="Business", environments="production", parent="Production",
            granted_to_all="yes"),
        row("price", seller="agency_one", plan="Business", fee="Hosting", cents=15000, from_="2018-01-01"),
    ]  # fmt: skip
    report = imported_well([*other, row("assignment", **{**known, "plan": "Business"}, from_="2018-12-20")])
    assert [note.message for note in report.notes] == [
        "Shop is on Business until 20 Jan 2019, then Production 110, assigned 20 Jan 2019."
    ]
    assert "assignment row 4: Shop is on Business until 20 Jan 2019" in "\n".join(report.lines())
    both = imported_well(
        [
            row("assignment", **{**known, "plan": "Business"}, from_="2018-12-10"),
            row("assignment", **known, from_="2019-01-20"),
        ]
    )
    assert both.notes == [], "the file itself says what follows"
