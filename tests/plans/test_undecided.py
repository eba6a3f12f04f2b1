"""Days between two payers, and clients whom a placement silences: listed on both sides until somebody decides."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_add, placement_begin
from pos_billing.plans.commands import (
    account_create,
    assignment_change,
    dedicated_environment_register,
    instance_transfer,
    seller_settings_change,
)
from pos_billing.plans.models import Assignment, Plan
from pos_billing.plans.undecided import BetweenPayers, days_between_payers, silenced_clients
from pos_billing.rating.spans import Span
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import SAID
from tests.statements.conftest import scenario

__all__ = ["scenario"]

DECEMBER, NOW = Span(date(2018, 12, 12), date(2019, 1, 1)), date(2019, 2, 1)


@pytest.fixture
def moved(scenario, agency_two):
    """Custom Domain on 12 December, to agency two on 1 January, still Unbilled; sold there from 20 January."""
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    instance_transfer(scenario.shop, partner=agency_two, day=date(2019, 1, 1), **SAID)
    assignment_change(scenario.shop, plan=scenario.parent, account=None, day=date(2019, 1, 20), **SAID)
    return scenario


def listed(schema: str, now: date = NOW) -> list[BetweenPayers]:
    with in_seller(schema):
        return days_between_payers(now)


def test_days_between_two_partners_are_listed_at_the_platform_and_at_the_former_partner(moved):
    assert listed("public") == [BetweenPayers(moved.shop.pk, "shop", DECEMBER, moved.account.name)]
    assert listed(moved.schema) == [BetweenPayers(moved.shop.pk, "shop", DECEMBER, "")]
    assert listed("agency_two") == []
    # January alone is billed: it reaches back to the first day of agency two.
    assert moved.billed(NOW) == [("charge", "2019-01", 31, 11000)]
    proof = prove("public", date(2018, 12, 1))
    assert proof.differs == []
    assert proof.not_charged["changed hands before a plan was chosen"] == (20, 1)


def test_days_are_listed_until_somebody_assigns_a_plan_to_who_had_it(moved):
    moved.run(NOW)
    assignment_change(moved.shop, plan=moved.parent, account=None, day=DECEMBER.start, until=DECEMBER.end, **SAID)
    assert listed("public") == []
    # 20 of 31 days at 110.00
    assert moved.billed(NOW) == [("charge", "2018-12", 20, 7097)]
    assert len(listed(moved.schema)) == 1, "the Partner decides for itself"
    moved.assign(moved.shop, DECEMBER.start, until=DECEMBER.end)
    assert listed(moved.schema) == []
    assert moved.billed(NOW, moved.schema) == [("charge", "2018-12", 20, 9677)]


def test_a_transfer_that_has_not_come_yet_lists_nothing(scenario, agency_two):
    shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    instance_transfer(shop, partner=agency_two, day=date(2019, 3, 1), **SAID)
    assert listed("public") == []
    assert len(listed("public", date(2019, 3, 1))) == 1


def test_days_before_the_domain_and_before_the_floor_are_not_listed(moved):
    with in_seller(moved.schema):
        seller_settings_change(floor=date(2018, 12, 20), **SAID)
    [found] = listed(moved.schema)
    assert found.span == Span(date(2018, 12, 20), date(2019, 1, 1))


def test_transfer_asks_for_the_plan_of_the_days_before(scenario, agency_two):
    shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    instance_transfer(shop, partner=agency_two, day=date(2019, 1, 1), plan_before=scenario.parent, **SAID)
    assert listed("public") == []
    # 20 of 31 days at 110.00, billed to the former Partner
    assert scenario.billed(NOW) == [("charge", "2018-12", 20, 7097)]
    chosen = Assignment.objects.get(instance=shop, plan=scenario.parent)
    assert (chosen.span, chosen.account) == (DECEMBER, scenario.account)


def test_transfer_refuses_a_plan_for_days_that_need_none(scenario, agency_two):
    shop = scenario.instance("shop", domain_on=date(2019, 1, 5))
    with pytest.raises(Refused, match="no chargeable days before 2019-01-01") as refused:
        instance_transfer(shop, partner=agency_two, day=date(2019, 1, 1), plan_before=scenario.parent, **SAID)
    assert refused.value.field == "plan_before"
    assert shop.ownerships.get().partner_id == scenario.partner.pk, "nothing of it happened"


def test_between_two_clients_of_one_partner_the_platform_bills_and_the_partner_lists(scenario):
    """Unbilled for Greengrocer, from 1 January for Baker, who gets Business on 20 January."""
    shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    with in_seller(scenario.schema):
        baker = account_create(name="Baker", **SAID)
        unbilled = Plan.objects.get(placeholder=True)
        for account, plan, day in (
            (scenario.client, unbilled, date(2018, 12, 12)),
            (baker, unbilled, date(2019, 1, 1)),
            (baker, scenario.own, date(2019, 1, 20)),
        ):
            assignment_change(shop, plan=plan, account=account, day=day, **SAID)
    assert listed("public") == [], "the Partner is the payer all the time"
    assert listed(scenario.schema) == [BetweenPayers(shop.pk, "shop", DECEMBER, "Greengrocer")]
    assert scenario.billed(NOW) == [("charge", "2018-12", 20, 7097), ("charge", "2019-01", 31, 11000)]
    assert scenario.billed(NOW, scenario.schema) == [("charge", "2019-01", 31, 15000)]
    scenario.assign(shop, date(2018, 12, 12), until=date(2019, 1, 1))  # to Greengrocer
    assert listed(scenario.schema) == []
    assert scenario.billed(NOW, scenario.schema) == [("charge", "2018-12", 20, 9677)]
    assert scenario.billed(NOW) == [], "the platform had billed those days already"


@pytest.fixture
def server(scenario):
    """A server that the platform bills at 500.00; on it "shop", sold for 150.00 to Greengrocer from 12 December."""
    plan = scenario.plan("Server", 50000, environments=["dedicated"])
    scenario.server = scenario.plan(
        "Server sold", 60000, schema=scenario.schema, parent=plan, environments=["dedicated"]
    )
    scenario.shop = scenario.instance("shop")
    domain_add(scenario.shop, host="shop.example.com", added_on=date(2018, 12, 12), **SAID)
    scenario.assign(scenario.shop, date(2018, 12, 12))
    scenario.box = dedicated_environment_register(
        name="box", partner=scenario.partner, created_on=date(2018, 12, 1), **SAID
    )
    assignment_change(scenario.box, plan=plan, account=None, day=date(2018, 12, 1), **SAID)
    placement_begin(scenario.shop, dedicated_environment=scenario.box, day=date(2019, 1, 1), **SAID)
    return scenario


def test_a_partner_bills_its_clients_one_by_one_on_a_server_that_the_platform_bills_to_it(server):
    assert server.billed(NOW) == [
        ("charge", "2018-12", 20, 7097),
        ("charge", "2018-12", 31, 50000),
        ("charge", "2019-01", 31, 50000),
    ]
    # The Partner bills nobody for the server: its client pays its own fee, 20 of 31 days and January.
    assert server.billed(NOW, server.schema) == [("charge", "2018-12", 20, 9677), ("charge", "2019-01", 31, 15000)]
    assert list(silenced_clients([server.schema], NOW)) == []
    for schema in ("public", server.schema):
        assert prove(schema, date(2019, 1, 1)).differs == []


def test_a_client_who_stopped_being_billed_because_of_a_placement_is_named(server):
    with in_seller(server.schema):
        baker = account_create(name="Baker", **SAID)
        assignment_change(server.box, plan=server.server, account=baker, day=date(2019, 1, 16), **SAID)
    assert [(one.client, one.instances) for one in silenced_clients([server.schema], NOW)] == [("Greengrocer", 1)]
    assert list(silenced_clients([server.schema], date(2019, 1, 15))) == []
    # December 20 of 31 days; January 15 of 31 at 150.00, 72.58; then Baker pays 16 of 31 days of 600.00.
    assert sorted(server.billed(NOW, server.schema)) == [
        ("charge", "2018-12", 20, 9677),
        ("charge", "2019-01", 15, 7258),
        ("charge", "2019-01", 16, 30968),
    ]


def test_who_pays_for_the_server_itself_is_not_named(server):
    server.assign(server.box, date(2019, 1, 16), server.server)
    assert list(silenced_clients([server.schema], NOW)) == []
