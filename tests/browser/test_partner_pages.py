"""Every page of a Partner and of its clients in a real browser: axe, both screens, pictures, and a day's work."""

from datetime import date

import pytest

from pos_billing.instances.models import Instance
from pos_billing.plans.commands import fee_add, price_change
from pos_billing.plans.commands.members import account_member_add
from pos_billing.plans.models import Account, Plan, SellerMember
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from tests.browser.looking import Visitor
from tests.databases import PASSWORD
from tests.web import scenario

pytestmark = pytest.mark.browser


@pytest.fixture
def at_work(owner):
    """The owner's site with an Instance that waits for a plan, one on staging, and a dedicated environment."""
    from example_site.partners.models import Partner

    partner = Partner.objects.get(schema_name="agency_one")
    with in_seller("public"):
        account = Account.objects.get(partner=partner)
        unbilled = Plan.objects.get(placeholder=True)
        made = scenario.Scenario(partner, instances={"shop": Instance.objects.get(name="greengrocer")})
        waiting = scenario.instance_of(partner, "bakery", date(2019, 1, 8), domain="www.bakery.example.com")
        staging = scenario.instance_of(partner, "bakery-staging", date(2019, 1, 8), environment="staging")
        for instance in (waiting, staging):
            scenario.assign(instance, unbilled, account, date(2019, 1, 8))
    with in_seller("agency_one"):
        for instance in (waiting, staging):
            scenario.assign(instance, Plan.objects.get(placeholder=True), None, date(2019, 1, 8))
    owner.dedicated = scenario.dedicated(made, "sydney-dedicated-1", date(2019, 3, 1))
    owner.waiting = waiting
    owner.shop = made.instances["shop"]
    return owner


def test_hosting_pages_are_well(at_work):
    at_work.look("/dashboard/billing/", "partner-overview")
    at_work.look("/dashboard/billing/instances/", "partner-instances")
    at_work.look("/dashboard/billing/instances/?show=needs-plan", "partner-instances-waiting")
    at_work.look("/dashboard/billing/instances/?q=nothing", "partner-instances-nothing-found")
    at_work.look(f"/dashboard/billing/instances/{at_work.shop.pk}/", "partner-instance", unfold=True)
    at_work.look(f"/dashboard/billing/instances/{at_work.waiting.pk}/", "partner-instance-waiting")
    at_work.look(f"/dashboard/billing/assign/?instance={at_work.waiting.pk}", "partner-assign")
    at_work.look("/dashboard/billing/dedicated/", "partner-dedicated-list")
    at_work.look(f"/dashboard/billing/dedicated/{at_work.dedicated.pk}/", "partner-dedicated")
    at_work.assert_well()


def test_selling_pages_are_well(at_work):
    with in_seller("agency_one"):
        plan = Plan.objects.get(name="Business")
        fee, client = plan.fees.get().pk, Account.objects.get(name__startswith="Greengrocer").pk
        member = SellerMember.objects.first().pk
    at_work.look("/dashboard/billing/clients/", "partner-clients")
    at_work.look("/dashboard/billing/clients/new/", "partner-client-new")
    at_work.look(f"/dashboard/billing/clients/{client}/", "partner-client")
    at_work.look("/dashboard/billing/plans/", "partner-plans")
    at_work.look("/dashboard/billing/plans/new/", "partner-plan-new")
    at_work.look(f"/dashboard/billing/plans/{plan.pk}/", "partner-plan")
    at_work.look(f"/dashboard/billing/plans/{plan.pk}/fees/{fee}/price/", "partner-plan-price")
    at_work.look(f"/dashboard/billing/plans/{plan.pk}/fees/add/", "partner-plan-fee-add")
    at_work.look("/dashboard/billing/margin/?month=2019-01", "partner-margin")
    at_work.look("/dashboard/billing/settings/", "partner-settings")
    at_work.look("/dashboard/billing/settings/charged/", "partner-settings-charged")
    at_work.look("/dashboard/billing/members/", "partner-members")
    at_work.look("/dashboard/billing/members/new/", "partner-member-new")
    at_work.look(f"/dashboard/billing/members/{member}/role/", "partner-member-role")
    at_work.assert_well()


def test_a_plan_is_given_to_ticked_instances_with_the_consequence_first(at_work):
    page = at_work.page
    page.goto(at_work.site.url("agency_one", "/dashboard/billing/instances/?show=needs-plan"))
    page.get_by_role("checkbox", name="Choose bakery").check()
    page.get_by_role("button", name="Assign a plan to those ticked").click()
    page.get_by_label("Plan").select_option(label="Business")
    page.get_by_label("Client").select_option(label="Blue Door Books")
    page.get_by_label("From").fill("2019-04-10")
    page.get_by_label("Why").fill("Signed today")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="What this changes").wait_for()
    at_work.see("partner-assign-consequence-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    at_work.see("partner-assign-consequence-narrow")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Business is assigned to 1 Instance.").wait_for()
    assert not page.get_by_text("bakery").first.is_visible() or page.get_by_text("No Instance matches").is_visible()
    at_work.assert_well()


