"""Everything that is to be collected, closed or given back on a day. `manage.py collect` and the jobs do this."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q

from pos_billing.collection.cards.close_invoices import UNPAID
from pos_billing.collection.cards.collect import collect_statement
from pos_billing.collection.models import AttemptOutcome, Collection
from pos_billing.collection.money.queries import open_statements, with_standing
from pos_billing.collection.money.refunds import refund_send, refunds_to_send
from pos_billing.collection.reminders import notices_of_missing_cards, notices_past_due
from pos_billing.collection.stripe.values import StripeRefused, StripeUnreachable
from pos_billing.notices.commands import notice_send, notices_unsent
from pos_billing.plans.models import CollectionMethod
from pos_billing.statements.models import Statement

Progress = Callable[[str], None]


def quiet(message: str) -> None:
    """Progress that nobody watches."""


@dataclass
class Collected:
    """What came of a day's collection."""

    results: Counter[str] = field(default_factory=Counter)
    unreachable: list[str] = field(default_factory=list)
    refunds: int = 0
    notices: int = 0
    sent: int = 0


def statements_to_collect(as_of: date) -> list[int]:
    """The statements of the current Seller that something is to be done about, in order of number.

    Due and not collected by card yet; due for a retry; begun and not ended; with a Stripe invoice that asks for
    another amount than the statement does.
    """
    ready = Q(collection=None) | Q(collection__next_attempt_on__lte=as_of, collection__paused_why="")
    due = (
        open_statements()
        .filter(
            ready,
            due_on__lte=as_of,
            account__collection_method=CollectionMethod.CARD,
        )
        .filter(Q(collection=None) | Q(collection__blocked_because=""))
    )
    begun = Collection.objects.filter(attempts__outcome=AttemptOutcome.UNKNOWN).values_list("statement_id", flat=True)
    stale = with_standing(Statement.objects.filter(collection__invoice_status__in=UNPAID)).filter(
        Q(outstanding__lte=0) | (Q(collection__lines_added=True) & ~Q(outstanding=F("collection__invoice_cents")))
    )
    wanted = {*due.values_list("pk", flat=True), *begun, *stale.values_list("pk", flat=True)}
    return sorted(wanted)


def collect_seller(*, as_of: date, by: str, progress: Progress = quiet, send: bool = True) -> Collected:
    """Collect, close and give back what the current Seller has to on ``as_of``, and tell who must be told.

    A statement for which Stripe cannot be reached does not keep the others from being collected.
    """
    done = Collected()
    wanted = statements_to_collect(as_of)
    for position, statement_id in enumerate(wanted, start=1):
        try:
            result = collect_statement(statement_id, as_of=as_of, by=by)
        except StripeUnreachable as error:
            done.unreachable.append(f"statement {statement_id}: {error}")
            progress(f"{position}/{len(wanted)} statement {statement_id}: Stripe could not be reached")
            continue
        done.results[result] += 1
        progress(f"{position}/{len(wanted)} statement {statement_id}: {result}")
    for refund in refunds_to_send():
        try:
            refund_send(refund, by=by)
            done.refunds += 1
        except (StripeUnreachable, StripeRefused) as error:
            done.unreachable.append(f"refund {refund}: {error}")
    done.notices = notices_of_missing_cards(as_of=as_of) + notices_past_due(as_of=as_of)
    if send:
        for notice in notices_unsent():
            try:
                done.sent += notice_send(notice)
            except Exception as error:  # noqa: BLE001  (said in the report; `notice_send` has logged its kind)
                done.unreachable.append(f"notice {notice}: {error}")
    return done
