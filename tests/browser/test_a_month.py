"""A launch and two months, lived as the three kinds of people who use the pages; every total is computed by hand.

Production 110 costs the Partner 110.00 a month; it sells Business at 150.00. The shop's Domain was added on
12 December 2018 (later: on 1 December), the plan is assigned from 20 January 2019, the launch is 1 February.

- December: 20 of 31 days: 110.00 × 20 ÷ 31 = 70.97, and 150.00 × 20 ÷ 31 = 96.77; corrected: 39.03 and 53.23 more
- 1 February: 70.97 + 110.00 = 180.97, and 96.77 + 150.00 = 246.77; 1 March: 110.00; 1 April: 110.00 + 39.03 = 149.03
"""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command

from tests.browser.looking import Visitor
from tests.collection.collecting import GOOD
from tests.collection.conftest import double, running_double, site  # noqa: F401
from tests.collection.test_payment_page_in_browser import type_card
from tests.databases import PASSWORD

pytestmark = pytest.mark.browser

SHOP = "7a3c1f4e-0b1d-4a55-9d0e-5f5f6a0c1d2b"
REGISTER = {
    "seller": [
        {"seller": "public", "name": "Platform Hosting", "launch_on": "2019-02-01", "first_payment_on": "2019-02-15"},
        {"seller": "agency_one", "name": "Agency One", "launch_on": "2019-02-01"},
    ],
    "account": [
        {"seller": "public", "name": "Agency One", "partner": "agency_one", "email": "pay@one.example.com",
         "collection_method": "card"},
    ],
    "plan": [{"seller": "public", "name": "Production 110", "environments": "production", "granted_to_all": "yes"}],
    "price": [{"seller": "public", "plan": "Production 110", "fee": "Hosting", "cents": "11000", "from": "2018-08-01"}],
    "instance": [
        {"uuid": SHOP, "name": "shop", "created_on": "2018-11-20", "environment": "production",
         "partner": "agency_one"},
    ],
    "domain": [{"uuid": SHOP, "host": "www.shop.example.com", "added_on": "2018-12-12"}],
}  # fmt: skip


@pytest.fixture
def people(site, browser, settings, tmp_path):  # noqa: F811
    """Somebody of the platform's staff and the Partner's owner, signed in; a browser for the client. Each alone."""
    settings.POS_BILLING_DOCUMENTS_FOLDER = tmp_path / "documents"
    contexts = [browser.new_context(viewport={"width": 1280, "height": 900}) for _ in range(3)]
    staff, owner, client = (context.new_page() for context in contexts)
    visitors = (
        Visitor(staff, site, "public").sign_in("staff@example.com", at="/admin/login/"),
        Visitor(owner, site, "agency_one").sign_in("owner@agency-one.example.com"),
        Visitor(client, site, "agency_one", oscar=True),
    )
    yield visitors
    for visitor in visitors:
        visitor.assert_well()
    for context in contexts:
        context.close()


@pytest.fixture
def it_becomes(double, it_is):  # noqa: F811
    """`it_becomes("2019-02-15")`: noon of that day for everybody who looks at pages, and at Stripe."""

    def stand(day: str) -> date:
        noon = it_is(date.fromisoformat(day))
        double.control.set_clock(noon.timestamp(), frozen=True)
        return noon.date()

    return stand


def test_a_launch_and_two_months(people, it_becomes, double, worker, tmp_path):  # noqa: F811
    staff, owner, client = people
    it_becomes("2019-01-20")
    staff_imports_the_register(staff, tmp_path / "register.json")
    owner_sells(owner)
    owner_adds_a_card(owner)

    it_becomes("2019-02-01")
    staff_bills(staff, "public", "2019-02-01", "$180.97")
    staff_bills(staff, "agency_one", "2019-02-01", "$246.77")
    collect(double, it_becomes("2019-02-15"))
    newest = owner_opens_newest(owner, "/dashboard/billing/from-platform/")
    assert "$180.97" in newest
    assert "Paid" in newest
    client_signs_in(client)
    assert "$246.77" in client_opens_newest(client)

    it_becomes("2019-03-01")
    staff_bills(staff, "public", "2019-03-01", "$110.00")
    staff_bills(staff, "agency_one", "2019-03-01", "$150.00")
    collect(double, it_becomes("2019-03-01"))
    it_becomes("2019-03-05")
    staff_corrects_the_domain(staff)
    it_becomes("2019-04-01")
    staff_bills(staff, "public", "2019-04-01", "$149.03")
    staff_bills(staff, "agency_one", "2019-04-01", "$203.23")
    collect(double, it_becomes("2019-04-01"))

    newest = owner_opens_newest(owner, "/dashboard/billing/from-platform/")
    assert "$149.03" in newest
    assert "$39.03" in newest
    assert "Paid" in newest
    assert "$53.23" in client_opens_newest(client)
    margin = owner.page
    margin.goto(owner.site.url("agency_one", "/dashboard/billing/margin/?month=2018-12"))
    told = margin.inner_text("main")
    assert [amount in told for amount in ("$150.00", "$110.00", "$40.00")] == [True, True, True], told
    for seller in ("public", "agency_one"):
        for month, name in (("2018-12", "December 2018"), ("2019-03", "March 2019")):
            staff.page.goto(staff.site.url("public", f"/admin/billing/proof/?seller={seller}&month={month}"))
            assert f"{name} is proven." in staff.page.inner_text("main")
    assert double.control.money()["acct_stripeDouble0001"]["charged"] == 18097 + 11000 + 14903


