"""Entering a Seller's schema and coming back."""

import pytest
from django.db import connection

from pos_billing.sellers.schemas import NoSuchSeller, in_seller, is_platform, seller_schemas


def test_platform_first_then_partners_and_never_the_template(db):
    assert seller_schemas() == ["public", "agency_one", "agency_two"]


def test_comes_back_from_nested_blocks_and_errors(db):
    with in_seller("agency_one"):
        assert connection.schema_name == "agency_one"
        assert not is_platform()
        with pytest.raises(ZeroDivisionError), in_seller("agency_two"):
            1 / 0  # noqa: B018
        assert connection.schema_name == "agency_one"
        assert seller_schemas()[0] == "public"
        assert connection.schema_name == "agency_one"
    assert is_platform()


def test_queries_go_to_the_schema(db, owner_of):
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    assert users.get().email == "staff@example.com"
    with in_seller("agency_two"):
        assert users.get() == owner_of("agency_two")
        assert users.get().email == "owner@agency-two.example.com"


@pytest.mark.parametrize("schema", ["gone_schema", "tenant_template", "", "pg_catalog"])
def test_a_schema_that_is_no_seller_is_refused(db, schema):
    """PostgreSQL would look in public instead, and show the platform's statements as somebody else's."""
    with pytest.raises(NoSuchSeller, match="There is no Seller"), in_seller(schema):
        pytest.fail("nothing may be done there")
    assert is_platform()


def test_a_partner_whose_schema_is_gone_is_refused(db):
    from example_site.partners.models import Partner

    Partner.objects.filter(schema_name="agency_two").update(schema_name="agency_moved")
    for schema in ("agency_two", "agency_moved"):
        with pytest.raises(NoSuchSeller), in_seller(schema):
            pytest.fail("nothing may be done there")
