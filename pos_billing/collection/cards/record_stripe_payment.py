"""A paid Stripe invoice becomes a payment of ours: once, whoever tells us, in whatever order."""

from datetime import date

from pos_billing.collection.models import Card, Collection, Payment, PaymentKind
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.stripe.values import SeenInvoice
from pos_billing.facts.history import recorded
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind


def invoice_paid(collection: Collection, seen: SeenInvoice, *, on: date, by: str, card: str = "") -> Payment | None:
    """Record the payment of an invoice that Stripe says is paid; ``None`` when nothing was paid by it.

    Safe to repeat: one payment for each of Stripe's. An invoice that was paid by other means than a card, in Stripe's
    dashboard, is recorded as paid by other means.
    """
    if seen.status != "paid":
        return None
    with recorded("invoice_paid", by=by, why=f"Stripe says invoice {seen.id} is paid"):
        collection = Collection.objects.select_for_update().select_related("statement__account").get(pk=collection.pk)
        if collection.invoice_id in {"", seen.id}:
            collection.invoice_id = seen.id
            collection.invoice_status, collection.action_required = "paid", False
            collection.next_attempt_on, collection.hard_declined = None, False
            collection.decline_code = collection.decline_message = ""
            collection.save()
        by_stripe = seen.paid_by
        reference = (by_stripe.payment_intent_id if by_stripe else "") or seen.id
        known = Payment.objects.filter(payment_intent_id=reference).first()
        if known is not None or seen.amount_paid <= 0:
            return known
        return _recorded(collection, seen, reference, on, by, card)


def _recorded(collection: Collection, seen: SeenInvoice, reference: str, on: date, by: str, card: str) -> Payment:
    statement = collection.statement
    by_card = reference != seen.id
    card = card or _card_that_paid(collection) if by_card else ""
    payment = payment_record(
        statement.account,
        cents=seen.amount_paid,
        received_on=on,
        kind=PaymentKind.CARD if by_card else PaymentKind.OTHER,
        reference=seen.id,
        statements=[statement],
        card=card,
        payment_intent_id=reference,
        stripe_account=collection.stripe_account,
        by=by,
        why=f"Stripe invoice {seen.id} was paid",
    )
    notice_make(
        NoticeKind.PAYMENT_RECEIVED,
        account=statement.account,
        statement=statement,
        made_on=on,
        key=f"payment_received:{payment.pk}",
        about={"number": statement.number, "cents": payment.cents, "card": card, "received_on": on},
    )
    return payment


def _card_that_paid(collection: Collection) -> str:
    """The card of the last try, as people know it; empty when the invoice was paid on Stripe's page."""
    last = collection.attempts.order_by("-number").first()
    if last is not None:
        return last.card
    card = Card.objects.filter(account=collection.statement.account, is_default=True).first()
    return str(card) if card else ""
