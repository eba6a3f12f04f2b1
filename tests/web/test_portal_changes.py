"""A Partner changes what it sells: every change through its command, refused in words, its consequence said first."""

import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from pos_billing.instances.models import DedicatedEnvironment
from pos_billing.plans.models import (
    Account,
    AccountMember,
    Assignment,
    Plan,
    Price,
    Role,
    SellerMember,
    SellerSettings,
)
from pos_billing.sellers.schemas import in_seller
from tests.web import scenario
from tests.web.two_steps import saved

HOME = "/dashboard/billing/"


@pytest.fixture
def today(it_is):
    """It is 20 March 2019 for every page."""
    return it_is(date(2019, 3, 20)).date()


@pytest.fixture
def owner(example, client_for, member, today):
    """An owner of the Partner at work, before any run but with the launch behind."""
    return client_for("agency_one", user=member("agency_one", "owner"))


def waiting_instance(partner):
    """A production Instance with a custom Domain of 10 February 2019 on Unbilled, on both sides."""
    with in_seller("public"):
        instance = scenario.instance_of(
            partner, "bakery", date(2019, 2, 1), domain="www.bakery.example.com", domain_on=date(2019, 2, 10)
        )
        account = Account.objects.get(partner=partner)
        scenario.assign(instance, Plan.objects.get(placeholder=True), account, date(2019, 2, 1))
    with in_seller("agency_one"):
        scenario.assign(instance, Plan.objects.get(placeholder=True), None, date(2019, 2, 1))
    return instance


def test_a_plan_is_assigned_after_its_consequence_was_said(owner, example):
    instance = waiting_instance(example.partner)
    listed = owner.get(f"{HOME}instances/?show=needs-plan").content.decode()
    assert "bakery" in listed
    assert "greengrocer" not in listed
    with in_seller("agency_one"):
        plan, client = Plan.objects.get(name="Business"), Account.objects.get(name="Blue Door Books")
    asked = {
        "instance": instance.pk,
        "plan": plan.pk,
        "account": client.pk,
        "day": "2019-03-20",
        "until": "",
        "why": "Signed on the phone",
    }
    page = owner.post(f"{HOME}assign/", asked).content.decode()
    # 150.00: February has 19 of 28 days (101.79), March all of it; what it costs: 110.00 alike (74.64).
    assert "+$251.79" in page
    assert "+$101.79" in page
    assert "+$184.64" in page
    assert "Nothing is saved yet." in page
    with in_seller("agency_one"):
        assert Assignment.objects.get(instance=instance).plan.placeholder
    token = page.split('name="seen" value="')[1].split('"')[0]
    changed = owner.post(f"{HOME}assign/", {**asked, "day": "2019-03-01", "save": "1", "seen": token})
    assert changed.status_code == 200, "what was not foreseen is not saved"
    with in_seller("agency_one"):
        assert Assignment.objects.get(instance=instance).plan.placeholder
    answer = owner.post(f"{HOME}assign/", {**asked, "save": "1", "seen": token, "back": f"{HOME}instances/"})
    assert answer.status_code == 302
    with in_seller("agency_one"):
        row = Assignment.objects.get(instance=instance, days__contains=date(2019, 3, 20))
        assert (row.plan, row.account) == (plan, client)
        assert row.by == "person@example.org"
    with in_seller("public"):
        cost = Assignment.objects.get(instance=instance, days__contains=date(2019, 3, 20))
        assert cost.plan.name == "Production 110"
    page = owner.get(f"{HOME}instances/{instance.pk}/").content.decode()
    assert "Signed on the phone" in page
    assert "since 10 Feb 2019" in page


def test_a_refused_assignment_is_said_beside_its_field(owner, example):
    with in_seller("agency_one"):
        plan, client = Plan.objects.get(name="Business"), Account.objects.get(name="Blue Door Books")
    shop = example.instances["shop"]
    answer = owner.post(
        f"{HOME}assign/",
        {"instance": shop.pk, "plan": plan.pk, "account": client.pk, "day": "2017-01-01", "until": "", "why": "x"},
    )
    assert answer.status_code == 422
    field = answer.content.decode().split('for="id_day"')[1].split('for="id_until"')[0]
    assert 'class="error"' in field


