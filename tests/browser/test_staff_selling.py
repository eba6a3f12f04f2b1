"""Staff keep the register and what the platform sells: every page on both screens, a change lived through."""

import pytest

from pos_billing.instances.models import Instance
from pos_billing.plans.models import Account, Plan

pytestmark = pytest.mark.browser
SELLING = "/admin/billing/selling"


def test_every_page_is_well_on_both_screens(staff_visitor):
    shop = Instance.objects.get(name="greengrocer")
    plan = Plan.objects.get(name="Production 110")
    account = Account.objects.get(partner__schema_name="agency_one")
    staff_visitor.look(f"{SELLING}/instances/", "staff-instances")
    staff_visitor.look(f"{SELLING}/instances/?q=nothing-of-the-kind", "staff-instances-none")
    staff_visitor.look(f"{SELLING}/instances/{shop.pk}/", "staff-instance")
    staff_visitor.look(f"/admin/billing/instances/{shop.pk}/transfer/", "staff-instance-transfer")
    staff_visitor.look("/admin/billing/instances/new/", "staff-instance-new")
    staff_visitor.look(f"{SELLING}/plans/", "staff-plans")
    staff_visitor.look(f"{SELLING}/plans/{plan.pk}/", "staff-plan")
    staff_visitor.look(f"{SELLING}/plans/new/", "staff-plan-new")
    staff_visitor.look(f"{SELLING}/accounts/", "staff-accounts")
    staff_visitor.look(f"{SELLING}/accounts/{account.pk}/", "staff-account")
    staff_visitor.look(f"{SELLING}/dedicated/", "staff-dedicated-none")
    staff_visitor.look("/admin/billing/dedicated/new/", "staff-dedicated-new")
    staff_visitor.look(f"{SELLING}/settings/", "staff-settings")
    staff_visitor.look(f"{SELLING}/settings/charged/", "staff-settings-charged")
    staff_visitor.assert_well()


def test_a_domain_is_corrected_by_keyboard_with_the_consequence_said_first(staff_visitor):
    shop = Instance.objects.get(name="greengrocer")
    domain = shop.domains.get(host="www.greengrocer.example.com")
    page = staff_visitor.page
    page.goto(
        staff_visitor.site.url("public", f"/admin/billing/instances/{shop.pk}/domain-correct/?domain={domain.pk}")
    )
    page.fill("input[name=added_on]", "2018-12-06")
    page.fill("input[name=why]", "The registrar says so")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What this changes").wait_for()
    assert page.get_by_text("The platform bills Partners").is_visible()
    assert page.get_by_text("$17.74").first.is_visible()
    staff_visitor.see("staff-instance-foreseen-wide")
    domain.refresh_from_db()
    assert domain.added_on.isoformat() == "2018-12-01"
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The registrar says so").wait_for()
    domain.refresh_from_db()
    assert domain.added_on.isoformat() == "2018-12-06"
    staff_visitor.assert_well()
