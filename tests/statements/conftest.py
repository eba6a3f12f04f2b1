"""Fixtures of the tests of statements."""

import pytest

from tests.statements.world import World


@pytest.fixture
def world(agency_one) -> World:
    """A Partner with plans on both sides; rolled back after the test."""
    return World(agency_one)


@pytest.fixture
def committed_world(own_database) -> World:
    """The same in a database of its own, where commits are commits."""
    from example_site.partners.models import Partner

    return World(Partner.objects.get(schema_name="agency_one"))
