"""Verbs: no longer asking for money."""

from datetime import date

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import WriteOff
from pos_billing.collection.money.queries import standings
from pos_billing.collection.signals import money_moved
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Account
from pos_billing.statements.models import AccountCredit, Statement
from pos_billing.statements.owed import balance_of


def statement_write_off(statement: Statement, *, written_on: date, by: str, why: str) -> list[WriteOff]:
    """Ask no longer for what a statement asks for: it is uncollectible. ``why`` is kept with it.

    Its open Stripe invoice is closed by the next collection. Raises ``Refused`` when nothing is asked for.
    """
    with recorded("statement_write_off", by=by, why=why):
        account = lock_money(statement.account_id, statements=[statement.pk])
        standing = standings([statement.pk])[statement.pk]
        if standing.outstanding <= 0:
            raise Refused(
                "statement",
                f"Statement {statement.number} asks for nothing any more.",
                code="statement_asks_for_nothing",
            )
        of_statement = min(standing.open, standing.outstanding)
        written = []
        if of_statement > 0:
            values = {"cents": of_statement, "written_on": written_on, "reason": why[:500], "by": by}
            written.append(WriteOff.objects.create(statement=statement, **values))
        if standing.outstanding > of_statement:  # credit the statement had used, and that was taken back
            written.append(_as_credit(account, standing.outstanding - of_statement, written_on, by, why))
        money_moved.send(sender=WriteOff, account=account, statement_ids=[statement.pk], on=written_on)
    return written


def rest_write_off(account: Account, *, written_on: date, by: str, why: str) -> WriteOff:
    """Ask no longer for a rest that was too small to be collected and waits for a statement that will not come.

    Raises ``Refused`` when no rest waits.
    """
    with recorded("rest_write_off", by=by, why=why):
        account = lock_money(account.pk)
        cents = balance_of(account.pk).waiting
        if cents <= 0:
            raise Refused("account", f"No rest of {account} waits for a statement.", code="no_rest_waits")
        written = _as_credit(account, cents, written_on, by, why)
        money_moved.send(sender=WriteOff, account=account, statement_ids=[], on=written_on)
    return written


def _as_credit(account: Account, cents: int, written_on: date, by: str, why: str) -> WriteOff:
    credit = AccountCredit.objects.create(account=account, cents=cents, by=by, reason="Written off")
    return WriteOff.objects.create(credit=credit, cents=cents, written_on=written_on, reason=why[:500], by=by)
