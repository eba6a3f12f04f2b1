"""Random lives of one Account: facts corrected, credit notes, payments, reversals, write-offs, and runs in between."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection

from pos_billing.collection.models import CreditNoteLine, Payment
from pos_billing.collection.money.credit_notes import credit_note_issue, creditable_cents
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_record, payment_reverse
from pos_billing.collection.money.queries import open_statements
from pos_billing.collection.money.refunds import payment_refund
from pos_billing.collection.money.write_offs import statement_write_off
from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.rating.months import next_month
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.statements.owed import balance_of
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import BillingScenario

SAID = {"by": "tests", "why": "random"}
STEPS, RUNS = 40, 9


class Life:
    """One Account, and everything that can happen to its money."""

    def __init__(self, scenario: BillingScenario, chance: random.Random) -> None:
        self.scenario, self.chance, self.today = scenario, chance, date(2019, 2, 1)

    def correct(self) -> None:
        """The Domain was added on another day than was said."""
        domain = self.chance.choice(list(Domain.objects.order_by("pk")))
        day = date(2019, self.chance.randint(1, 5), self.chance.randint(1, 28))
        domain_correct_day(domain, added_on=day, **SAID)

    def note(self) -> None:
        """A credit note of either kind."""
        statement = self.statement()
        most = creditable_cents(statement)
        if most:
            kind = self.chance.choice(("ahead", "goodwill"))
            credit_note_issue(
                statement, issued_on=self.today, cents=self.chance.randint(1, most), kind=kind, **SAID
            )  # fmt: skip

    def pay(self) -> None:
        """Money comes, for the oldest statements or a named one."""
        named = self.chance.choice(([], [self.statement()]))
        cents = self.chance.randint(1, 40000)
        payment_record(
            self.scenario.account, cents=cents, received_on=self.today, kind="cash", statements=named, **SAID
        )  # fmt: skip

    def take_back(self) -> None:
        """A payment is returned."""
        payment_reverse(self.payment(), kind="returned", reversed_on=self.today, **SAID)

    def give_back(self) -> None:
        """Credit, or a part of a statement, is given back."""
        statement = self.chance.choice((None, self.statement()))
        payment_refund(self.payment(), statement=statement, refunded_on=self.today, **SAID)

    def write_off(self) -> None:
        """A statement is uncollectible."""
        statement_write_off(self.statement(), written_on=self.today, **SAID)

    def statement(self) -> Statement:
        """Any."""
        return self.chance.choice(list(Statement.objects.order_by("pk")))

    def payment(self) -> Payment:
        """Any; refused when there is none."""
        found = list(Payment.objects.order_by("pk"))
        if not found:
            raise Refused("payment", "There is none.", code="none_there")
        return self.chance.choice(found)

    def run(self) -> None:
        """The next month's run; then every month is proven, and its keys are due."""
        self.today = next_month(self.today)
        before = balance_of(self.scenario.account.pk)
        self.scenario.run(self.today)
        newest = Statement.objects.filter(as_of=self.today).first()
        if newest is not None:
            assert newest.brought_forward_cents == before.brought_forward
        for month in range(1, self.today.month):
            assert prove("public", date(2019, month, 1)).differs == []

    def check(self) -> None:
        """The ledger sums up, asked for is the balance, and no note gave more than there was."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        balance = balance_of(self.scenario.account.pk)
        assert check_ledger(self.scenario.account) == balance.total
        asked = sum(row.outstanding for row in open_statements(self.scenario.account))
        assert asked == max(0, balance.total) - balance.waiting
        assert balance.waiting < 50 or asked == 0
        for subject, month in StatementLine.objects.order_by().values_list("instance_id", "month").distinct():
            lines = StatementLine.objects.filter(instance_id=subject, month=month)
            billed = sum(line.amount_cents for line in lines)
            given = sum(part.cents for part in CreditNoteLine.objects.filter(statement_line__in=lines))
            used = sum(line.credited_cents for line in lines)
            ahead = sum(
                part.cents
                for part in CreditNoteLine.objects.filter(statement_line__in=lines, credit_note__kind="ahead")
            )
            assert used <= ahead <= given
            assert billed - used >= 0
            assert billed - ahead >= 0  # nothing is given twice


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_account_is_asked_for_its_balance(agency_one, seed: int) -> None:
    chance = random.Random(seed)
    scenario = BillingScenario(agency_one)
    for name in ("shop", "other"):
        scenario.assign(scenario.instance(name, domain_on=date(2019, 1, chance.randint(1, 28))), date(2019, 1, 1))
    scenario.run(date(2019, 2, 1))
    life = Life(scenario, chance)
    acts = [life.correct, life.note, life.note, life.pay, life.take_back, life.give_back, life.write_off]
    for step in range(STEPS):
        act = life.run if step % (STEPS // RUNS) == 3 else chance.choice(acts)
        try:
            act()
        except Refused:
            continue
        life.check()
