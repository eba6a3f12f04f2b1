"""Payments by hand, credit notes, refunds, write-offs: what is asked for, and a ledger that always sums up."""

import random
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from pos_billing.collection.models import Allocation, CreditNote, Payment, Refund, WriteOff
from pos_billing.collection.money.credit_notes import credit_note_issue, creditable_cents, creditable_lines
from pos_billing.collection.money.ledger import EntryKind, check_ledger, ledger
from pos_billing.collection.money.payments import payment_record, payment_reverse
from pos_billing.collection.money.queries import credit_of, open_statements, outstanding_of, standings
from pos_billing.collection.money.refunds import payment_refund, refundable_cents
from pos_billing.collection.money.state import State, state_of
from pos_billing.collection.money.write_offs import statement_write_off
from pos_billing.facts.errors import Refused
from pos_billing.statements.models import AccountCredit, Statement
from tests.statements.billing_scenario import BillingScenario

SAID = {"by": "finance@example.com", "why": "test"}
DAY = date(2019, 2, 20)


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """Two statements of the platform: 180.97 due 15 February, 110.00 due 1 March."""
    made = BillingScenario(agency_one)
    instance = made.instance("shop", domain_on=date(2018, 12, 12))
    made.assign(instance, date(2019, 1, 20))
    made.run(date(2019, 2, 1))
    made.run(date(2019, 3, 1))
    return made


@pytest.fixture
def first(scenario) -> Statement:
    """The statement over 180.97."""
    return Statement.objects.order_by("sequence").first()


@pytest.fixture
def second(scenario, first) -> Statement:
    """The statement over 110.00."""
    return Statement.objects.order_by("sequence").last()


def by_hand(account, cents, **options) -> Payment:
    """A bank transfer."""
    return payment_record(account, **{"kind": "bank_transfer", "received_on": DAY, "cents": cents, **options}, **SAID)


def state(statement) -> State:
    """The state on 20 February."""
    return state_of(standings([statement.pk])[statement.pk], DAY)


