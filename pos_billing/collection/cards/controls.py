"""Verbs of staff over the collection of a statement: try now, pause, go on."""

from datetime import date

from pos_billing.collection.cards.close_invoices import begin_again
from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Collection
from pos_billing.collection.money.queries import outstanding_of
from pos_billing.collection.signals import collection_wanted
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.statements.models import Statement


def _collection_of(statement: Statement) -> Collection:
    """The statement's collection, locked and as it stands now."""
    lock_money(statement.account_id)
    collection, _ = Collection.objects.get_or_create(
        statement=statement, defaults={"next_attempt_on": statement.due_on}
    )
    lock_money(statement.account_id, collections=[collection.pk])
    collection.refresh_from_db()
    return collection


def collection_retry(statement: Statement, *, as_of: date, by: str, why: str) -> None:
    """Let the next collection charge the card on ``as_of``, whatever the schedule of retries or the bank said.

    Clears trouble that staff has looked at; an invoice that Stripe holds as void or uncollectible is left behind for
    another one. Raises ``Refused`` when nothing is asked for, or while the collection is paused.
    """
    with recorded("collection_retry", by=by, why=why):
        collection = _collection_of(statement)
        if outstanding_of(statement.pk) <= 0:
            raise Refused(
                "statement",
                f"Statement {statement.number} asks for nothing any more.",
                code="statement_asks_for_nothing",
            )
        if collection.paused_why:
            raise Refused(
                "statement",
                f"The collection is paused ({collection.paused_why}). Let it go on first.",
                code="collection_paused",
            )
        if collection.invoice_status in {"void", "uncollectible", "paid"} or collection.blocked_because:
            begin_again(collection)
        Collection.objects.filter(pk=collection.pk).update(
            next_attempt_on=as_of, hard_declined=False, blocked_because=""
        )
        collection_wanted.send(sender=Collection, statement_ids=[statement.pk])


def collection_pause(statement: Statement, *, by: str, why: str) -> None:
    """Do not charge the card for this statement until somebody lets it go on. ``why`` is shown beside it."""
    with recorded("collection_pause", by=by, why=why):
        Collection.objects.filter(pk=_collection_of(statement).pk).update(paused_why=why[:500])


def collection_resume(statement: Statement, *, as_of: date, by: str, why: str) -> None:
    """Go on with a paused collection, on ``as_of`` at the earliest. Raises ``Refused`` when it is not paused."""
    with recorded("collection_resume", by=by, why=why):
        collection = _collection_of(statement)
        if not collection.paused_why:
            raise Refused(
                "statement",
                f"The collection of statement {statement.number} is not paused.",
                code="collection_not_paused",
            )
        Collection.objects.filter(pk=collection.pk).update(
            paused_why="", next_attempt_on=max(as_of, collection.next_attempt_on or as_of)
        )
        collection_wanted.send(sender=Collection, statement_ids=[statement.pk])
