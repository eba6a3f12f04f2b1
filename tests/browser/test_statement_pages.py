"""The statement pages of a Partner in a real browser: axe, both screens, keyboard, files."""

import pytest

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement

pytestmark = pytest.mark.browser


def test_every_page_is_well_on_both_screens(owner):
    with in_seller("public"):
        third = Statement.objects.get(sequence=3).pk
    with in_seller("agency_one"):
        first = Statement.objects.get(sequence=1).pk
    owner.look("/dashboard/billing/from-platform/", "partner-statements-from-platform")
    owner.look("/dashboard/billing/statements/", "partner-statements-to-clients")
    owner.look("/dashboard/billing/statements/?q=nobody", "partner-statements-nothing-found")
    owner.look(f"/dashboard/billing/from-platform/{third}/?part=corrected", "partner-statement-correction", unfold=True)
    owner.look(f"/dashboard/billing/statements/{first}/", "partner-statement")
    owner.look(f"/dashboard/billing/statements/{first}/?q=greengrocer", "partner-statement-unfolded", unfold=True)
    owner.page.context.clear_cookies()
    owner.look("/dashboard/billing/sign-in/", "partner-sign-in")
    owner.assert_well()


def test_explanations_unfold_by_keyboard(owner):
    with in_seller("public"):
        first = Statement.objects.get(sequence=1).pk
    page = owner.page
    page.goto(owner.site.url("agency_one", f"/dashboard/billing/from-platform/{first}/?q=greengrocer"))
    reason = page.get_by_text("12 Dec 2018 – 31 Dec 2018: 20 of 31 days at $110.00 a month")
    assert not reason.is_visible()
    page.locator("details.explain > summary").last.focus()
    page.keyboard.press("Enter")
    assert reason.is_visible()


def test_the_first_tab_skips_to_the_content(owner):
    page = owner.page
    page.goto(owner.site.url("agency_one", "/dashboard/billing/statements/"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_menu_folds_on_a_narrow_screen_and_opens(owner):
    page = owner.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(owner.site.url("agency_one", "/dashboard/billing/statements/"))
    entry = page.get_by_role("link", name="From the platform")
    assert not entry.is_visible()
    page.locator("details.menu-fold > summary").click()
    assert entry.is_visible()
    entry.click()
    assert page.url.endswith("/dashboard/billing/from-platform/")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.get_by_role("link", name="To clients").is_visible()


def test_the_pdf_is_downloaded(owner):
    with in_seller("agency_one"):
        first = Statement.objects.get(sequence=1).pk
    page = owner.page
    page.goto(owner.site.url("agency_one", f"/dashboard/billing/statements/{first}/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == "statement-A1-00001.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_oscars_dashboard_leads_to_billing(owner):
    page = owner.page
    page.goto(owner.site.url("agency_one", "/dashboard/"))
    page.get_by_role("button", name="Billing").click()
    page.get_by_role("link", name="Statements: from the platform").click()
    assert page.url.endswith("/dashboard/billing/from-platform/")
