"""One balance: whatever makes credit is set against what is open at once, and nobody is asked for more than is owed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pos_billing.collection.cards.collect_due import statements_to_collect
from pos_billing.collection.models import WriteOff
from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_record, payment_reverse
from pos_billing.collection.money.queries import credit_of, open_statements, outstanding_of, standings
from pos_billing.collection.money.state import State, state_of
from pos_billing.collection.money.write_offs import rest_write_off, statement_write_off
from pos_billing.collection.reminders import notices_past_due
from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.notices.models import Notice
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement
from pos_billing.statements.owed import balance_of, balances
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, GOOD, LAUNCH, CollectionScenario
from tests.statements.billing_scenario import BillingScenario

SAID = {"by": "finance@example.com", "why": "test"}
MARCH, APRIL = date(2019, 3, 1), date(2019, 4, 1)


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """The worked example, before any run: custom Domain 12 December, 110.00 a month assigned on 20 January."""
    made = BillingScenario(agency_one)
    made.assign(made.instance("shop", domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    return made


def domain_on(day: date) -> None:
    """The Domain was added on another day than was said."""
    domain_correct_day(Domain.objects.get(), added_on=day, **SAID)


def statements() -> list[Statement]:
    """All of them, the oldest first."""
    return list(Statement.objects.order_by("sequence"))


def by_hand(account: Account, cents: int, **options):
    """A bank transfer of 20 February."""
    values = {"kind": "bank_transfer", "received_on": date(2019, 2, 20), "cents": cents, **options}
    return payment_record(account, **values, **SAID)


def asked(account: Account) -> int:
    """What the Account's statements ask for; checked against the ledger and with the deferred checks of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    check_ledger(account)
    cents = sum(statement.outstanding for statement in open_statements(account))
    assert cents == balance_of(account.pk).owed == balances()[account.pk].owed
    return cents


def test_a_statement_below_zero_settles_the_open_one(scenario: BillingScenario) -> None:
    """180.97 of February is open; the Domain turns out to begin on 1 March, and the next run gives all of it back."""
    scenario.run(LAUNCH)
    domain_on(MARCH)
    scenario.run(MARCH)
    first, second = statements()
    assert (second.total_cents, second.set_off_cents, second.carried_forward_cents) == (-18097, 18097, 0)
    assert (asked(scenario.account), credit_of(scenario.account)) == (0, 0)
    assert state_of(standings([first.pk])[first.pk], APRIL) is State.CREDITED
    assert statements_to_collect(APRIL) == []
    scenario.run(APRIL)  # March: 110.00, and nothing was carried into it
    third = statements()[-1]
    assert (third.brought_forward_cents, third.amount_due_cents) == (0, 11000)
    assert asked(scenario.account) == 11000


def test_a_good_card_is_not_charged_for_what_credit_settled(collecting: CollectionScenario) -> None:
    """Declined on 15 February, corrected to nothing by the run of 1 March: the new card pays nothing."""
    collecting.seed_instance()
    statement = collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    collecting.card(DECLINES)
    assert collecting.collect().results == {"declined": 1}
    domain_on(MARCH)
    collecting.bill(MARCH)
    collecting.card(GOOD)
    assert collecting.collect().results == {"nothing due": 1}
    assert (collecting.money().get("charged", 0), outstanding_of(statement.pk)) == (0, 0)
    assert check_ledger(collecting.account) == 0


def test_a_card_is_charged_for_the_rest_alone(collecting: CollectionScenario) -> None:
    """180.97 declined; then 70.97 come back (the Domain began on 1 January): 110.00 are left of it, and February."""
    collecting.seed_instance()
    collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    collecting.card(DECLINES)
    collecting.collect()
    domain_on(date(2019, 1, 1))
    collecting.bill(MARCH)  # February 110.00 − December 70.97 = 39.03
    first, second = statements()
    assert (second.amount_due_cents, asked(collecting.account)) == (3903, 18097 + 3903)
    credit_note_issue(second, issued_on=MARCH, kind="goodwill", cents=3903, **SAID)
    credit_note_issue(second, issued_on=MARCH, kind="goodwill", cents=2000, **SAID)  # credit: settles the first
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (18097 - 2000, 0)
    collecting.card(GOOD)
    assert collecting.collect().results["paid"] == 1
    assert sum(p.cents for p in collecting.account.payments.all()) == 16097
    assert (asked(collecting.account), credit_of(collecting.account)) == (0, 0)


