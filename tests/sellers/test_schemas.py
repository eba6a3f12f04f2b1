"""Entering a Seller's schema and coming back."""

import pytest
from django.db import connection

from pos_billing.sellers.schemas import in_seller, is_platform, seller_schemas


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
