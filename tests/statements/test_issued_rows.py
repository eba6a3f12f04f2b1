"""What is issued stays as it is, whichever way somebody comes; what does not add up is not issued."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pos_billing.statements.models import AccountCredit, BillingRun, Statement, StatementLine

ROWS = "pos_billing_statement", "pos_billing_statementline", "pos_billing_billingrun", "pos_billing_accountcredit"


@pytest.fixture
def issued(scenario) -> Statement:
    scenario.assign(scenario.instance(domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    scenario.run(date(2019, 2, 1))
    AccountCredit.objects.create(account=scenario.account, cents=5, reason="goodwill", by="tests")
    connection.check_constraints()  # nothing waits for the end of the transaction, as after a commit
    return Statement.objects.get()


def refused(change) -> str:
    """Run a change in a savepoint and return why PostgreSQL refuses it."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        change()
        connection.check_constraints()
    return str(refusal.value)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_orm_cannot_change_or_delete(issued):
    line = issued.lines.first()
    for row, name in ((issued, "total_cents"), (line, "explanation"), (BillingRun.objects.get(), "total_cents")):
        setattr(row, name, 1)
        refused(row.save)
        refused(row.delete)
    for model in (Statement, StatementLine, BillingRun, AccountCredit):
        refused(lambda model=model: model.objects.all()._raw_delete("default"))
    refused(lambda: Statement.objects.update(amount_due_cents=0))
    refused(lambda: StatementLine.objects.update(subject_name="somebody else"))
    refused(lambda: AccountCredit.objects.update(cents=6))
    assert Statement.objects.get().total_cents == 18097


@pytest.mark.parametrize("table", ROWS)
def test_raw_sql_cannot_change_delete_or_empty(issued, table):
    assert "Cannot update or delete" in refused(lambda: execute(f"UPDATE {table} SET id = id"))
    assert "Cannot update or delete" in refused(lambda: execute(f"DELETE FROM {table}"))
    assert "never emptied" in refused(lambda: execute(f"TRUNCATE {table} CASCADE"))


def test_lines_cannot_be_added_to_an_issued_statement(issued):
    line = issued.lines.first()
    line.pk = None
    line._state.adding = True
    assert "is issued" in refused(line.save)
    assert "is issued" in refused(
        lambda: execute(
            "INSERT INTO pos_billing_statementline (statement_id, kind, month, subject_name, plan_id, plan_name, "
            "fee_id, fee_name, days, days_in_month, due_cents, billed_cents, amount_cents, corrects, explanation) "
            f"VALUES ({issued.pk}, 'charge', '2019-01-01', '', 1, '', 1, '', 1, 31, 5, 0, 5, '[]', '{{}}')"
        )
    )


def copied(issued: Statement, **values) -> Statement:
    """The statement once more, under another number."""
    fields = {f.attname: getattr(issued, f.attname) for f in Statement._meta.concrete_fields if f.name != "id"}
    return Statement(**{**fields, "number": "X-1", "sequence": 99} | values)


def test_wrong_sums_are_refused(issued):
    assert "sum of its lines" in refused(lambda: copied(issued).save(force_insert=True))
    nothing = {
        "total_cents": 0, "line_count": 0, "brought_forward_cents": 0, "amount_due_cents": 0,
        "carried_forward_cents": 0,
    }  # fmt: skip
    assert "statement_has_lines" in refused(lambda: copied(issued, **nothing).save(force_insert=True))
    assert "statement_adds_up" in refused(lambda: copied(issued, amount_due_cents=1).save(force_insert=True))
    line = issued.lines.first()
    line.pk, line._state.adding, line.statement_id, line.amount_cents = None, True, issued.pk + 1000, 1
    assert "line_adds_up" in refused(line.save)


def test_numbers_are_used_once(issued):
    assert "unique" in refused(lambda: copied(issued, sequence=issued.sequence).save(force_insert=True))