def test_profit_is_said_while_a_price_is_typed_and_the_consequence_is_where_the_eye_is(at_work):
    page = at_work.page
    page.goto(at_work.site.url("agency_one", "/dashboard/billing/plans/new/"))
    page.get_by_label("Name").fill("Cheap")
    page.get_by_label("Parent plan").select_option(label="Production 110 ($110.00 a month)")
    page.get_by_label("Price a month").fill("100")
    page.get_by_text("Loses $10.00 a month on each: the parent plan costs $110.00.").wait_for()
    page.get_by_label("Price a month").fill("149.50")
    page.get_by_text("Earns $39.50 a month on each").wait_for()
    page.get_by_label("Price a month").fill("100")
    page.get_by_label("Why").fill("New")
    page.get_by_role("button", name="Save").click()
    warning = page.get_by_text("it loses $10.00 a month on each")
    warning.wait_for()
    assert warning.bounding_box()["y"] < 844, "above the fold"
    assert page.evaluate("document.activeElement.id") == "foreseen-card"
    at_work.see("partner-plan-below-cost-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    at_work.see("partner-plan-below-cost-narrow")
    page.get_by_label("I have read this. Save it all the same.").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Cheap can be assigned now.").wait_for()
    at_work.look("/dashboard/billing/plans/", "partner-plans-below-cost")
    at_work.assert_well()


def test_a_metered_price_is_filled_anew_for_another_day(at_work):
    with in_seller("agency_one"):
        plan = Plan.objects.get(name="Business")
        tiers = [{"up_to": 50000, "cents": 200, "per": 100}, {"up_to": None, "cents": 100, "per": 100}]
        said = {"by": "tests", "why": "to look"}
        fee = fee_add(plan, name="Calls", metric="api_calls", included=1000, tiers=tiers, day=date(2019, 1, 1), **said)
        price_change(fee, day=date(2019, 4, 1), tiers=[{"up_to": None, "cents": 300, "per": 100}], **said)
    page = at_work.page
    address = f"/dashboard/billing/plans/{plan.pk}/fees/{fee.pk}/price/"
    at_work.look(address, "partner-plan-price-metered")
    at_work.look(f"/dashboard/billing/plans/{plan.pk}/fees/add/", "partner-plan-fee-add")
    page.goto(at_work.site.url("agency_one", address))
    assert page.get_by_label("Row 1: price").input_value() == "3.00"
    page.get_by_label("From").fill("2019-02-01")
    page.wait_for_url("**/price/?day=2019-02-01")
    assert page.get_by_label("Row 1: price").input_value() == "2.00"
    assert page.get_by_label("Row 2: price").input_value() == "1.00"
    at_work.assert_well()


def test_mixed_environments_are_split(at_work):
    page = at_work.look("/dashboard/billing/assign/?all=1", "partner-assign-mixed")
    page.get_by_role("link", name="in production").click()
    page.get_by_role("option", name="Business").wait_for(state="attached")
    at_work.assert_well()


def test_wrong_input_is_said_beside_the_field(at_work):
    page = at_work.page
    page.goto(at_work.site.url("agency_one", "/dashboard/billing/clients/new/"))
    page.get_by_label("Name").fill("GREENGROCER & sons")
    page.get_by_label("Why").fill("again")
    page.get_by_role("button", name="Save").click()
    message = page.locator(".field.wrong .error")
    assert "Another Account has this name" in message.inner_text()
    described = page.get_by_label("Name").get_attribute("aria-describedby")
    assert message.get_attribute("id") in described.split()
    at_work.see("partner-client-refused-wide")
    at_work.assert_well()


def test_what_comes_is_worked_out_after_the_page_is_there(at_work):
    page = at_work.page
    page.goto(at_work.site.url("agency_one", "/dashboard/billing/"))
    page.get_by_text("This month so far").wait_for()
    at_work.see("partner-overview-worked-out-wide")
    at_work.assert_well()


def test_clients_pages_are_well(billed_site, browser_page):
    with in_seller("agency_one"):
        client = Account.objects.get(name__startswith="Greengrocer")
        person = account_member_add(client, email="ann@greengrocer.example.com", by="tests", why="to look").user
        person.set_password(PASSWORD)
        person.save()
        statement = Statement.objects.get(sequence=3).pk
    ann = Visitor(browser_page, billed_site, "agency_one", oscar=True)
    browser_page.goto(billed_site.url("agency_one", "/accounts/login/?next=/accounts/billing/"))
    browser_page.fill("#id_login-username", person.email)
    browser_page.fill("#id_login-password", PASSWORD)
    browser_page.click("[name=login_submit]")
    ann.look("/accounts/billing/", "client-statements")
    ann.look(f"/accounts/billing/statements/{statement}/?part=corrected", "client-statement", unfold=True)
    ann.look("/accounts/billing/instances/", "client-instances")
    ann.assert_well()
