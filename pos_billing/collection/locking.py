"""Who may work on money at this moment, and in which order rows are locked.

The order, for the whole package. Rows are locked by ``lock_money`` alone, which keeps it:

    0. a webhook's turn: its Stripe customer, then the object the event is about (``one_at_a_time``)
    1. the Account: whoever holds it may change all money of that Account, and none of another
    2. its Statements, by id
    3. Collections, by id
    4. Cards, Refunds and Disputes, by id
    5. the counter of credit notes, last, because all Accounts share it

Each lock names its own table (``of``), so a join never locks what it only reads. Locks are ``FOR NO KEY UPDATE``: rows
that merely refer to an Account or a statement, such as those of a billing run, do not wait for them.

Talking to Stripe takes longer than a transaction should: whoever collects a statement holds an advisory lock of its
session instead, taken before any of the above, and a process that dies lets go of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import models

from pos_billing.collection.models import Card, Collection, CreditNoteCounter, Dispute, Refund
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import current_schema
from pos_billing.statements.models import Statement
from pos_billing.work.locks import LockSpace, held_by_session, wait_for


def lock_money(
    account_id: int,
    *,
    statements: Iterable[int] = (),
    collections: Iterable[int] = (),
    cards: Iterable[int] = (),
    refunds: Iterable[int] = (),
    disputes: Iterable[int] = (),
) -> Account:
    """Lock an Account and rows of it (their ids) to the end of the transaction, in the order of this file.

    Returns the Account as it stands now. Rows that were read before are to be read again: they may have changed.
    """
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account_id)
    _lock(Statement, statements)
    _lock(Collection, collections)
    _lock(Card, cards)
    _lock(Refund, refunds)
    _lock(Dispute, disputes)
    return account


def lock_credit_note_counter() -> CreditNoteCounter:
    """Lock the number of the next credit note: the last lock a transaction takes."""
    return CreditNoteCounter.objects.select_for_update(of=("self",), no_key=True).get(pk=1)


def _lock(model: type[models.Model], ids: Iterable[int]) -> None:
    wanted = list(ids)
    if wanted:
        rows = model._default_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted)
        list(rows.order_by("pk").values_list("pk", flat=True))


@contextmanager
def sole_collector(statement_id: int) -> Iterator[bool]:
    """Say whether we are the only one who collects the statement inside the block; never waits."""
    with held_by_session(LockSpace.COLLECTION, f"{current_schema()}:{statement_id}") as mine:
        yield mine


def one_at_a_time(name: str) -> None:
    """Wait until nobody else works on ``name`` (the id of a Stripe object), to the end of the transaction."""
    wait_for(LockSpace.STRIPE_OBJECT, name)
