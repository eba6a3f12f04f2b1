"""Verb: what banks say of payments that their customers question."""

from datetime import date

from pos_billing.collection.cards.controls import collection_pause
from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Dispute, Payment, ReversalKind
from pos_billing.collection.money.payments import payment_reverse
from pos_billing.collection.money.refunds import refundable_cents
from pos_billing.collection.stripe.values import SeenDispute
from pos_billing.facts.history import recorded
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind

CLOSED = frozenset({"won", "lost", "warning_closed", "prevented"})


def dispute_seen(payment: Payment, seen: SeenDispute, *, on: date, by: str) -> Dispute:
    """Note a dispute of a payment. Safe to repeat, in any order: a closed one is never opened again.

    A lost one takes the payment back, as far as it was disputed; its statement asks for the money again, but no card
    is charged for it before staff lets the collection go on.
    """
    with recorded("dispute_seen", by=by, why=f"Stripe says {seen.id} is {seen.status}"):
        lock_money(payment.account_id, disputes=payment.disputes.values_list("pk", flat=True))
        dispute, opened = Dispute.objects.get_or_create(
            dispute_id=seen.id,
            defaults={
                "payment": payment,
                "cents": seen.cents,
                "reason": seen.reason,
                "status": seen.status,
                "opened_on": on,
            },
        )
        if opened:
            notice_make(
                NoticeKind.DISPUTED,
                account=payment.account,
                made_on=on,
                key=f"disputed:{seen.id}",
                about={"cents": seen.cents, "reason": seen.reason},
            )
        if dispute.closed_on is not None:
            return dispute
        dispute.status, dispute.cents, dispute.reason = seen.status, seen.cents, seen.reason
        if seen.status in CLOSED:
            dispute.closed_on = on
        dispute.save(update_fields=["status", "cents", "reason", "closed_on"])
        if seen.status == "lost":
            _lost(dispute, on, by)
    return dispute


def _lost(dispute: Dispute, on: date, by: str) -> None:
    payment = dispute.payment
    why = f"Dispute lost: {dispute.reason or 'no reason given'}"
    cents = min(dispute.cents, refundable_cents(payment))
    statements = {a.statement for a in payment.allocations.select_related("statement") if a.statement}
    if cents > 0:
        payment_reverse(
            payment, kind=ReversalKind.DISPUTE_LOST, reversed_on=on, cents=cents, dispute=dispute, by=by, why=why
        )
    for statement in sorted(statements, key=lambda s: s.pk):
        collection_pause(statement, by=by, why=why)
