"""Verb: no longer asking for money."""

from datetime import date

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import WriteOff
from pos_billing.collection.money.queries import standings
from pos_billing.collection.signals import money_moved
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.statements.models import Statement


def statement_write_off(statement: Statement, *, written_on: date, by: str, why: str) -> WriteOff:
    """Ask no longer for what a statement still asks for: it is uncollectible. ``why`` is kept with it.

    Its open Stripe invoice is closed by the next collection. Raises ``Refused`` when nothing is asked for.
    """
    with recorded("statement_write_off", by=by, why=why):
        lock_money(statement.account_id, statements=[statement.pk])
        cents = standings([statement.pk])[statement.pk].outstanding
        if cents <= 0:
            raise Refused(
                "statement",
                f"Statement {statement.number} asks for nothing any more.",
                code="statement_asks_for_nothing",
            )
        written = WriteOff.objects.create(
            statement=statement, cents=cents, written_on=written_on, reason=why[:500], by=by
        )
        money_moved.send(sender=WriteOff, account=statement.account, statement_ids=[statement.pk], on=written_on)
    return written