def staff_imports_the_register(staff: Visitor, file) -> None:
    """Preview, then import."""
    file.write_text(json.dumps(REGISTER))
    page = staff.page
    page.goto(staff.site.url("public", "/admin/billing/imports/"))
    page.get_by_role("link", name="Import a register file").click()
    page.get_by_label("Register file").set_input_files(file)
    page.get_by_label("Why").fill("The register of 20 January")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing is written yet.").wait_for()
    staff.see("month-staff-import-preview")
    page.get_by_role("button", name="Import it").click()
    page.get_by_role("link", name="register.json").wait_for()


def owner_sells(owner: Visitor) -> None:
    """A client, a plan over the platform's, and the plan given to the Instance that waits."""
    page, billing = owner.page, owner.site.url("agency_one", "/dashboard/billing/")
    page.goto(billing + "clients/new/")
    page.get_by_label("Name").fill("Greengrocer")
    page.get_by_label("E-mail").fill("accounts@greengrocer.example.com")
    page.get_by_label("Pays").select_option("manual")
    page.get_by_label("Why").fill("Signed the offer")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Greengrocer is your client now.").wait_for()
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_label("E-mail").fill("ann@greengrocer.example.com")
    page.get_by_label("Why").fill("She pays the bills")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("sees the pages of Greengrocer in the storefront").wait_for()

    page.goto(billing + "plans/new/")
    page.get_by_label("Name").fill("Business")
    page.get_by_label("Parent plan").select_option(label="Production 110 ($110.00 a month)")
    page.get_by_label("Production").check()
    page.get_by_label("Price a month").fill("150")
    page.get_by_label("Price holds from").fill("2018-08-01")
    page.get_by_label("Why").fill("What we sell")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Business").wait_for()

    page.goto(billing)
    page.get_by_role("link", name="Choose plans").click()
    page.get_by_role("checkbox", name="Choose shop").check()
    page.get_by_role("button", name="Assign a plan to those ticked").click()
    page.get_by_label("Plan").select_option(label="Business")
    page.get_by_label("Client").select_option(label="Greengrocer")
    page.get_by_label("From").fill("2019-01-20")
    page.get_by_label("Why").fill("Signed on the 20th")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="What this changes").wait_for()
    foreseen = page.locator("main").text_content()
    assert "$246.77" in foreseen, "December is charged from the Domain's day on"
    assert "$180.97" in foreseen
    owner.see("month-owner-assigns")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Business is assigned to 1 Instance.").wait_for()


def owner_adds_a_card(owner: Visitor) -> None:
    """On its Payment page, in Stripe's own frame."""
    page = owner.page
    page.goto(owner.site.url("agency_one", "/dashboard/billing/payment/"))
    page.get_by_role("button", name="Add a card").click()
    page.frame_locator("#card-element iframe").locator("[name=number]").wait_for()
    type_card(page, GOOD)
    page.get_by_text("was added").wait_for()


def staff_bills(staff: Visitor, seller: str, as_of: str, total: str) -> None:
    """Preview, look at the total, issue."""
    page = staff.page
    page.goto(staff.site.url("public", "/admin/billing/runs/new/"))
    page.select_option("select[name=seller]", seller)
    page.fill("input[name=as_of]", as_of)
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing was issued.").wait_for()
    assert total in page.inner_text("main")
    page.get_by_role("button", name="Issue 1 statement").click()
    page.get_by_text("1 statement issued.").wait_for()
    assert total in page.inner_text("main")


def staff_corrects_the_domain(staff: Visitor) -> None:
    """The Domain was there since 1 December: said with its consequence, then saved."""
    page = staff.page
    page.goto(staff.site.url("public", "/admin/billing/selling/instances/?q=shop"))
    page.get_by_role("link", name="shop", exact=True).click()
    page.get_by_role("link", name="Correct the day of www.shop.example.com").click()
    page.fill("input[name=added_on]", "2018-12-01")
    page.fill("input[name=why]", "The registrar says so")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="What this changes").wait_for()
    foreseen = page.locator("main").text_content()
    assert "$39.03" in foreseen
    assert "$53.23" in foreseen
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The registrar says so").wait_for()


def owner_opens_newest(owner: Visitor, place: str) -> str:
    """What the newest statement says."""
    page = owner.page
    page.goto(owner.site.url("agency_one", place))
    page.locator("table.list tbody tr").first.get_by_role("link").first.click()
    page.get_by_role("heading", name=re.compile("^Statement ")).wait_for()
    return page.inner_text("main")


def client_signs_in(client: Visitor) -> None:
    """Ann follows her invitation, chooses a password, and signs in at the storefront."""
    page = client.page
    told = next(one for one in mail.outbox if one.to == ["ann@greengrocer.example.com"])
    path = re.search(r"https?://[^/]+(/password-reset/confirm/\S+)", str(told.body))[1]
    page.goto(client.site.url("agency_one", path))
    page.fill("input[name=new_password1]", PASSWORD)
    page.fill("input[name=new_password2]", PASSWORD)
    page.locator("form:has(input[name=new_password1]) [type=submit]").click()
    page.wait_for_url("**/password-reset/complete/")
    page.goto(client.site.url("agency_one", "/accounts/login/?next=/accounts/billing/"))
    page.fill("#id_login-username", "ann@greengrocer.example.com")
    page.fill("#id_login-password", PASSWORD)
    page.click("[name=login_submit]")


def client_opens_newest(client: Visitor) -> str:
    """What Ann reads on the newest statement."""
    page = client.page
    page.goto(client.site.url("agency_one", "/accounts/billing/"))
    page.locator("table tbody tr").first.get_by_role("link").first.click()
    page.get_by_role("heading", name=re.compile("Statement ")).wait_for()
    client.see("month-client-statement")
    return page.inner_text("body")


def collect(double, day: date) -> None:  # noqa: F811
    """What the scheduled job does on that day, and everything Stripe has to say about it."""
    call_command("collect", as_of=day, no_mail=True)
    double.control.drain()
