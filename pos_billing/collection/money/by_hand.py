"""Verb: a payment that somebody enters, with the questions a person should be asked before it counts."""

from collections.abc import Sequence
from datetime import date

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Payment
from pos_billing.collection.money.leftovers import gets_further_statements
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.queries import standings
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement
from pos_billing.statements.owed import balance_of
from pos_billing.wording import day, money


class AskOnce(Refused):
    """Right or wrong, a person has to say: asked once, with what would happen. ``answer`` is what confirms it."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__("confirmed", " ".join(questions), code="confirm_once_more")
        self.answer = " ".join(questions)


def payment_enter(
    account: Account,
    *,
    cents: int,
    received_on: date,
    kind: str,
    today: date,
    reference: str = "",
    statement: Statement | None = None,
    confirmed: str = "",
    by: str,
    why: str,
) -> Payment:
    """Record a payment that came by hand, for ``statement`` first. ``today`` is the Seller's day.

    Raises ``Refused`` for a day after ``today`` and for a statement that asks for nothing, and ``AskOnce`` when the
    reference was recorded for the Account before, or when more is paid than it owes: ``confirmed`` is the answer to
    that very question.
    """
    if received_on > today:
        raise Refused(
            "received_on",
            f"Today is {day(today)}: say a day on which the money had come.",
            code="received_in_the_future",
        )
    with recorded("payment_enter", by=by, why=why):
        lock_money(account.pk)
        if statement is not None:
            standing = standings([statement.pk])[statement.pk]
            if standing.outstanding <= 0 and standing.written_off <= 0:
                raise Refused(
                    "statement",
                    f"Statement {statement.number} asks for nothing any more. Record other money on the page of the "
                    "client's payments.",
                    code="statement_asks_for_nothing",
                )
        questions = [*_seen_before(account, reference.strip()), *_too_much(account, statement, cents)]
        if questions and confirmed != " ".join(questions):
            raise AskOnce(questions)
        return payment_record(
            account, cents=cents, received_on=received_on, kind=kind, reference=reference,
            statements=[statement] if statement else [], by=by, why=why,
        )  # fmt: skip


def _seen_before(account: Account, reference: str) -> list[str]:
    if not reference:
        return []
    before = Payment.objects.filter(account=account, reference__iexact=reference).order_by("pk")
    said = ", ".join(f"{money(p.cents)} on {day(p.received_on)}" for p in before)
    return [f"The reference {reference} was recorded for {account} before: {said}."] if said else []


def _too_much(account: Account, statement: Statement | None, cents: int) -> list[str]:
    """What happens to the part of a payment that nothing is owed for."""
    owed = max(0, balance_of(account.pk).total)
    if statement is not None:
        owed += standings([statement.pk])[statement.pk].written_off  # paid after all, it is no longer written off
    if cents <= owed:
        return []
    if gets_further_statements(account):
        then = "becomes credit, which the next statement uses"
    else:
        then = "becomes credit that no statement will use, and is listed on the Collection page to be given back"
    return [f"{account} owes {money(owed)}: {money(cents - owed)} more was paid, and {then}."]
