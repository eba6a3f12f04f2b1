"""Fixtures of the tests of statements."""

import pytest

from tests.statements.billing_scenario import BillingScenario


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """A Partner with plans on both sides; rolled back after the test."""
    return BillingScenario(agency_one)


@pytest.fixture
def committed_scenario(own_database) -> BillingScenario:
    """The same in a database of its own, where commits are commits."""
    from example_site.partners.models import Partner

    return BillingScenario(Partner.objects.get(schema_name="agency_one"))