def test_another_partners_instance_cannot_be_chosen(owner, example, agency_two):
    with in_seller("public"):
        foreign = scenario.instance_of(agency_two, "foreign", date(2019, 1, 1))
    assert owner.get(f"{HOME}instances/{foreign.pk}/").status_code == 404
    assert "foreign" not in owner.get(f"{HOME}instances/?q=foreign").content.decode().split("<main")[1].split("id_q")[0]
    assert owner.get(f"{HOME}assign/?instance={foreign.pk}").status_code == 302


def test_all_that_were_found_are_assigned_together(owner, example):
    scenario.many_instances(example, 30)
    page = owner.get(f"{HOME}assign/?all=1&q=site-0000").content.decode()
    assert "To 10 Instances" in page


def test_a_plan_is_made_on_a_parent_priced_and_put_away(owner, example):
    with in_seller("public"):
        parent = example.plans["parent"]
        other = scenario.plan_of("Not for you", 100)
        Plan.objects.filter(pk=other.pk).update(granted_to_all=False)
    form = owner.get(f"{HOME}plans/new/").content.decode()
    assert "Production 110" in form
    assert "Not for you" not in form
    answer = owner.post(
        f"{HOME}plans/new/",
        {
            "name": "Shop",
            "description": "",
            "parent": parent.pk,
            "environments": ["production"],
            "begins": "first_custom_domain",
            "timing": "arrears",
            "granted_to_all": "on",
            "cents": "199.50",
            "from_day": "2019-01-01",
            "why": "New offer",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    with in_seller("agency_one"):
        plan = Plan.objects.get(name="Shop")
        assert Price.objects.get(fee__plan=plan).cents == 19950
    page = owner.get(f"{HOME}plans/").content.decode()
    assert "$199.50" in page
    assert "$89.50" in page  # what a month of it earns
    page = owner.get(f"{HOME}plans/{plan.pk}/").content.decode()
    assert "New offer" in page
    first = saved(owner, f"{HOME}plans/{plan.pk}/archive/", {"day": "2019-03-20", "why": "Gone"})
    assert "Nothing has Shop now." in first
    assert "Archived" in owner.get(f"{HOME}plans/").content.decode()


def test_a_price_changes_after_its_consequence_was_said(owner, example):
    plan = example.plans["own"]
    with in_seller("agency_one"):
        fee = plan.fees.get()
    asked = {"cents": "180", "day": "2019-03-01", "until": "", "why": "Yearly"}
    page = owner.post(f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/", asked).content.decode()
    assert "+$30.00" in page
    token = page.split('name="seen" value="')[1].split('"')[0]
    answer = owner.post(f"{HOME}plans/{plan.pk}/fees/{fee.pk}/price/", {**asked, "save": "1", "seen": token})
    assert answer.status_code == 302
    with in_seller("agency_one"):
        assert list(fee.prices.order_by("days").values_list("cents", flat=True)) == [15000, 18000]
    page = owner.get(f"{HOME}plans/{plan.pk}/").content.decode()
    assert "$180.00 a month" in page
    assert "Yearly" in page


def test_a_metered_fee_is_added(owner, example):
    plan = example.plans["own"]
    saved(
        owner, f"{HOME}plans/{plan.pk}/fees/add/",
        {"name": "Calls", "metric": "api_calls", "cents": "", "included": "10000", "tiers-0-cents": "0.50",
         "tiers-0-per": "1000", "day": "2019-03-01", "why": "Overages"},
    )  # fmt: skip
    page = owner.get(f"{HOME}plans/{plan.pk}/").content.decode()
    assert "10,000 calls included a month, then $0.50 for every 1,000 calls" in page


def rows(*tiers: tuple[str, str, str]) -> dict[str, str]:
    """The fields of tiers: up to, price, for every."""
    names = ("up_to", "cents", "per")
    return {f"tiers-{n}-{name}": text for n, row in enumerate(tiers) for name, text in zip(names, row, strict=True)}


def test_a_metered_fee_has_several_prices_and_a_wrong_row_is_named(owner, example):
    plan = example.plans["own"]
    address = f"{HOME}plans/{plan.pk}/fees/add/"
    asked = {"name": "Calls", "metric": "api_calls", "cents": "", "included": "10000", "day": "2019-03-01", "why": "x"}
    wrong = owner.post(address, {**asked, **rows(("50000", "2.00", ""), ("more", "1.00", ""), ("", "1", ""))})
    assert wrong.status_code == 422
    assert "Row 2: write up to how many units as a whole number." in wrong.content.decode()
    open_end = owner.post(address, {**asked, **rows(("50000", "2.00", ""))})
    assert "Leave the limit of the last row empty" in open_end.content.decode()
    no_price = owner.post(address, {**asked, **rows(("50000", "", ""), ("", "1", ""))})
    assert "Row 1: write the price as 2 or 2.50." in no_price.content.decode()
    falling = owner.post(address, {**asked, **rows(("50000", "2.00", ""), ("40000", "1.00", ""), ("", "1", ""))})
    assert falling.status_code == 422
    assert "Order the tiers by up_to" in falling.content.decode()
    flat = owner.post(address, {**asked, "metric": "", "cents": "5", **rows(("", "1", ""))})
    assert "Choose what is counted" in flat.content.decode()
    tiers = rows(("50,000", "2.00", "1,000"), ("90000", "1.00", "1000"), ("", "0.5", "1000"))
    saved(owner, address, {**asked, **tiers})
    with in_seller("agency_one"):
        price = Price.objects.get(fee__metric="api_calls")
    assert price.tiers == [
        {"up_to": 50000, "cents": 200, "per": 1000}, {"up_to": 90000, "cents": 100, "per": 1000},
        {"up_to": None, "cents": 50, "per": 1000},
    ]  # fmt: skip
    page = owner.get(f"{HOME}plans/{plan.pk}/").content.decode()
    assert "then $2.00 for every 1,000 calls up to 50,000, then $1.00" in page


def test_dedicated_environments_are_searched_and_paged(owner, example):
    with in_seller("public"):
        DedicatedEnvironment.objects.bulk_create(
            DedicatedEnvironment(name=f"server-{n:02d}", partner=example.partner, created_on=date(2019, 1, 1))
            for n in range(30)
        )
    first = owner.get(f"{HOME}dedicated/").content.decode()
    assert "server-24" in first
    assert "server-25" not in first
    assert "1 to 25 of 30" in first
    assert "server-29" in owner.get(f"{HOME}dedicated/?page=2").content.decode()
    found = owner.get(f"{HOME}dedicated/?q=R-07").content.decode()
    assert "server-07" in found
    assert "server-08" not in found
    assert "None has such a name" in owner.get(f"{HOME}dedicated/?q=nothing").content.decode()


def test_a_client_is_made_changed_and_closed(owner):
    asked = {"name": "Corner Shop", "email": "corner@example.com", "address": "", "tax_number": "",
             "external_id": "77", "collection_method": "manual", "why": "New client"}  # fmt: skip
    assert owner.post(f"{HOME}clients/new/", asked).status_code == 302
    twice = owner.post(f"{HOME}clients/new/", {**asked, "name": "CORNER shop"})
    assert twice.status_code == 422
    assert "Another Account has this name" in twice.content.decode()
    with in_seller("agency_one"):
        client = Account.objects.get(name="Corner Shop")
    assert owner.post(f"{HOME}clients/{client.pk}/change/", {**asked, "name": "Corner Store"}).status_code == 302
    saved(owner, f"{HOME}clients/{client.pk}/close/", {"day": "2019-03-20", "why": "Left"})
    page = owner.get(f"{HOME}clients/{client.pk}/").content.decode()
    assert "Corner Store" in page
    assert "Closed from 20 Mar 2019" in page
    with in_seller("agency_one"):
        paying = Account.objects.get(name__startswith="Greengrocer")
    refused = owner.post(f"{HOME}clients/{paying.pk}/close/", {"day": "2019-03-20", "why": "x"})
    assert refused.status_code == 422
    assert "assign them to another Account first" in refused.content.decode()


def test_a_person_of_a_client_is_let_in_and_out(owner, example, client_for):
    client = example.clients["first"]
    answer = owner.post(f"{HOME}clients/{client.pk}/people/add/", {"email": "ann@green.example.com", "why": "Asked"})
    assert answer.status_code == 302
    with in_seller("agency_one"):
        person = AccountMember.objects.get(account=client)
    [invitation] = mail.outbox
    assert invitation.to == ["ann@green.example.com"]
    assert "the statements of Greengrocer" in invitation.body
    path = re.search(r"/password-reset/confirm/\S+", invitation.body)[0]
    visitor = client_for("agency_one")
    chosen = visitor.get(path, follow=True)
    assert chosen.status_code == 200
    visitor.post(chosen.request["PATH_INFO"], dict.fromkeys(("new_password1", "new_password2"), "leeks and onions"))
    with in_seller("agency_one"):
        person.user.refresh_from_db()
        assert person.user.check_password("leeks and onions")
    assert owner.post(f"{HOME}clients/{client.pk}/people/{person.pk}/out/").status_code == 302
    with in_seller("agency_one"):
        assert not AccountMember.objects.exists()


def test_settings_are_changed_and_nonsense_is_refused(owner):
    asked = {
        "name": "Agency One Pty",
        "address": "1 New Street",
        "email": "new@example.com",
        "tax_note": "",
        "brand_color": "#123456",
        "payment_terms_days": "30",
        "number_format": "{year}/{number:04d}",
        "why": "We moved",
    }
    assert owner.post(f"{HOME}settings/", asked).status_code == 302
    charged = {
        "time_zone": "Australia/Sydney",
        "launch_on": "2019-02-01",
        "first_payment_on": "",
        "floor": "",
        "cut_off": "",
        "platform_suffixes": "staging-agency.com\nagency.dev",
        "why": "Ours",
    }
    saved(owner, f"{HOME}settings/charged/", charged)
    with in_seller("agency_one"):
        settings = SellerSettings.objects.get()
    assert (settings.name, settings.time_zone) == ("Agency One Pty", "Australia/Sydney")
    assert settings.platform_suffixes == ["staging-agency.com", "agency.dev"]
    wrong = owner.post(f"{HOME}settings/", {**asked, "number_format": "always the same"})
    assert wrong.status_code == 422
    assert "The format of numbers must use {number} once" in wrong.content.decode()


def test_members_come_change_and_go_but_the_last_owner_stays(owner, owner_of):
    asked = {"email": "mia@example.org", "role": "write", "why": "Joined"}
    assert owner.post(f"{HOME}members/new/", asked).status_code == 302
    assert owner.post(f"{HOME}members/new/", asked).status_code == 422
    with in_seller("agency_one"):
        mia = SellerMember.objects.get(user__email="mia@example.org")
        owners = list(SellerMember.objects.filter(role=Role.OWNER))
    assert owner.post(f"{HOME}members/{mia.pk}/role/", {"role": "read", "why": "Less"}).status_code == 302
    assert owner.post(f"{HOME}members/{mia.pk}/out/").status_code == 302
    assert len(owners) == 2  # the first user and the one of this test
    first, own = sorted(owners, key=lambda m: m.user_id == owner_of("agency_one").pk, reverse=True)
    assert owner.post(f"{HOME}members/{first.pk}/out/").status_code == 302
    refused = owner.post(f"{HOME}members/{own.pk}/role/", {"role": "read", "why": "x"})
    assert "This is the last owner" in refused.content.decode()


def test_nothing_is_changed_without_a_reason(owner):
    answer = owner.post(f"{HOME}members/new/", {"email": "mia@example.org", "role": "write", "why": ""})
    assert answer.status_code == 422
    with in_seller("agency_one"):
        assert not get_user_model().objects.filter(email="mia@example.org").exists()


def test_margin_is_billed_minus_cost_to_the_cent(owner, example):
    scenario.bill_both(example.partner, date(2019, 3, 1))
    page = owner.get(f"{HOME}margin/?month=2018-12").content.decode()
    for text in ("$96.77", "$70.97", "$25.80"):
        assert text in page
    rows = b"".join(owner.get(f"{HOME}margin/csv/?month=2018-12").streaming_content).decode().splitlines()
    assert rows == ["month,kind,name,billed,cost,profit", "2018-12,instance,greengrocer,96.77,70.97,25.80"]


def test_the_overview_says_what_is_owed_what_comes_and_what_to_do(owner, example):
    waiting_instance(example.partner)
    scenario.bill_both(example.partner, date(2019, 2, 1))
    page = owner.get(HOME).content.decode()
    assert "$180.97" in page
    assert "$246.77" in page
    assert "1 Instance with a custom Domain, and no plan chosen" in page
    assert "1 client without an e-mail address" in page
    coming = owner.get(f"{HOME}expected/").content.decode()
    assert "$300.00" in coming  # February and March to the client
    assert "$220.00" in coming  # and what they cost


def test_a_timeline_is_drawn_and_told(owner, example):
    page = owner.get(f"{HOME}instances/{example.instances['shop'].pk}/").content.decode()
    assert "<svg" in page
    assert "not charged: no custom domain yet" in page
    assert "12 Dec 2018 to 19 Jan 2019: charged under Business, reached back" in page


def test_pages_are_not_kept_by_the_browser(owner):
    assert owner.get(HOME).headers["cache-control"] == "private, no-store"
