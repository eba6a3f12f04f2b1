"""Staff change the register: consequence first, then the change; refusals beside their field; support reads only."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.instances.models import DedicatedEnvironment, Domain, Instance, Ownership
from pos_billing.plans.models import Assignment, Plan
from pos_billing.sellers.schemas import in_seller
from tests.web import scenario


def somebody(group: str):
    user = get_user_model().objects.create_user(f"{group[-7:]}@example.org", f"{group[-7:]}@example.org", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


@pytest.fixture
def finance(platform, client_for):
    return client_for("public", user=somebody("Billing finance"))


@pytest.fixture
def support(platform, client_for):
    return client_for("public", user=somebody("Billing support"))


@pytest.fixture
def shop(billed):
    return billed.instances["shop"]


def acted(visitor, shop, act, **asked):
    """Both steps of a change; the last answer."""
    address = f"/admin/billing/instances/{shop.pk}/{act}/"
    asked = {"why": "Ticket 12", **asked}
    first = visitor.post(address, asked)
    assert first.status_code == 200, first.context["form"].errors
    assert "What this changes" in first.content.decode()
    return visitor.post(address, {**asked, "seen": first.context["token"], "save": "1"})


def test_the_consequence_is_said_on_both_sides_and_nothing_is_saved_before(finance, shop):
    domain = Domain.objects.get(host="www.greengrocer.example.com")
    asked = {"domain": domain.pk, "added_on": "2018-12-06", "why": "The registrar says so"}
    answer = finance.post(f"/admin/billing/instances/{shop.pk}/domain-correct/", asked)
    [december] = [(m.cost, m.billed) for m in answer.context["foreseen"].months if m.month == date(2018, 12, 1)]
    # five of 31 days less: 26/31 of 110.00 is 92.26, of 150.00 it is 125.81
    assert december == (9226 - 11000, 12581 - 15000)
    domain.refresh_from_db()
    assert domain.added_on == date(2018, 12, 1)


def test_what_was_not_foreseen_is_not_saved(finance, shop):
    finance.post(f"/admin/billing/instances/{shop.pk}/rename/", {"name": "A", "why": "x", "save": "1", "seen": "no"})
    shop.refresh_from_db()
    assert shop.name == "greengrocer"


def test_an_instance_is_renamed_and_tagged_and_the_history_says_who_and_why(finance, shop):
    assert acted(finance, shop, "rename", name="Grocer").status_code == 302
    assert acted(finance, shop, "tags", tags="food, retail").status_code == 302
    shop.refresh_from_db()
    assert (shop.name, shop.tags) == ("Grocer", ["food", "retail"])
    page = finance.get(f"/admin/billing/selling/instances/{shop.pk}/").content.decode()
    assert "finance@example.org" in page
    assert "Ticket 12" in page


def test_statuses_environment_and_deletion_take_effect_on_their_day(finance, shop):
    acted(finance, shop, "unpublish", day="2019-05-01")
    acted(finance, shop, "publish", day="2019-06-01")
    acted(finance, shop, "environment", day="2019-07-01", environment="staging")
    acted(finance, shop, "delete", day="2019-08-01")
    shop.refresh_from_db()
    assert shop.deleted_on == date(2019, 8, 1)
    statuses = [row.status for row in shop.statuses.order_by("days")]
    assert statuses == ["active", "unpublished", "active", "deleted"]
    acted(finance, shop, "undelete")
    shop.refresh_from_db()
    assert shop.deleted_on is None
    assert shop.environments.get(days__contains=date(2019, 7, 1)).environment == "staging"


def test_an_instance_is_transferred_with_its_plans(finance, shop, agency_two):
    assert acted(finance, shop, "transfer", day="2019-05-01", partner=agency_two.pk).status_code == 302
    assert Ownership.objects.get(instance=shop, days__contains=date(2019, 5, 1)).partner_id == agency_two.pk
    with in_seller("agency_two"):
        assert Assignment.objects.get(instance=shop).plan == Plan.objects.get(placeholder=True)


def test_an_instance_is_placed_and_taken_off(finance, shop, billed):
    harbour = DedicatedEnvironment.objects.create(name="Harbour", partner=billed.partner, created_on=date(2019, 2, 1))
    acted(finance, shop, "place", day="2019-05-01", dedicated_environment=harbour.pk)
    acted(finance, shop, "take-off", day="2019-06-01")
    assert shop.placements.get().days.upper == date(2019, 6, 1)


def test_a_domain_is_added_and_removed(finance, shop):
    acted(finance, shop, "domain-add", host="HTTPS://Shop.Example.ORG/", added_on="2019-05-01")
    domain = Domain.objects.get(host="shop.example.org")
    acted(finance, shop, "domain-remove", domain=domain.pk, day="2019-06-01")
    domain.refresh_from_db()
    assert domain.removed_on == date(2019, 6, 1)


@pytest.mark.parametrize(
    ("act", "asked", "field"),
    [
        ("domain-add", {"host": "no host", "added_on": "2019-05-01"}, "host"),
        ("delete", {"day": "2001-01-01"}, "day"),
        ("take-off", {"day": "2019-05-01"}, "day"),
        ("tags", {"tags": "a,b,c,d,e,f"}, "tags"),
        ("rename", {"name": "x", "why": ""}, "why"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(finance, shop, act, asked, field):
    answer = finance.post(f"/admin/billing/instances/{shop.pk}/{act}/", {"why": "x", **asked})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


def test_support_reads_and_is_offered_no_change(support, shop):
    page = support.get(f"/admin/billing/selling/instances/{shop.pk}/").content.decode()
    assert "greengrocer" in page
    assert "Change it" not in page
    assert support.post(f"/admin/billing/instances/{shop.pk}/rename/", {"name": "x", "why": "x"}).status_code == 403


def test_a_new_instance_begins_on_unbilled_on_both_sides(finance, agency_one):
    asked = {"name": "Bakery", "partner": agency_one.pk, "environment": "production", "status": "active",
             "created_on": "2019-03-01", "why": "Ordered by phone"}  # fmt: skip
    assert finance.post("/admin/billing/instances/new/", asked).status_code == 302
    made = Instance.objects.get(name="Bakery")
    for schema in ("public", "agency_one"):
        with in_seller(schema):
            assert Assignment.objects.get(instance=made).plan.placeholder


@pytest.mark.parametrize("query", ["greengrocer", "www.greengrocer.example.com", "Agency One"])
def test_instances_are_found_across_partners(finance, shop, query):
    page = finance.get("/admin/billing/selling/instances/", {"q": query}).content.decode()
    assert f"/admin/billing/selling/instances/{shop.pk}/" in page


def test_an_instance_is_found_by_its_uuid(finance, shop):
    page = finance.get("/admin/billing/selling/instances/", {"q": str(shop.uuid)}).content.decode()
    assert f"/admin/billing/selling/instances/{shop.pk}/" in page


def test_the_list_asks_the_same_queries_however_long_it_is(finance, billed):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            finance.get("/admin/billing/selling/instances/")
        return len(queries)

    asked()
    few = asked()
    scenario.many_instances(billed, 60)
    assert asked() == few


def test_a_plan_of_the_platform_is_made_and_its_price_changed_in_the_past(finance, billed):
    asked = {"name": "Production 90", "environments": ["production"], "begins": "first_custom_domain",
             "timing": "arrears", "granted_to_all": "on", "cents": "90", "from_day": "2019-01-01",
             "why": "New"}  # fmt: skip
    assert finance.post("/admin/billing/selling/plans/new/", asked).status_code == 302
    assert Plan.objects.get(name="Production 90").fees.get().prices.get().cents == 9000
    plan = billed.plans["parent"]
    address = f"/admin/billing/selling/plans/{plan.pk}/fees/{plan.fees.get().pk}/price/"
    change = {"cents": "120", "day": "2019-03-01", "why": "As agreed"}
    first = finance.post(address, change)
    assert {part.month: part.cost for part in first.context["foreseen"].months}[date(2019, 3, 1)] == 1000
    assert finance.post(address, {**change, "seen": first.context["token"], "save": "1"}).status_code == 302
    assert plan.fees.get().prices.get(days__contains=date(2019, 3, 1)).cents == 12000