def sums_up(account) -> int:
    """Deferred checks hold now, and both ways to the balance agree."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return check_ledger(account)


def test_a_part_payment_leaves_the_rest_to_be_paid(scenario, first, second):
    by_hand(scenario.account, 10000)
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (8097, 11000)
    assert state(first) is State.PAST_DUE
    assert sums_up(scenario.account) == 8097 + 11000


def test_a_payment_goes_to_the_oldest_statement_and_what_is_left_becomes_credit(scenario, first, second):
    by_hand(scenario.account, 30000)
    assert (state(first), state(second)) == (State.PAID, State.PAID)
    assert credit_of(scenario.account) == 30000 - 18097 - 11000
    assert sums_up(scenario.account) == -903


def test_a_payment_for_a_named_statement_goes_there_first(scenario, first, second):
    by_hand(scenario.account, 11000, statements=[second])
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (18097, 0)


def test_the_next_statement_uses_up_an_over_payment(scenario, first, second):
    by_hand(scenario.account, 18097 + 11000 + 4000)
    scenario.run(date(2019, 4, 1))
    april = Statement.objects.order_by("-sequence").first()
    assert (april.total_cents, april.brought_forward_cents, april.amount_due_cents) == (11000, -4000, 7000)
    assert sums_up(scenario.account) == 7000


def test_a_reversal_takes_credit_back_first_and_then_the_newest_statement(scenario, first, second):
    payment = by_hand(scenario.account, 30000)
    payment_reverse(payment, kind="returned", reversed_on=DAY, cents=2000, **SAID)
    assert credit_of(scenario.account) == 0
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (0, 2000 - 903)
    payment_reverse(payment, kind="returned", reversed_on=DAY, **SAID)
    assert (outstanding_of(first.pk), outstanding_of(second.pk)) == (18097, 11000)
    assert sums_up(scenario.account) == 18097 + 11000
    with pytest.raises(Refused, match="0 cents can be taken back"):
        payment_reverse(payment, kind="returned", reversed_on=DAY, **SAID)


@pytest.mark.parametrize(
    ("values", "field"), [({"cents": 0}, "cents"), ({"cents": -5}, "cents"), ({"kind": "beads"}, "kind")]
)
def test_what_is_no_payment_is_refused(scenario, values, field):
    with pytest.raises(Refused) as refused:
        by_hand(scenario.account, **{"cents": 100, **values})
    assert refused.value.field == field
    assert not Payment.objects.exists()


def test_a_credit_note_lowers_what_is_asked_for_and_the_rest_is_credit(scenario, first, second):
    by_hand(scenario.account, 10000)
    note = credit_note_issue(first, issued_on=DAY, cents=10000, **SAID)
    assert (note.number, note.sequence, note.applied_cents, note.credit.cents) == ("CN-2019-000001", 1, 8097, 1903)
    assert sum(line.cents for line in note.lines.all()) == 10000
    assert state(first) is State.PAID
    # 80.97 lower this statement; 19.03 are credit, which settles a part of the other open one at once
    assert (outstanding_of(second.pk), credit_of(scenario.account)) == (11000 - 1903, 0)
    assert sums_up(scenario.account) == 11000 - 1903


def test_a_credit_note_never_takes_back_more_than_a_line_or_a_statement(scenario, first):
    lines = creditable_lines(first)
    biggest = max(lines, key=lines.get)
    with pytest.raises(Refused, match="at most"):
        credit_note_issue(first, issued_on=DAY, lines={biggest: lines[biggest] + 1}, **SAID)
    credit_note_issue(first, issued_on=DAY, lines={biggest: lines[biggest]}, **SAID)
    assert biggest not in creditable_lines(first)
    credit_note_issue(first, issued_on=DAY, **SAID)
    assert (creditable_cents(first), state(first)) == (0, State.CREDITED)
    with pytest.raises(Refused, match="0 cents can be credited"):
        credit_note_issue(first, issued_on=DAY, **SAID)
    assert [note.sequence for note in CreditNote.objects.order_by("sequence")] == [1, 2]
    assert sums_up(scenario.account) == 11000


def test_numbers_of_credit_notes_have_no_gaps_when_one_is_rolled_back(scenario, first):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        credit_note_issue(first, issued_on=DAY, cents=100, **SAID)
        _ = 1 / 0
    assert credit_note_issue(first, issued_on=DAY, cents=100, **SAID).sequence == 1


def test_a_refund_by_hand_is_a_credit_note_and_leaves_the_statement_settled(scenario, first):
    payment = by_hand(scenario.account, 18097, statements=[first])
    refund = payment_refund(payment, statement=first, refunded_on=DAY, cents=5000, **SAID)
    assert (refund.status, refund.credit_note.cents, refund.credit_note.applied_cents) == ("succeeded", 5000, 0)
    assert (state(first), credit_of(scenario.account), refundable_cents(payment)) == (State.PAID, 0, 13097)
    payment_refund(payment, statement=first, refunded_on=DAY, **SAID)
    assert state(first) is State.REFUNDED
    assert sum(each.cents for each in payment.refunds.all()) == payment.cents
    assert sums_up(scenario.account) == 11000
    with pytest.raises(Refused):
        payment_refund(payment, statement=first, refunded_on=DAY, cents=1, **SAID)


def test_an_over_payment_is_given_back_without_a_credit_note(scenario, first, second):
    payment = by_hand(scenario.account, 30000)
    with pytest.raises(Refused, match="903 cents of credit"):
        payment_refund(payment, statement=None, refunded_on=DAY, cents=904, **SAID)
    refund = payment_refund(payment, statement=None, refunded_on=DAY, **SAID)
    assert (refund.cents, refund.credit_note, credit_of(scenario.account)) == (903, None, 0)
    assert sums_up(scenario.account) == 0


def test_a_write_off_asks_no_longer_and_a_late_payment_takes_it_back(scenario, first):
    statement_write_off(first, written_on=DAY, **SAID)
    assert state(first) is State.UNCOLLECTIBLE
    with pytest.raises(Refused, match="asks for nothing"):
        statement_write_off(first, written_on=DAY, **SAID)
    by_hand(scenario.account, 18097, statements=[first])
    assert state(first) is State.PAID
    assert sum(w.cents for w in WriteOff.objects.all()) == 0
    assert sums_up(scenario.account) == 11000


def test_ledger_sums_up_whatever_happens(scenario, first, second):
    for seed in range(12):
        _random_month(random.Random(seed), scenario, seed)
    entries = ledger(scenario.account)
    assert entries[-1].balance == sums_up(scenario.account)
    assert len({entry.kind for entry in entries}) >= 6
    known = standings(Statement.objects.values_list("pk", flat=True))
    assert all(standing.outstanding >= 0 for standing in known.values())


def _random_month(chance: random.Random, scenario: BillingScenario, seed: int) -> None:
    """Some things that staff do; refusals are part of it."""
    scenario.run(date(2019 + (3 + seed) // 12, (3 + seed) % 12 + 1, 1))
    for _ in range(6):
        statements = list(Statement.objects.all())
        payments = list(Payment.objects.all())
        statement, amount = chance.choice(statements), chance.randrange(1, 15000)
        actions = [
            lambda s=statement, a=amount: by_hand(
                scenario.account, a, statements=chance.sample([s], chance.randrange(2))
            ),
            lambda s=statement, a=amount: credit_note_issue(s, issued_on=DAY, cents=a, **SAID),
            lambda s=statement: statement_write_off(s, written_on=DAY, **SAID),
        ]
        if payments:
            payment = chance.choice(payments)
            actions += [
                lambda p=payment, a=amount: payment_reverse(p, kind="returned", reversed_on=DAY, cents=a, **SAID),
                lambda p=payment, s=statement, a=amount: payment_refund(
                    p, statement=s, refunded_on=DAY, cents=a, **SAID
                ),
            ]
        try:
            with transaction.atomic():
                chance.choice(actions)()
        except Refused:
            continue
        sums_up(scenario.account)


def test_goodwill_that_somebody_else_credited_is_in_the_ledger(scenario):
    AccountCredit.objects.create(account=scenario.account, cents=500, reason="Goodwill", by="staff")
    assert EntryKind.CREDIT in {entry.kind for entry in ledger(scenario.account)}
    assert sums_up(scenario.account) == 18097 + 11000 - 500


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pos_billing_payment SET cents = 1",
        "DELETE FROM pos_billing_payment",
        "TRUNCATE pos_billing_payment CASCADE",
        "UPDATE pos_billing_allocation SET cents = 1",
        "DELETE FROM pos_billing_allocation",
        "UPDATE pos_billing_creditnote SET reason = 'x'",
        "DELETE FROM pos_billing_creditnoteline",
        "UPDATE pos_billing_refund SET cents = 1",
        "DELETE FROM pos_billing_refund",
        "UPDATE pos_billing_writeoff SET cents = 1",
        "DELETE FROM pos_billing_reversal",
    ],
)
def test_money_cannot_be_changed_by_raw_sql(scenario, first, second, statement):
    payment = by_hand(scenario.account, 18097)
    payment_refund(payment, statement=first, refunded_on=DAY, cents=100, **SAID)
    payment_reverse(payment, kind="returned", reversed_on=DAY, cents=50, **SAID)
    statement_write_off(second, written_on=DAY, **SAID)
    sums_up(scenario.account)
    refused = "Cannot update|never emptied|written_once|Cannot delete"
    with pytest.raises(DatabaseError, match=refused), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_allocations_that_do_not_sum_up_are_refused(scenario, first):
    with pytest.raises(IntegrityError, match="not the sum of its parts"), transaction.atomic():
        payment = Payment.objects.create(account=scenario.account, kind="cash", cents=100, received_on=DAY, by="x")
        Allocation.objects.create(payment=payment, statement=first, cents=99)
        sums_up_raw()
    payment = by_hand(scenario.account, 100)
    with pytest.raises(IntegrityError, match="not the sum of its parts"), transaction.atomic():
        Allocation.objects.create(payment=payment, statement=first, cents=1)
        sums_up_raw()


def sums_up_raw() -> None:
    """Let PostgreSQL check now what it would check at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_list_of_statements_costs_one_query(scenario, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(open_statements(scenario.account))
    assert Refund.objects.count() == 0
