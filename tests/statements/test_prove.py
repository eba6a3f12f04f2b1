"""The proof of a month holds for what runs issue, and names what somebody changed behind their back."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import dedicated_environment_create, domain_correct_day, placement_begin
from pos_billing.instances.models import Domain
from pos_billing.plans.commands import instance_transfer
from pos_billing.rating.facts import Subject
from pos_billing.statements.margin import margins, revenue_by_partner, totals
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import EVERYWHERE, SAID
from tests.statements.test_bill import METERED, usage

JANUARY = date(2019, 1, 1)


@pytest.fixture
def busy(scenario, agency_two):
    """Retroactive, metered, dedicated, staging, deleted, transferred and Unbilled Instances, billed for January."""
    metered = scenario.plan("Metered", 11000, fees=[METERED], environments=EVERYWHERE)
    sold = scenario.plan("Metered sold", 15000, schema=scenario.schema, parent=metered, environments=EVERYWHERE)
    storage = {"name": "Storage", "metric": "storage_mb", "included": 10, "tiers": [{"up_to": None, "cents": 3}]}
    server = scenario.plan("Server", 50000, fees=[storage], environments=["dedicated"])
    server_sold = scenario.plan("Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"])
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(scenario.shop, date(2019, 1, 20))
    counted = scenario.instance("counted", domain_on=date(2019, 1, 3))
    scenario.assign(counted, date(2019, 1, 1), sold)
    usage(counted, "api_calls", {date(2019, 1, 2): 800, date(2019, 1, 5): 1600})
    staging = scenario.instance("staging", environment="staging")
    scenario.assign(staging, date(2019, 1, 11), sold)
    gone = scenario.instance("gone", domain_on=date(2018, 12, 1))
    scenario.assign(gone, date(2018, 12, 1))
    scenario.delete(gone, date(2019, 1, 8))
    moved = scenario.instance("moved", domain_on=date(2018, 12, 1))
    scenario.assign(moved, date(2018, 12, 1))
    instance_transfer(moved, partner=agency_two, day=date(2019, 1, 11), **SAID)
    scenario.instance("waiting", domain_on=date(2019, 1, 10))
    box = dedicated_environment_create(name="box", partner=scenario.partner, created_on=date(2019, 1, 1), **SAID)
    scenario.assign(box, date(2019, 1, 5), server_sold)
    placed = scenario.instance("placed", domain_on=date(2019, 1, 1))
    scenario.assign(placed, date(2019, 1, 1))
    placement_begin(placed, dedicated_environment=box, day=date(2019, 1, 15), **SAID)
    usage(placed, "storage_mb", {date(2019, 1, 6): 50, date(2019, 1, 20): 70})
    scenario.price(scenario.parent, 12000, date(2019, 1, 16))
    for schema in ("public", scenario.schema, "agency_two"):
        scenario.run(date(2019, 2, 1), schema)
    return scenario


def test_month_is_proven_on_both_sides(busy):
    proof = prove("public", JANUARY)
    assert proof.differs == []
    # shop 31, counted 29, staging 21, gone 7, moved 31, placed 14, box 27
    assert proof.charged_days == 31 + 29 + 21 + 7 + 31 + 14 + 27
    assert proof.not_charged == {
        "Unbilled: no plan chosen yet": (10 + 22 + 4, 3),  # staging, waiting, and the box before its plan
        "no custom domain yet": (2 + 9, 2),
        "on a dedicated environment": (17, 1),
    }
    assert proof.due == proof.billed > 0
    assert prove(busy.schema, JANUARY).holds
    assert prove("agency_two", JANUARY).holds
    assert prove("public", date(2018, 12, 1)).holds


def test_pending_change_is_named_and_goes_with_the_next_run(busy):
    domain_correct_day(Domain.objects.get(host="www.shop.example.com"), added_on=date(2019, 1, 5), **SAID)
    proof = prove("public", JANUARY)
    [differs] = proof.differs
    assert (differs.name, differs.days, differs.pending) == ("shop", 27, True)
    busy.run(date(2019, 2, 1))
    assert prove("public", JANUARY).holds


def test_tampering_is_found(busy):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE pos_billing_statementline SET amount_cents = amount_cents + 1, due_cents = due_cents + 1 "
            "WHERE subject_name = 'gone' AND month = '2019-01-01'"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    [differs] = prove("public", JANUARY).differs
    assert (differs.name, differs.billed - differs.due) == ("gone", 1)
    with pytest.raises(CommandError, match="not proven for public"):
        call_command("prove", "--month=2019-01", stdout=StringIO(), stderr=StringIO())


def test_command_says_what_it_compared(busy):
    out = StringIO()
    call_command("prove", "--month", "2019-01", stdout=out)
    said = out.getvalue()
    assert "public, January 2019: proven" in said
    assert "not charged: 17 days of 1 subject – on a dedicated environment" in said
    assert f"{busy.schema}: the platform billed" in said


def test_month_that_is_not_closed_is_refused(busy):
    with pytest.raises(Refused, match="not billed yet"):
        prove("public", date(2019, 2, 1))


def test_margin_is_the_difference_of_billed_amounts(busy):
    rows = {row.name: row for row in margins(busy.schema, JANUARY, JANUARY)}
    # shop: 150.00 to the client; 15 of 31 days at 110.00 (53.23) and 16 at 120.00 (61.94) from the platform.
    assert (rows["shop"].billed, rows["shop"].cost, rows["shop"].profit) == (15000, 11517, 3483)
    [total] = totals(busy.schema, JANUARY, JANUARY)
    assert total.billed == sum(row.billed for row in rows.values())
    assert total.cost == sum(row.cost for row in rows.values()) == revenue_by_partner(JANUARY)[busy.schema]
    assert total.subjects == len(rows)
    only = list(margins(busy.schema, JANUARY, JANUARY, [Subject("instance", busy.shop.pk)]))
    assert [row.name for row in only] == ["shop"]
    [of_two] = totals("agency_two", JANUARY, JANUARY)
    assert (of_two.billed, of_two.cost) == (0, revenue_by_partner(JANUARY)["agency_two"])
