"""What the tests of the pages stand on."""

from datetime import date

import pytest

from pos_billing.plans.models import SellerMember
from pos_billing.sellers.schemas import in_seller
from tests.web import scenario


@pytest.fixture(autouse=True)
def documents(settings, tmp_path):
    """A folder for PDFs that belongs to the test."""
    settings.POS_BILLING_DOCUMENTS_FOLDER = tmp_path / "documents"
    return settings.POS_BILLING_DOCUMENTS_FOLDER


@pytest.fixture
def example(agency_one):
    """The worked example of the design, not billed yet."""
    return scenario.worked_example(agency_one)


@pytest.fixture
def billed(example):
    """The worked example after the runs of 1 February, 1 March and (the domain's day corrected) 1 April 2019."""
    scenario.bill_both(example.partner, date(2019, 2, 1))
    scenario.bill_both(example.partner, date(2019, 3, 1))
    scenario.correct_domain(example)
    scenario.bill_both(example.partner, date(2019, 4, 1))
    return example


@pytest.fixture
def member():
    """`member("agency_one", "read")`: a person of that Partner with that role."""
    from django.contrib.auth import get_user_model

    def make(schema: str, role: str | None, name: str = "person"):
        with in_seller(schema):
            user = get_user_model().objects.create_user(f"{name}@example.org", f"{name}@example.org", "secret")
            if role:
                SellerMember.objects.create(user=user, role=role)
            return user

    return make
