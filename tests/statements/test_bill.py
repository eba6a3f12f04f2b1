"""Scenarios by commands and runs; every total is computed by hand."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import (
    dedicated_environment_create,
    domain_correct_day,
    instance_change_environment,
    placement_begin,
    placement_end,
)
from pos_billing.instances.models import Domain, UsageDay
from pos_billing.plans.commands import account_create, assignment_change, instance_transfer, seller_settings_change
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import AccountCredit, BillingRun, Statement
from pos_billing.statements.run import bill
from tests.statements.billing_scenario import EVERYWHERE, SAID, statements, total_of_lines


def test_worked_example_on_both_sides(scenario):
    shop = scenario.instance(created=date(2018, 11, 20), domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2018-12", 20, 7097), ("charge", "2019-01", 31, 11000)]
    # 150.00 × 20 ÷ 31 = 96.774…
    assert scenario.billed(date(2019, 2, 1), scenario.schema) == [
        ("charge", "2018-12", 20, 9677),
        ("charge", "2019-01", 31, 15000),
    ]
    [issued] = statements()
    assert (issued.total_cents, issued.amount_due_cents, issued.due_on) == (18097, 18097, date(2019, 2, 15))
    assert issued.number == "2019-000001"
    [to_client] = statements(scenario.schema)
    assert to_client.due_on == date(2019, 2, 15)  # by hand: 1 Feb and 14 days to pay
    assert scenario.billed(date(2019, 3, 1)) == [("charge", "2019-02", 28, 11000)]
    domain_correct_day(Domain.objects.get(instance=shop), added_on=date(2018, 12, 1), **SAID)
    assert scenario.billed(date(2019, 4, 1)) == [("adjustment", "2018-12", 31, 3903), ("charge", "2019-03", 31, 11000)]


def test_second_run_finds_nothing(scenario):
    scenario.assign(scenario.instance(domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    assert scenario.run(date(2019, 2, 1)).lines == 2
    again = scenario.run(date(2019, 2, 1))
    assert (again.lines, again.statements) == (0, [])
    assert scenario.run(date(2019, 2, 1), full=True).lines == 0
    assert BillingRun.objects.count() == 3


def test_backdated_plan_change_gives_and_takes(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 1))
    scenario.assign(shop, date(2018, 12, 1))
    scenario.run(date(2019, 2, 1))
    bigger = scenario.plan("Production 310", 31000)
    sold = scenario.plan("Big", 40000, schema=scenario.schema, parent=bigger)
    scenario.assign(shop, date(2019, 1, 11), sold)
    # January: 10 of 31 days at 110.00 = 35.48, 21 of 31 at 310.00 = 210.00; 110.00 were billed.
    assert scenario.billed(date(2019, 3, 1)) == [
        ("adjustment", "2019-01", 10, 3548 - 11000),
        ("charge", "2019-01", 21, 21000),
        ("charge", "2019-02", 28, 31000),
    ]


def test_price_changed_in_the_past_in_the_middle_of_a_month(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 1))
    scenario.assign(shop, date(2018, 12, 1))
    scenario.run(date(2019, 2, 1))
    scenario.price(scenario.parent, 12000, date(2019, 1, 16))
    # January: 15 of 31 at 110.00 = 53.23 (53.2258), 16 of 31 at 120.00 = 61.94 (61.935) = 115.17.
    assert scenario.billed(date(2019, 2, 1)) == [("adjustment", "2019-01", 31, 11517 - 11000)]


def test_deletion_entered_late_gives_credit_that_settles_what_is_open_and_then_later_statements(scenario):
    shop, other = scenario.instance(domain_on=date(2018, 12, 1)), scenario.instance("other", domain_on=date(2019, 2, 1))
    scenario.assign(shop, date(2018, 12, 1))
    scenario.run(date(2019, 2, 1))
    scenario.delete(shop, date(2018, 12, 11))
    scenario.assign(other, date(2019, 2, 1))
    # Due: December 10 of 31 = 35.48. Billed 220.00. February of the other: 110.00. Total −74.52: credit.
    assert scenario.billed(date(2019, 3, 1)) == [
        ("adjustment", "2018-12", 10, 3548 - 11000),
        ("adjustment", "2019-01", 0, -11000),
        ("charge", "2019-02", 28, 11000),
    ]
    credit = statements()[1]
    # 220.00 of the first statement is open: the credit settles a part of it, and nothing is carried forward
    assert (credit.total_cents, credit.set_off_cents, credit.carried_forward_cents) == (-7452, 7452, 0)
    AccountCredit.objects.create(account=scenario.account, cents=20000, reason="goodwill", by="tests")
    scenario.run(date(2019, 4, 1))
    used = statements()[2]  # 200.00 − (220.00 − 74.52) = 54.52 were left of it
    assert (used.total_cents, used.brought_forward_cents, used.amount_due_cents) == (11000, -5452, 5548)


def test_small_totals_of_cards_wait_and_credit_given_is_used(scenario):
    tiny = scenario.plan("Tiny", 40, environments=["staging"])
    sold = scenario.plan("Tiny sold", 40, schema=scenario.schema, parent=tiny, environments=["staging"])
    scenario.assign(scenario.instance(environment="staging"), date(2019, 1, 1), sold)
    scenario.run(date(2019, 2, 1))
    scenario.run(date(2019, 2, 1), scenario.schema)
    [card] = statements()
    assert (card.total_cents, card.amount_due_cents, card.carried_forward_cents) == (40, 0, 40)
    [by_hand] = statements(scenario.schema)
    assert (by_hand.total_cents, by_hand.amount_due_cents, by_hand.carried_forward_cents) == (40, 40, 0)
    AccountCredit.objects.create(account=scenario.account, cents=10, reason="goodwill", by="tests")
    scenario.run(date(2019, 3, 1))
    assert [(s.brought_forward_cents, s.amount_due_cents) for s in statements()] == [(0, 0), (30, 70)]


def test_transfer_splits_the_month_between_the_payers(scenario, agency_two):
    payer = Account.objects.get(partner=agency_two)
    shop = scenario.instance(domain_on=date(2018, 12, 1))
    scenario.assign(shop, date(2018, 12, 1))
    instance_transfer(shop, partner=agency_two, day=date(2019, 1, 11), **SAID)
    outcome = scenario.run(date(2019, 2, 1))
    by_account = {s.account: s.total for s in outcome.statements}
    # The plan is granted to all, so the new payer has it: 10 and 21 days of January.
    assert by_account == {scenario.account.pk: 11000 + 3548, payer.pk: 7452}
    assert scenario.billed(date(2019, 2, 1), scenario.schema) == [
        ("charge", "2018-12", 31, 15000),
        ("charge", "2019-01", 10, 4839),
    ]
    assert scenario.billed(date(2019, 2, 1), "agency_two") == []


def test_dedicated_environment_is_billed_once_for_all_on_it(scenario):
    server = scenario.plan("Server", 50000, environments=["dedicated"])
    sold = scenario.plan("Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"])
    box = dedicated_environment_create(name="box", partner=scenario.partner, created_on=date(2019, 1, 1), **SAID)
    scenario.assign(box, date(2019, 1, 1), sold)
    shop = scenario.instance(domain_on=date(2018, 12, 1))
    scenario.assign(shop, date(2018, 12, 1))
    placement_begin(shop, dedicated_environment=box, day=date(2019, 1, 11), **SAID)
    assert scenario.billed(date(2019, 2, 1)) == [
        ("charge", "2018-12", 31, 11000),
        ("charge", "2019-01", 10, 3548),
        ("charge", "2019-01", 31, 50000),
    ]
    placement_end(shop, day=date(2019, 1, 21), **SAID)
    # 10 + 11 of 31 days at 110.00 = 74.52.
    assert scenario.billed(date(2019, 2, 1)) == [("adjustment", "2019-01", 21, 7452 - 3548)]


def test_staging_is_charged_from_its_assignment(scenario):
    plan = scenario.plan("Staging 25", 2500, environments=["staging", "dev", "qa"])
    sold = scenario.plan(
        "Staging sold", 3000, schema=scenario.schema, parent=plan, environments=["staging", "dev", "qa"]
    )
    stage = scenario.instance("stage", environment="staging")
    scenario.assign(stage, date(2019, 1, 11), sold)
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2019-01", 21, 1694)]  # 25.00 × 21 ÷ 31 = 16.935…


def test_change_of_environment_ends_what_the_plan_does_not_serve(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 1))
    scenario.assign(shop, date(2018, 12, 1), until=date(2019, 1, 11))
    instance_change_environment(shop, environment="staging", day=date(2019, 1, 11), **SAID)
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2018-12", 31, 11000), ("charge", "2019-01", 10, 3548)]


METERED = {
    "name": "API calls",
    "metric": "api_calls",
    "included": 1000,
    "tiers": [{"up_to": 500, "cents": 2, "per": 1}, {"up_to": None, "cents": 1, "per": 1}],
}


def usage(instance, metric, quantities: dict[date, int]) -> None:
    UsageDay.objects.bulk_create(
        [UsageDay(instance=instance, metric=metric, day=day, quantity=q) for day, q in quantities.items()]
    )


def test_metered_fee_of_a_closed_month_and_usage_that_comes_late(scenario):
    plan = scenario.plan("Metered", 11000, fees=[METERED], environments=EVERYWHERE)
    sold = scenario.plan("Metered sold", 15000, schema=scenario.schema, parent=plan, environments=EVERYWHERE)
    shop = scenario.instance(domain_on=date(2019, 1, 1))
    scenario.assign(shop, date(2019, 1, 1), sold)
    usage(shop, "api_calls", {date(2019, 1, 5): 1200, date(2019, 1, 31): 400, date(2019, 2, 1): 9000})
    # 1,600 used, 600 over: 500 at 2 cents, 100 at 1 cent = 11.00.
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2019-01", 31, 11000), ("charge", "2019-01", 31, 1100)]
    usage(shop, "api_calls", {date(2019, 1, 7): 50})
    assert scenario.billed(date(2019, 2, 15)) == [("adjustment", "2019-01", 31, 50)]


def test_usage_of_a_dedicated_environment_is_that_of_the_instances_on_it(scenario):
    storage = {"name": "Storage", "metric": "storage_mb", "included": 100, "tiers": [{"up_to": None, "cents": 3}]}
    server = scenario.plan("Server", 50000, fees=[storage], environments=["dedicated"])
    sold = scenario.plan("Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"])
    box = dedicated_environment_create(name="box", partner=scenario.partner, created_on=date(2019, 1, 1), **SAID)
    scenario.assign(box, date(2019, 1, 1), sold)
    one, two = scenario.instance("one"), scenario.instance("two")
    for instance in (one, two):
        placement_begin(instance, dedicated_environment=box, day=date(2019, 1, 11), **SAID)
    usage(one, "storage_mb", {date(2019, 1, 10): 900, date(2019, 1, 12): 80, date(2019, 1, 13): 90})
    usage(two, "storage_mb", {date(2019, 1, 12): 70})
    # A level: the highest day counts. 12 Jan: 80 + 70 = 150, 50 over at 3 cents; 10 Jan is before the placement.
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2019-01", 31, 50000), ("charge", "2019-01", 31, 150)]
    usage(two, "storage_mb", {date(2019, 1, 13): 70})
    assert scenario.billed(date(2019, 2, 1)) == [("adjustment", "2019-01", 31, 30)]


def test_advance_covers_the_month_that_begins_and_credits_what_ends(scenario):
    plan = scenario.plan("Ahead", 9000, timing="advance")
    sold = scenario.plan("Ahead sold", 10000, schema=scenario.schema, parent=plan, timing="advance")
    shop = scenario.instance(domain_on=date(2019, 1, 17))
    scenario.assign(shop, date(2019, 1, 17), sold)
    # January 15 of 31 = 43.55 (43.548), February ahead.
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2019-01", 15, 4355), ("charge", "2019-02", 28, 9000)]
    scenario.delete(shop, date(2019, 2, 15))
    assert scenario.billed(date(2019, 3, 1)) == [("adjustment", "2019-02", 14, -4500)]


def test_late_run_bills_all_missed_months_as_runs_month_by_month_would(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    late = scenario.billed(date(2019, 5, 7))
    assert late == [
        ("charge", "2018-12", 20, 7097),
        *(("charge", f"2019-{month:02d}", days, 11000) for month, days in ((1, 31), (2, 28), (3, 31), (4, 30))),
    ]
    assert len(statements()) == 1
    monthly = [scenario.billed(date(2019, m, 1), scenario.schema) for m in (2, 3, 4, 5)]
    assert [len(lines) for lines in monthly] == [2, 1, 1, 1]


def test_future_assignment_does_not_reach_back_before_its_day(scenario):
    shop = scenario.instance(domain_on=date(2019, 1, 1))
    scenario.assign(shop, date(2019, 2, 10))
    assert scenario.billed(date(2019, 2, 1)) == []
    # On 10 February it has begun: January is charged, without any note of a change.
    assert scenario.billed(date(2019, 2, 10)) == [("charge", "2019-01", 31, 11000)]


def test_runs_are_refused_before_launch_and_backwards(scenario):
    with pytest.raises(Refused, match="launch"):
        scenario.run(date(2019, 1, 31))
    scenario.run(date(2019, 3, 1))
    with pytest.raises(Refused, match="2019-03-01"):
        scenario.run(date(2019, 2, 28))
    with pytest.raises(Refused, match="Say who"):
        bill("public", as_of=date(2019, 4, 1), by=" ")
    assert BillingRun.objects.count() == 1


def test_floor_and_cut_off(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    seller_settings_change(floor=date(2019, 1, 11), **SAID)
    scenario.assign(shop, date(2019, 1, 20))
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2019-01", 21, 7452)]
    seller_settings_change(floor=None, cut_off=date(2019, 1, 31), **SAID)
    assert scenario.billed(date(2019, 2, 1)) == [("adjustment", "2019-01", 31, 11000 - 7452)]
    seller_settings_change(cut_off=None, **SAID)
    assert scenario.billed(date(2019, 2, 1)) == [("charge", "2018-12", 20, 7097)]


def test_a_cut_off_leaves_out_no_month_that_was_never_billed(scenario):
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    scenario.run(date(2019, 2, 1))
    seller_settings_change(cut_off=date(2019, 4, 1), **SAID)
    scenario.price(scenario.parent, 12000, date(2019, 1, 1))  # January is closed and stays; February and March are new
    assert scenario.billed(date(2019, 4, 1)) == [("charge", "2019-02", 28, 12000), ("charge", "2019-03", 31, 12000)]


def test_a_cut_off_after_the_day_of_the_run_is_refused(scenario):
    seller_settings_change(cut_off=date(2019, 4, 2), **SAID)
    with pytest.raises(Refused, match="The cut-off is set to 2019-04-02"):
        scenario.run(date(2019, 4, 1))


def test_numbers_have_no_gaps_and_follow_the_accounts(scenario):
    with in_seller(scenario.schema):
        clients = [account_create(name=f"client {n}", **SAID) for n in range(5)]
        for n, client in enumerate(reversed(clients)):
            shop = scenario.instance(f"site-{n}", domain_on=date(2019, 1, 1))
            assignment_change(shop, plan=scenario.own, account=client, day=date(2019, 1, 1), **SAID)
    scenario.run(date(2019, 2, 1), scenario.schema)
    scenario.run(date(2019, 3, 1), scenario.schema)
    issued = statements(scenario.schema)
    assert [s.sequence for s in issued] == list(range(1, 11))
    assert [s.account_id for s in issued[:5]] == sorted(client.pk for client in clients)


def test_moved_statement_of_nothing_is_still_issued(scenario):
    shop = scenario.instance(domain_on=date(2019, 1, 1))
    scenario.assign(shop, date(2019, 1, 1))
    scenario.run(date(2019, 2, 1))
    twin = scenario.plan("Same price", 11000)
    sold = scenario.plan("Same price sold", 15000, schema=scenario.schema, parent=twin)
    scenario.assign(shop, date(2019, 1, 1), sold)
    assert sorted(scenario.billed(date(2019, 2, 1))) == [
        ("adjustment", "2019-01", 0, -11000),
        ("charge", "2019-01", 31, 11000),
    ]
    assert Statement.objects.latest("sequence").total_cents == 0
    assert total_of_lines() == 11000
