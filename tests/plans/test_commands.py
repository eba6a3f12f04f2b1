"""Commands of a Seller: plans, prices, Accounts, settings and transfers; what they refuse is beside its field."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Ownership
from pos_billing.plans.commands import (
    account_create,
    assignment_change,
    fee_add,
    instance_register,
    instance_transfer,
    plan_change,
    plan_create,
    plan_grant,
    price_change,
    seller_settings_change,
)
from pos_billing.plans.models import Account, Assignment, ChangeNote, Plan, Price, SellerSettings, UsageFee
from pos_billing.sellers.schemas import in_seller

NOTED = {"by": "finance@example.com", "why": "as agreed"}
START, DAY = date(2018, 8, 1), date(2019, 2, 1)
FLAT = {"name": "Hosting", "cents": 11000}
METERED = {"name": "Calls", "metric": "api_calls", "included": 1000, "tiers": [{"up_to": None, "cents": 2, "per": 100}]}


def plan(name: str = "Production 110", **options) -> Plan:
    options = {"environments": ["production"], "granted_to_all": True, "fees": [FLAT], "from_day": START} | options
    return plan_create(name=name, **options, **NOTED)


def refused(field: str, message: str, call, *args, **values) -> None:
    with pytest.raises(Refused, match=message or None) as found:
        call(*args, **{**NOTED, **values})
    assert found.value.field == field


def prices(fee: UsageFee) -> list[tuple[date, date | None, int]]:
    return [(row.days.lower, row.days.upper, row.cents) for row in fee.prices.order_by("days")]


def test_a_price_from_a_day_on(platform):
    """Also in the past: later known prices stay; with ``until`` the price is split around the days."""
    fee = plan().fees.get()
    price_change(fee, day=date(2019, 6, 1), cents=13000, **NOTED)
    assert prices(fee) == [(START, date(2019, 6, 1), 11000), (date(2019, 6, 1), None, 13000)]
    ChangeNote.objects.all().delete()
    row = price_change(fee, day=DAY, cents=12000, **NOTED)
    assert (row.cents, row.days.upper) == (12000, date(2019, 6, 1))
    assert ChangeNote.objects.filter(plan_id=fee.plan_id).exists()
    price_change(fee, day=date(2019, 7, 1), until=date(2019, 8, 1), cents=0, **NOTED)
    assert prices(fee) == [
        (START, DAY, 11000), (DAY, date(2019, 6, 1), 12000), (date(2019, 6, 1), date(2019, 7, 1), 13000),
        (date(2019, 7, 1), date(2019, 8, 1), 0), (date(2019, 8, 1), None, 13000),
    ]  # fmt: skip


def test_the_same_price_again_writes_nothing(platform):
    """Neither a row nor a version of one in the history."""
    fee = plan().fees.get()
    versions = Price.pgh_event_model.objects.count()
    price_change(fee, day=DAY, cents=11000, **NOTED)
    assert prices(fee) == [(START, None, 11000)]
    assert Price.pgh_event_model.objects.count() == versions


def test_a_metered_price_keeps_what_is_not_named(platform):
    """Included quantity and tiers change apart from each other."""
    fee = plan(fees=[METERED]).fees.get()
    row = price_change(fee, day=DAY, included=5000, **NOTED)
    assert (row.included, row.tiers) == (5000, METERED["tiers"])
    tiers = [{"up_to": 10, "cents": 3}, {"up_to": None, "cents": 1}]
    row = price_change(fee, day=date(2019, 3, 1), tiers=tiers, **NOTED)
    assert row.included == 5000
    assert row.tiers == [{"up_to": 10, "cents": 3, "per": 1}, {"up_to": None, "cents": 1, "per": 1}]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("cents", {}),
        ("cents", {"cents": -1}),
        ("cents", {"cents": 10.5}),
        ("cents", {"cents": True}),
        ("cents", {"cents": 1_000_000_001}),
        ("cents", {"cents": 100, "included": 5}),
        ("cents", {"tiers": [{"cents": 1}]}),
        ("until", {"cents": 100, "until": DAY}),
        ("day", {"cents": 100, "day": date(219, 2, 1)}),
        ("by", {"cents": 100, "by": " "}),
        ("why", {"cents": 100, "why": ""}),
    ],
)
def test_a_flat_price_that_cannot_be_is_refused(platform, field, values):
    """The price stays as it was."""
    fee = plan().fees.get()
    refused(field, "", price_change, fee, **{"day": DAY, **values})
    assert prices(fee) == [(START, None, 11000)]


@pytest.mark.parametrize(
    ("field", "message", "values"),
    [
        ("tiers", "metered", {"cents": 100}),
        ("tiers", "metered", {}),
        ("tiers", "at least one", {"tiers": []}),
        ("tiers", "last tier open", {"tiers": [{"up_to": 100, "cents": 1}]}),
        ("tiers", "Order the tiers", {"tiers": [{"up_to": None, "cents": 1}, {"up_to": 10, "cents": 1}]}),
        ("tiers", "Order the tiers", {"tiers": [{"up_to": 10, "cents": 1}, {"up_to": 10, "cents": 1}]}),
        ("tiers", "whole number", {"tiers": [{"cents": 1, "per": 0}]}),
        ("tiers", "whole number", {"tiers": [{"cents": -1}]}),
        ("tiers", "whole number", {"tiers": [{"cents": 0.5}]}),
        ("tiers", "Write a tier", {"tiers": [{"cents": 1, "price": 2}]}),
        ("tiers", "Write a tier", {"tiers": ["2 cents"]}),
        ("included", "whole number", {"included": -1}),
    ],
)
def test_tiers_that_leave_units_without_a_price_are_refused(platform, field, message, values):
    """Every unit over the included quantity has one price, and the message says which rule was broken."""
    fee = plan(fees=[METERED]).fees.get()
    refused(field, message, price_change, fee, day=DAY, **values)
    assert fee.prices.get().tiers == METERED["tiers"]


def test_a_fee_is_added_from_a_day_on(platform):
    """Once by its name; never to Unbilled."""
    made = plan()
    fee_add(made, name="Support", cents=2500, day=DAY, **NOTED)
    assert prices(made.fees.get(name="Support")) == [(DAY, None, 2500)]
    refused("name", "fee of this name", fee_add, made, name="Support", cents=1, day=DAY)
    refused("metric", "not one of", fee_add, made, name="Rows", metric="rows", day=DAY)
    unbilled = Plan.objects.get(placeholder=True)
    refused("plan", "Unbilled has no fees", fee_add, unbilled, name="Support", cents=1, day=DAY)


@pytest.mark.parametrize(
    ("field", "message", "values"),
    [
        ("name", "Another plan", {"name": "PRODUCTION 110"}),
        ("name", "", {"name": " "}),
        ("parent", "have no parent", {"parent": 1}),
        ("environments", "at least one", {"environments": []}),
        ("environments", "choose of", {"environments": ["moon"]}),
        ("environments", "two plans", {"environments": ["production", "dedicated"]}),
        ("begins", "", {"begins": "whenever"}),
        ("timing", "", {"timing": "never"}),
        ("from_day", "not a possible day", {"from_day": date(1, 1, 1)}),
        ("fees", "has no", {"fees": [{"name": "Hosting", "price": 5}]}),
        ("fees", "at most 50", {"fees": [{"name": f"Fee {n}", "cents": n} for n in range(51)]}),
        ("name", "fee of this name", {"fees": [FLAT, FLAT]}),
        ("cents", "metered", {"fees": [METERED | {"cents": 1}]}),
        ("tiers", "flat fee", {"fees": [FLAT | {"included": 1}]}),
        ("metric", "not one of", {"fees": [{"metric": "rows"}]}),
        ("tiers", "at least one tier", {"fees": [{"metric": "api_calls"}]}),
    ],
)
def test_a_plan_that_cannot_be_is_refused(platform, field, message, values):
    """Nothing of it is left: neither the plan nor any fee."""
    plan()
    refused(field, message, plan_create, **{
        "name": "Another", "environments": ["production"], "fees": [FLAT], "from_day": START, **values,
    })  # fmt: skip
    assert Plan.objects.filter(placeholder=False).count() == UsageFee.objects.count() == 1


def test_a_partners_plan_needs_a_parent_that_is_granted_and_serves_the_same(agency_one):
    """Otherwise the Partner would sell what it cannot buy."""
    parent = plan()
    dear = plan("Enterprise", granted_to_all=False)
    unbilled = Plan.objects.get(placeholder=True)
    payer = Account.objects.get(partner=agency_one)
    given = {"name": "Business", "environments": ["production"], "fees": [FLAT], "from_day": START}
    with in_seller("agency_one"):
        refused("parent", "Choose the parent plan", plan_create, **given)
        refused("parent", "billed plan of the platform", plan_create, parent=2**40, **given)
        refused("parent", "billed plan of the platform", plan_create, parent=unbilled.pk, **given)
        refused("parent", "not granted", plan_create, parent=dear, **given)
        refused(
            "parent", "does not serve staging", plan_create, parent=parent,
            **given | {"environments": ["staging", "production"]},
        )  # fmt: skip
        assert not Plan.objects.filter(placeholder=False).exists()
    plan_grant(dear, payer, **NOTED)
    with in_seller("agency_one"):
        made = plan_create(parent=dear, **given, **NOTED)
        assert made.parent_id == dear.pk
        refused("environments", "at least one", plan_change, made, environments=[])
        refused("placeholder", "cannot be changed", plan_change, made, placeholder=True)


def test_an_assigned_plan_keeps_its_parent_and_environments(agency_one):
    """What was paid to the platform would not follow."""
    parent, other = plan(environments=["production", "staging"]), plan("Production 90")
    shop = instance_register(name="Shop", environment="production", created_on=START, partner=agency_one, **NOTED)
    with in_seller("agency_one"):
        own = plan("Business", parent=parent, environments=["production", "staging"])
        plan_change(own, environments=["production"], parent=other, **NOTED)
        plan_change(own, environments=["production", "staging"], parent=parent, **NOTED)
        client = account_create(name="Greengrocer", **NOTED)
        assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
        refused("environments", "1 Instances have Business in production", plan_change, own, environments=["staging"])
        refused("parent", "assigned already", plan_change, own, environments=["production"], parent=other)
        assert plan_change(own, environments=["production"], **NOTED).environments == ["production"]


def test_an_account_is_a_partner_here_and_a_client_there(agency_one):
    """Names are given once, in whatever case; an e-mail address must be one."""
    refused("partner", "say which", account_create, name="Somebody")
    refused("partner", "has an Account already", account_create, name="Agency One again", partner=agency_one)
    with in_seller("agency_one"):
        made = account_create(name=" Greengrocer ", email="office@greengrocer.example.com", **NOTED)
        assert (made.name, made.collection_method, made.partner) == ("Greengrocer", "manual", None)
        refused("partner", "Only the platform", account_create, name="Other", partner=agency_one)
        refused("name", "Another Account", account_create, name="GREENGROCER")
        refused("name", "", account_create, name=" ")
        refused("email", "", account_create, name="Other", email="office at example")
        refused("collection_method", "", account_create, name="Other", collection_method="barter")
        assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("colour", {"colour": "red"}),
        ("id", {"id": 2}),
        ("currency", {"currency": "AUD"}),
        ("time_zone", {"time_zone": "Mars/Olympus"}),
        ("launch_on", {"launch_on": date(201, 9, 1)}),
        ("first_payment_on", {"launch_on": date(2019, 2, 1), "first_payment_on": date(2019, 1, 31)}),
        ("cut_off", {"floor": date(2019, 1, 1), "cut_off": date(2018, 12, 31)}),
        ("number_format", {"number_format": "A-{year}"}),
        ("number_format", {"number_format": "A-{serial}"}),
        ("number_format", {"number_format": "A-{number"}),
        ("number_format", {"number_format": "{number:.1}"}),
        ("number_format", {"number_format": "{number:.0e}"}),
        ("number_format", {"number_format": "{number:070d}"}),
        ("platform_suffixes", {"platform_suffixes": ["sites.example.com", "no host"]}),
        ("name", {"name": ""}),
        ("email", {"email": "nobody"}),
    ],
)
def test_settings_that_cannot_be_are_refused(agency_one, field, values):
    """And those that stood before stand."""
    with in_seller("agency_one"):
        before = SellerSettings.objects.values().get()
        refused(field, "", seller_settings_change, **values)
        assert SellerSettings.objects.values().get() == before


def test_settings_are_changed_alone(agency_one):
    """Suffixes are normalised and kept once; the platform's own settings stay."""
    before = SellerSettings.objects.values().get()
    with in_seller("agency_one"):
        suffixes = [".Sites.Example.com", "sites.example.com."]
        row = seller_settings_change(platform_suffixes=suffixes, number_format="A1-{number:05d}", **NOTED)
        assert row.platform_suffixes == ["sites.example.com"]
        assert SellerSettings.objects.get().number_format == "A1-{number:05d}"
    assert SellerSettings.objects.values().get() == before


