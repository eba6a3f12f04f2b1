"""The platform's staff previews a run, makes it, and reads what came of it."""

import pytest
from django.db import connection

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from tests.serving import working

pytestmark = pytest.mark.browser


def test_preview_then_run_then_proof(staff_visitor, worker):
    page = staff_visitor.page
    page.goto(staff_visitor.site.url("public", "/admin/billing/runs/new/"))
    page.select_option("select[name=seller]", "agency_one")
    page.fill("input[name=as_of]", "2019-05-01")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Nothing was issued.").wait_for()
    preview = page.locator("#made").locator("xpath=..").inner_text()
    assert "Greengrocer & Sons" in preview
    with in_seller("agency_one"):
        assert Statement.objects.count() == 3
    staff_visitor.see("staff-run-preview-wide")
    page.get_by_role("button", name="Issue 1 statement").click()
    page.get_by_text("1 statement issued.").wait_for()
    staff_visitor.see("staff-run-made-wide")
    assert page.locator("#made").locator("xpath=..").inner_text() == preview
    with in_seller("agency_one"):
        issued = Statement.objects.get(sequence=4)
    page.get_by_role("link", name=issued.number).click()
    assert page.get_by_role("heading", name=f"Statement {issued.number}").is_visible()
    page.goto(staff_visitor.site.url("public", "/admin/billing/proof/?seller=agency_one&month=2019-04"))
    assert page.get_by_text("April 2019 is proven.").is_visible()
    staff_visitor.assert_well()


def test_a_refused_run_says_why(staff_visitor, worker):
    page = staff_visitor.page
    page.goto(staff_visitor.site.url("public", "/admin/billing/runs/new/"))
    page.select_option("select[name=seller]", "agency_one")
    page.fill("input[name=as_of]", "2019-01-01")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("The run was refused, nothing was issued.").wait_for()
    assert page.get_by_text("No statement is issued before the launch").is_visible()
    staff_visitor.see("staff-run-refused-wide")
    staff_visitor.assert_well()


def test_a_run_whose_process_died_is_said_to_have_stopped(staff_visitor):
    from datetime import date

    from pos_billing.statements.models import RunRequest

    asked = RunRequest.objects.create(
        seller="agency_one", as_of=date(2019, 5, 1), preview=False, by="x", state=RunRequest.State.RUNNING
    )
    assert connection.schema_name == "public"
    page = staff_visitor.look(f"/admin/billing/runs/asked/{asked.pk}/", "staff-run-stopped")
    assert page.get_by_text("The work stopped before it was finished.").is_visible()
    staff_visitor.assert_well()


def test_a_run_that_no_worker_does_waits_and_says_so(staff_visitor):
    page = staff_visitor.page
    page.goto(staff_visitor.site.url("public", "/admin/billing/runs/new/"))
    page.select_option("select[name=seller]", "agency_one")
    page.fill("input[name=as_of]", "2019-05-01")
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("No worker is alive, so nothing happens yet.").wait_for()
    staff_visitor.see("staff-run-waits")
    with working(staff_visitor.site.database):
        page.get_by_text("Nothing was issued.").wait_for()
    staff_visitor.assert_well()


def test_every_page_is_well_on_both_screens(staff_visitor):
    with in_seller("agency_one"):
        statement = Statement.objects.get(sequence=3).pk
    staff_visitor.look("/admin/billing/", "staff-sellers")
    staff_visitor.look("/admin/billing/agency_one/statements/", "staff-statements")
    staff_visitor.look("/admin/billing/agency_two/statements/", "staff-statements-none")
    staff_visitor.look(f"/admin/billing/agency_one/statements/{statement}/", "staff-statement")
    staff_visitor.look("/admin/billing/agency_one/runs/", "staff-runs")
    staff_visitor.look("/admin/billing/agency_two/runs/", "staff-runs-none")
    staff_visitor.look("/admin/billing/agency_one/runs/1/", "staff-run")
    staff_visitor.look("/admin/billing/runs/new/", "staff-run-ask")
    staff_visitor.look("/admin/billing/proof/?seller=agency_one&month=2019-01", "staff-proof")
    staff_visitor.look("/admin/billing/proof/?seller=agency_one&month=2026-01", "staff-proof-refused", status=422)
    staff_visitor.assert_well()
