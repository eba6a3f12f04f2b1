"""Staff look at a Partner's pages as the Partner sees them: read-only, once for each ticket, all of it kept."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction
from django.utils import timezone

from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller
from pos_billing.web.support_access.commands import support_access_ask, support_access_open
from pos_billing.web.support_access.models import SupportAccess, SupportAccessPage


@pytest.fixture
def supporter(platform):
    user = get_user_model().objects.create_user("support@example.org", "support@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name="Billing support")[0])
    return user


@pytest.fixture
def link(billed, supporter, client_for):
    """Where the page on the platform's host sends the supporter."""
    answer = client_for("public", user=supporter).post(
        "/admin/billing/agency_one/support-access/", {"why": "Ticket 4711"}
    )
    assert answer.status_code == 302
    return urlsplit(answer["Location"])


@pytest.fixture
def visitor(client_for):
    return client_for("agency_one")


def test_a_look_shows_the_partners_pages_and_keeps_every_one(link, visitor):
    assert link.hostname == "agency-one.localhost"
    visitor.get(f"{link.path}?{link.query}", follow=True)
    page = visitor.get("/dashboard/billing/from-platform/").content.decode()
    assert "$180.97" in page
    assert "You see what" in page
    assert "support@example.org" in page
    with in_seller("public"):
        look = SupportAccess.objects.get()
        assert (look.by, look.why, look.partner_schema) == ("support@example.org", "Ticket 4711", "agency_one")
        assert "/dashboard/billing/from-platform/" in look.pages.values_list("path", flat=True)


def test_a_look_is_read_only(link, visitor):
    visitor.get(f"{link.path}?{link.query}")
    posted = visitor.post("/dashboard/billing/statements/")
    assert posted.status_code == 302
    assert "sign-in" in posted["Location"]


def test_a_ticket_opens_once(link, visitor, client_for):
    visitor.get(f"{link.path}?{link.query}")
    second = client_for("agency_one")
    assert second.get(f"{link.path}?{link.query}").status_code == 403
    assert second.get("/dashboard/billing/statements/").status_code == 302


def test_a_ticket_is_of_no_use_on_another_partners_host(link, client_for, agency_two):
    other = client_for("agency_two")
    assert other.get(f"{link.path}?{link.query}").status_code == 403


def test_a_session_that_looks_is_of_no_use_on_another_partners_host(link, visitor, client_for, agency_two):
    visitor.get(f"{link.path}?{link.query}")
    other = client_for("agency_two")
    other.cookies.update(visitor.cookies)
    assert other.get("/dashboard/billing/statements/").status_code == 302


def test_a_ticket_grows_old(billed):
    asked = timezone.now() - timedelta(minutes=3)
    ticket = support_access_ask(partner_schema="agency_one", by="support@example.org", why="Ticket 1", now=asked)
    with pytest.raises(Refused, match="too old"):
        support_access_open(partner_schema="agency_one", ticket=ticket, now=timezone.now())


def test_stopping_closes_the_pages(link, visitor):
    visitor.get(f"{link.path}?{link.query}")
    assert visitor.post("/dashboard/billing/support-access/over/").status_code == 200
    assert visitor.get("/dashboard/billing/statements/").status_code == 302
    with in_seller("public"):
        assert SupportAccess.objects.get().ended_at is not None


def test_asking_needs_a_reason_and_staff(billed, supporter, client_for):
    without = client_for("public", user=supporter).post("/admin/billing/agency_one/support-access/", {"why": " "})
    assert without.status_code == 422
    assert "required" in without.content.decode()
    stranger = client_for("public").post("/admin/billing/agency_one/support-access/", {"why": "x"})
    assert stranger.status_code == 302
    assert "login" in stranger["Location"]
    assert not SupportAccess.objects.exists()


def test_what_was_looked_at_stays_written(link, visitor):
    visitor.get(f"{link.path}?{link.query}", follow=True)
    with in_seller("public"), pytest.raises(DatabaseError), transaction.atomic():
        SupportAccessPage.objects.all().delete()
    with in_seller("public"), pytest.raises(DatabaseError), transaction.atomic():
        SupportAccess.objects.update(by="somebody else")
