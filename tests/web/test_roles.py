"""Every page of a Partner's and its clients' is walked as every kind of person."""

import pytest
from django.apps import apps
from django.urls import reverse

from pos_billing.plans.models import AccountMember, SellerMember, UsageFee
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from pos_billing.web.frame import PARTNER, Need
from pos_billing.web.pages import pages_for
from tests.web import scenario

NEEDED = {page.name: page.needs[PARTNER] for page in pages_for(PARTNER)}
MAY = {
    "read": {Need.READ, Need.ANYBODY},
    "write": {Need.READ, Need.WRITE, Need.ANYBODY},
    "owner": {Need.READ, Need.WRITE, Need.OWNER, Need.ANYBODY},
}


@pytest.fixture
def everything(billed):
    """Arguments for every URL of the Billing section."""
    dedicated = scenario.dedicated(billed, "sydney-1", billed.instances["shop"].created_on)
    with in_seller("public"):
        platform_statement = Statement.objects.first().pk
    with in_seller("agency_one"):
        statement = Statement.objects.first().pk
        fee = UsageFee.objects.get(plan=billed.plans["own"]).pk
        member = SellerMember.objects.first().pk
    plain = {
        "instance": billed.instances["shop"].pk,
        "client": billed.clients["first"].pk,
        "plan": billed.plans["own"].pk,
        "fee": fee,
        "dedicated": dedicated.pk,
        "member": member,
        "grant": 0,
        "person": 0,
        "card": 0,
        "notice": 0,
    }
    return plain, {"platform": platform_statement, "own": statement}


def address_of(name: str, everything) -> str:
    plain, statements = everything
    patterns = {p.name: p for p in apps.get_app_config("pos_billing_web").urls[0]}
    wanted = patterns[name].pattern.converters
    values = {**plain, "statement": statements["platform" if name.startswith("platform") else "own"]}
    return reverse(
        f"billing:{name}", kwargs={key: values.get(key, 0) for key in wanted}, urlconf="pos_billing.urls.tenant"
    )


@pytest.mark.parametrize("role", [None, "read", "write", "owner"])
def test_every_page_lets_in_whom_it_should(everything, client_for, member, role):
    client = client_for("agency_one", user=member("agency_one", role))
    for name, needed in NEEDED.items():
        answer = client.get(address_of(name, everything))
        if needed == Need.ANYBODY:
            assert answer.status_code in (200, 302, 403, 404, 405), name
        elif role is None or needed not in MAY[role]:
            assert answer.status_code == 403, f"{name} let {role} in"
        else:
            assert answer.status_code in (200, 302, 404, 405), f"{name} kept {role} out: {answer.status_code}"


def test_nobody_is_let_in_unsigned(everything, client_for):
    client = client_for("agency_one")
    for name, needed in NEEDED.items():
        answer = client.get(address_of(name, everything))
        if needed != Need.ANYBODY:
            assert answer.status_code == 302, name
            assert "/sign-in/" in answer.headers["location"], name


def test_the_section_is_not_on_the_platforms_host(everything, client_for, staff):
    client = client_for("public", user=staff)
    for name in NEEDED:
        assert client.get(address_of(name, everything)).status_code == 404, name


def test_a_member_of_one_partner_is_nobody_at_another(everything, client_for, member):
    from django.conf import settings

    client = client_for("agency_one", user=member("agency_one", "owner"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    stranger = client_for("agency_two")
    stranger.cookies[settings.SESSION_COOKIE_NAME] = session
    answer = stranger.get("/dashboard/billing/instances/")
    assert answer.status_code == 302
    assert "/sign-in/" in answer.headers["location"]


def test_a_client_sees_its_own_pages_and_no_other(billed, client_for, member):
    ann = member("agency_one", None, "ann")
    with in_seller("agency_one"):
        AccountMember.objects.create(account=billed.clients["first"], user=ann)
        own = Statement.objects.first().pk
    client = client_for("agency_one", user=ann)
    page = client.get("/accounts/billing/").content.decode()
    assert "A1-00001" in page
    assert "Statements" in client.get("/accounts/profile/").content.decode()
    for file in ("", "pdf/", "csv/"):
        assert client.get(f"/accounts/billing/statements/{own}/{file}").status_code == 200
    assert "greengrocer" in client.get("/accounts/billing/instances/").content.decode()
    assert client.get("/dashboard/billing/").status_code == 403


def test_another_client_sees_nothing_of_it(billed, client_for, member):
    bob = member("agency_one", None, "bob")
    with in_seller("agency_one"):
        AccountMember.objects.create(account=billed.clients["second"], user=bob)
        foreign = Statement.objects.first().pk
    client = client_for("agency_one", user=bob)
    assert "No statements yet" in client.get("/accounts/billing/").content.decode()
    for file in ("", "pdf/", "csv/"):
        assert client.get(f"/accounts/billing/statements/{foreign}/{file}").status_code == 404
    assert "greengrocer" not in client.get("/accounts/billing/instances/").content.decode()


def test_a_visitor_without_a_client_is_told_so(billed, client_for, member):
    client = client_for("agency_one", user=member("agency_one", None, "eve"))
    assert "not connected to a client" in client.get("/accounts/billing/").content.decode()
    assert "client_billing" not in client.get("/accounts/profile/").content.decode()
    unsigned = client_for("agency_one").get("/accounts/billing/")
    assert unsigned.headers["location"].startswith("/accounts/login/?next=")
