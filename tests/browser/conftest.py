"""A billed Partner behind a real browser."""

from datetime import date

import pytest

from tests.browser.looking import Visitor
from tests.web import scenario

OWNER = "owner@agency-one.example.com"
STAFF = "staff@example.com"


@pytest.fixture
def billed_site(live_site, settings, tmp_path):
    """The site with the worked example, thirty further Instances, and three months of statements."""
    from example_site.partners.models import Partner

    settings.POS_BILLING_DOCUMENTS_FOLDER = tmp_path / "documents"
    made = scenario.worked_example(Partner.objects.get(schema_name="agency_one"))
    scenario.many_instances(made, 30)
    scenario.bill_both(made.partner, date(2019, 2, 1))
    scenario.bill_both(made.partner, date(2019, 3, 1))
    scenario.correct_domain(made)
    scenario.bill_both(made.partner, date(2019, 4, 1))
    return live_site


@pytest.fixture
def owner(billed_site, browser_page) -> Visitor:
    """The Partner's owner, signed in."""
    return Visitor(browser_page, billed_site, "agency_one").sign_in(OWNER)


@pytest.fixture
def staff_visitor(billed_site, browser_page) -> Visitor:
    """A superuser of the platform, signed in on the public host."""
    return Visitor(browser_page, billed_site, "public").sign_in(STAFF, at="/admin/billing/")
