"""What somebody has to decide stands on both sides, and the link leads to a form that is filled in."""

import html
import re
from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_add
from pos_billing.plans.commands import account_create, assignment_change, instance_register, instance_transfer
from pos_billing.plans.models import Plan
from pos_billing.plans.undecided import days_between_payers
from pos_billing.sellers.schemas import in_seller
from tests.web import scenario
from tests.web.test_staff_instances import acted

SAID = {"by": "finance@example.com", "why": "test"}
NOW = date(2019, 6, 1)


@pytest.fixture
def left(example, agency_one):
    """Custom Domain on 12 December, still Unbilled."""
    left = instance_register(
        name="left", environment="production", created_on=date(2018, 11, 5), partner=agency_one, **SAID
    )
    domain_add(left, host="www.left.example.com", added_on=date(2018, 12, 12), **SAID)
    return left


def test_days_between_partners_are_on_the_staffs_first_page_and_on_the_former_partners_overview(
    left, agency_two, staff, client_for, owner_of
):
    instance_transfer(left, partner=agency_two, day=date(2019, 1, 1), **SAID)
    words = "left changed hands before a plan was chosen"
    link = f"instance={left.pk}&amp;day=2018-12-12&amp;until=2019-01-01"
    for visitor, address in (
        (client_for("public", user=staff), "/admin/billing/"),
        (client_for("agency_one", user=owner_of("agency_one")), "/dashboard/billing/"),
    ):
        page = visitor.get(address, follow=True).content.decode()
        assert words in page
        assert link in page
        [found] = re.findall(rf'href="([^"]*{link})"', page)
        form = visitor.get(html.unescape(found))
        assert form.status_code == 200
        assert 'value="2018-12-12"' in form.content.decode()
    other = client_for("agency_two", user=owner_of("agency_two"))
    assert words not in other.get("/dashboard/billing/").content.decode()


def test_transfer_form_asks_for_the_plan_of_the_days_before_and_says_what_it_bills(left, agency_two, staff, client_for):
    visitor = client_for("public", user=staff)
    plan = Plan.objects.get(name="Production 110")
    asked = {"day": "2019-01-01", "partner": agency_two.pk, "plan_before": plan.pk}
    first = visitor.post(f"/admin/billing/instances/{left.pk}/transfer/", {"why": "sold", **asked})
    assert "Plan for the days before" in first.content.decode()
    assert "$70.97" in first.content.decode()  # 20 of 31 days at 110.00
    assert acted(visitor, left, "transfer", **asked).status_code == 302
    assert days_between_payers(NOW) == []


def test_a_client_silenced_by_a_placement_is_named_to_the_partner_and_to_staff(
    example, agency_one, staff, client_for, owner_of
):
    box = scenario.dedicated(example, "box", date(2018, 12, 1))
    parent = scenario.plan_of("Server", 50000, environments=("dedicated",))
    with in_seller("agency_one"):
        baker = account_create(name="Baker", **SAID)
        sold = scenario.plan_of("Server sold", 60000, parent=parent, environments=("dedicated",))
        assignment_change(box, plan=sold, account=baker, day=date(2019, 1, 1), **SAID)
    partner = client_for("agency_one", user=owner_of("agency_one")).get("/dashboard/billing/").content.decode()
    assert "stopped being billed for 1 Instance on a dedicated environment" in partner
    on_platform = client_for("public", user=staff).get("/admin/billing/", follow=True).content.decode()
    assert "stopped being billed because of a placement" in on_platform


def test_transfer_without_such_days_refuses_the_plan(left, agency_two):
    with pytest.raises(Refused, match="no chargeable days"):
        instance_transfer(
            left, partner=agency_two, day=date(2018, 12, 1), plan_before=Plan.objects.get(name="Production 110"), **SAID
        )