def test_nobody_is_reminded_of_what_credit_covers(scenario: BillingScenario) -> None:
    """By hand: a payment over the second statement leaves credit that settles the first one, which was past due."""
    Account.objects.filter(pk=scenario.account.pk).update(collection_method="manual")
    scenario.run(LAUNCH)
    scenario.run(MARCH)
    first, second = statements()
    by_hand(scenario.account, 11000, statements=[second])
    credit_note_issue(second, issued_on=MARCH, kind="goodwill", **SAID)  # 110.00 of credit
    assert (outstanding_of(first.pk), asked(scenario.account)) == (7097, 7097)
    assert notices_past_due(as_of=date(2019, 5, 1)) == 1
    assert Notice.objects.get(kind="past_due").about["cents"] == 7097


def test_a_reversed_payment_is_covered_by_credit_that_waits(scenario: BillingScenario) -> None:
    """Paid 180.97, and 200.00 more; the first payment is returned: the credit settles the statement at once."""
    scenario.run(LAUNCH)
    first = by_hand(scenario.account, 18097)
    by_hand(scenario.account, 20000)
    assert credit_of(scenario.account) == 20000
    payment_reverse(first, kind="returned", reversed_on=MARCH, **SAID)
    assert (asked(scenario.account), credit_of(scenario.account)) == (0, 20000 - 18097)
    scenario.run(MARCH)  # 110.00 − 19.03
    assert statements()[-1].amount_due_cents == 11000 - 1903
    assert asked(scenario.account) == 9097


def test_credit_that_was_used_and_is_taken_back_is_asked_for_again(scenario: BillingScenario) -> None:
    """250.00 paid on 180.97: 69.03 of credit, used by March's 110.00. The payment is returned: all of it is owed."""
    scenario.run(LAUNCH)
    payment = by_hand(scenario.account, 25000)
    scenario.run(MARCH)
    first, second = statements()
    assert (second.brought_forward_cents, second.amount_due_cents) == (-6903, 4097)
    payment_reverse(payment, kind="returned", reversed_on=MARCH, **SAID)
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (18097, 11000)
    assert asked(scenario.account) == balance_of(scenario.account.pk).total == 29097
    by_hand(scenario.account, 29097)
    assert (asked(scenario.account), credit_of(scenario.account)) == (0, 0)


def test_used_credit_that_is_taken_back_can_be_written_off(scenario: BillingScenario) -> None:
    """The same, and the client is gone: both statements are written off, and nothing is left."""
    scenario.run(LAUNCH)
    payment = by_hand(scenario.account, 25000)
    scenario.run(MARCH)
    payment_reverse(payment, kind="returned", reversed_on=MARCH, **SAID)
    for statement in statements():
        statement_write_off(statement, written_on=MARCH, **SAID)
    assert sorted(WriteOff.objects.values_list("cents", flat=True)) == [4097, 6903, 18097]
    assert (asked(scenario.account), balance_of(scenario.account.pk).total) == (0, 0)


def test_a_rest_under_the_card_minimum_waits_and_can_be_written_off(scenario: BillingScenario) -> None:
    """0.30 a month is too small to be collected by card, so it waits, and may be written off."""
    Account.objects.filter(pk=scenario.account.pk).update(collection_method="card")
    scenario.price(scenario.parent, 30, date(2018, 12, 1))
    scenario.run(LAUNCH)  # 0.30 × 20 ÷ 31 = 0.19, and 0.30
    [only] = statements()
    assert (only.total_cents, only.amount_due_cents, only.carried_forward_cents) == (49, 0, 49)
    assert (asked(scenario.account), balance_of(scenario.account.pk).waiting) == (0, 49)
    rest_write_off(scenario.account, written_on=MARCH, **SAID)
    assert balance_of(scenario.account.pk).total == 0
    assert asked(scenario.account) == 0
    with pytest.raises(Refused, match="No rest"):
        rest_write_off(scenario.account, written_on=MARCH, **SAID)


def test_postgresql_refuses_more_on_a_statement_than_it_asks_for(scenario: BillingScenario) -> None:
    """What is paid over it is credit, never an allocation."""
    scenario.run(LAUNCH)
    [statement] = statements()
    by_hand(scenario.account, 20000)
    with pytest.raises(DatabaseError, match="more than it asks for"), transaction.atomic():
        WriteOff.objects.create(statement=statement, cents=1, written_on=MARCH, reason="x", by="x")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
