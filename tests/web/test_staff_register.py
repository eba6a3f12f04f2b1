"""Staff keep the register: Partners made, files imported, what a sync proposes decided."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from pos_billing.instances.models import Instance, RegisterImport
from pos_billing.partner_api.models import PortalProposal, PortalSync, ProposalStatus
from pos_billing.plans.models import Account, Role, SellerMember
from pos_billing.sellers.schemas import in_seller, seller_schemas


def somebody(group: str):
    user = get_user_model().objects.create_user(f"{group[-7:]}@example.org", f"{group[-7:]}@example.org", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


@pytest.fixture
def finance(platform, client_for):
    return client_for("public", user=somebody("Billing finance"))


@pytest.fixture
def support(platform, client_for):
    return client_for("public", user=somebody("Billing support"))


NEW = {
    "name": "North Web", "email": "billing@north.example", "schema": "north_web", "host": "north-web.localhost",
    "owner_email": "owner@north.example", "owner_password": "a long password here",
}  # fmt: skip


def test_a_partner_is_made_with_account_owner_and_host(finance):
    answer = finance.post("/admin/billing/partners/new/", NEW, follow=True)
    assert "North Web is ready" in answer.content.decode()
    assert "north_web" in seller_schemas()
    with in_seller("public"):
        assert Account.objects.get(partner__schema_name="north_web").name == "North Web"
    with in_seller("north_web"):
        assert SellerMember.objects.get(user__email="owner@north.example").role == Role.OWNER


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("schema", "North", "small letters"), ("schema", "agency_one", "taken"), ("host", "no host", "not a valid host"),
     ("owner_password", "short", "at least 12")],
)  # fmt: skip
def test_a_partner_that_cannot_be_is_refused_beside_the_field(finance, agency_one, field, value, said):
    answer = finance.post("/admin/billing/partners/new/", {**NEW, field: value})
    assert answer.status_code == 422
    assert said in answer.context["form"].errors[field][0]
    assert "north_web" not in seller_schemas()


def test_support_makes_no_partner(support):
    assert support.post("/admin/billing/partners/new/", NEW).status_code == 403
    assert "north_web" not in seller_schemas()


def register_file(host: str = "www.shop.example") -> SimpleUploadedFile:
    rows = (
        "record,partner,uuid,name,environment,created_on,host,added_on\n"
        "instance,agency_one,0f9e9a4e-7b56-4d5e-8c53-2a6f7c1d0001,Shop,production,2019-01-02,,\n"
        f"domain,,0f9e9a4e-7b56-4d5e-8c53-2a6f7c1d0001,,,,{host},2019-01-10\n"
    )
    return SimpleUploadedFile("register.csv", rows.encode(), "text/csv")


def test_a_file_is_previewed_and_then_imported(finance, agency_one):
    shown = finance.post("/admin/billing/imports/new/", {"file": register_file(), "why": "The first register"})
    assert "Nothing is written yet" in shown.content.decode()
    assert not Instance.objects.exists()
    remembered = {**shown.context["remembered"], "make": "1", "create_partners": ""}
    done = finance.post("/admin/billing/imports/new/", remembered, follow=True)
    assert "written" in done.content.decode()
    with in_seller("public"):
        assert Instance.objects.get().domains.get().host == "www.shop.example"
        made = RegisterImport.objects.get()
    assert "Everything in the file was known" not in finance.get(f"/admin/billing/imports/{made.pk}/").content.decode()


def test_a_bad_row_is_told_with_its_number_and_nothing_is_imported(finance, agency_one):
    answer = finance.post("/admin/billing/imports/new/", {"file": register_file("not a host"), "why": "x", "make": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "1 problem: nothing was imported" in page
    assert "not a host" in page
    with in_seller("public"):
        assert not Instance.objects.exists()


def test_support_reads_imports_and_makes_none(support, agency_one):
    assert support.get("/admin/billing/imports/").status_code == 200
    assert support.post("/admin/billing/imports/new/", {"file": register_file(), "why": "x"}).status_code == 403


@pytest.fixture
def vanished(platform):
    """What a sync proposes when an Instance is not listed any more."""
    instance = Instance.objects.create(name="Shop", created_on=date(2018, 8, 1))
    at = datetime(2019, 3, 4, 6, tzinfo=UTC)
    sync = PortalSync.objects.create(
        started_at=at, finished_at=at, day=date(2019, 3, 4), by="sync", status="finished", counts={}
    )
    return PortalProposal.objects.create(
        kind="instance_vanished",
        instance=instance,
        about="2019-03-03",
        day=date(2019, 3, 4),
        first_sync=sync,
        text="Last seen on 3 Mar 2019.",
    )


def test_a_vanished_instance_waits_and_is_deleted_when_confirmed(finance, vanished):
    assert "Last seen on 3 Mar 2019." in finance.get("/admin/billing/syncs/").content.decode()
    address = f"/admin/billing/syncs/proposals/{vanished.pk}/"
    finance.post(address, {"day": "2019-03-04", "why": "The client left", "confirm": "1"})
    with in_seller("public"):
        assert Instance.objects.get().deleted_on == date(2019, 3, 4)
        assert PortalProposal.objects.get().status == ProposalStatus.CONFIRMED


def test_a_rejected_proposal_leaves_the_register_alone(finance, vanished):
    address = f"/admin/billing/syncs/proposals/{vanished.pk}/"
    finance.post(address, {"day": "2019-03-04", "why": "The Portal was down", "reject": "1"})
    with in_seller("public"):
        assert Instance.objects.get().deleted_on is None
        assert PortalProposal.objects.get().status == ProposalStatus.REJECTED


def test_support_reads_a_proposal_and_decides_nothing(support, vanished):
    address = f"/admin/billing/syncs/proposals/{vanished.pk}/"
    assert "Finance decides this" in support.get(address).content.decode()
    assert support.post(address, {"day": "2019-03-04", "why": "x", "confirm": "1"}).status_code == 403