def held(schema: str, instance) -> list[tuple]:
    with in_seller(schema):
        rows = Assignment.objects.filter(instance=instance.pk).select_related("plan", "account").order_by("days")
        return [(row.plan.name, row.account and row.account.name, row.days.lower, row.days.upper) for row in rows]


@pytest.mark.parametrize("granted", [True, False])
def test_a_transfer_keeps_each_payers_days_apart(agency_one, agency_two, granted):
    """The old ledger ends on the day, the new one begins Unbilled; the platform's plan stays where it is granted."""
    parent = plan(granted_to_all=granted)
    plan_grant(parent, Account.objects.get(partner=agency_one), **NOTED)
    shop = instance_register(name="Shop", environment="production", created_on=START, partner=agency_one, **NOTED)
    with in_seller("agency_one"):
        own, client = plan("Business", parent=parent), account_create(name="Greengrocer", **NOTED)
        assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
    moved = date(2019, 5, 10)
    instance_transfer(shop, partner=agency_two, day=moved, **NOTED)
    assert held("agency_one", shop) == [("Unbilled", None, START, DAY), ("Business", "Greengrocer", DAY, moved)]
    assert held("agency_two", shop) == [("Unbilled", None, moved, None)]
    assert held("public", shop) == [
        ("Unbilled", "Agency One", START, DAY), ("Production 110", "Agency One", DAY, moved),
        ("Production 110" if granted else "Unbilled", "Agency Two", moved, None),
    ]  # fmt: skip
    owners = Ownership.objects.filter(instance=shop).order_by("days")
    assert [row.partner.schema_name for row in owners] == ["agency_one", "agency_two"]


def test_a_transfer_that_cannot_be_is_refused(agency_one, agency_two, platform):
    """To whom it belongs already, to the platform, on a day it does not exist."""
    shop = instance_register(name="Shop", environment="production", created_on=START, partner=agency_one, **NOTED)
    refused("partner", "already", instance_transfer, shop, partner=agency_one, day=DAY)
    refused("partner", "not to the platform", instance_transfer, shop, partner=platform, day=DAY)
    refused("day", "was created on", instance_transfer, shop, partner=agency_two, day=date(2018, 7, 31))
    assert held("public", shop) == [("Unbilled", "Agency One", START, None)]
    assert held("agency_two", shop) == []
