"""Each Seller answers on its own host name, in a real browser."""

import pytest

from tests.databases import PASSWORD

pytestmark = pytest.mark.browser


def test_platform_signs_in_staff(live_site, browser_page):
    browser_page.goto(live_site.url("public", "/admin/"))
    browser_page.fill("input[name=username]", "staff@example.com")
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.click("[type=submit]")
    assert "Platform" in browser_page.inner_text("#content")


def test_partner_signs_in_to_its_own_dashboard_and_no_other(live_site, browser_page):
    browser_page.goto(live_site.url("agency_one", "/dashboard/login/"))
    browser_page.fill("input[name=username]", "owner@agency-one.example.com")
    browser_page.fill("input[name=password]", PASSWORD)
    browser_page.click("[type=submit]")
    browser_page.goto(live_site.url("agency_one", "/dashboard/"))
    assert browser_page.url == live_site.url("agency_one", "/dashboard/")
    browser_page.goto(live_site.url("agency_two", "/dashboard/"))
    assert "/dashboard/login/" in browser_page.url
