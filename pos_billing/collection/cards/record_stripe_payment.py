"""Money that Stripe took for an invoice becomes payments of ours: once, whoever tells us, in whatever order.

Any invoice that bears our metadata is money of its statement, whatever its id: people revise and copy invoices in
Stripe's dashboard. Where Stripe holds an invoice as paid and the statement still asks for money, staff reads why.
"""

from datetime import date

from django.db.models import Sum

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Card, Collection, Payment, PaymentKind
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.queries import outstanding_of
from pos_billing.collection.stripe.values import SeenInvoice
from pos_billing.facts.history import recorded
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind
from pos_billing.wording import money, signed_money


def invoice_paid(collection: Collection, seen: SeenInvoice, *, on: date, by: str, card: str = "") -> Payment | None:
    """Record what was paid of an invoice, read with its payments; the last payment of it, ``None`` for none.

    Safe to repeat: one payment for each of Stripe's, and one for what was paid elsewhere and only marked at Stripe.
    """
    if seen.status != "paid" and seen.amount_paid <= 0:
        return None
    with recorded("invoice_paid", by=by, why=f"Stripe says {money(seen.amount_paid)} of invoice {seen.id} are paid"):
        lock_money(collection.statement.account_id, statements=[collection.statement_id], collections=[collection.pk])
        collection = Collection.objects.select_related("statement__account").get(pk=collection.pk)
        before = (collection.invoice_id, collection.invoice_status)
        ours = collection.invoice_id in {"", seen.id}
        if ours:
            _note(collection, seen)
        known, new = _recorded(collection, seen, on, by, card)
        if ours and seen.status == "paid" and (new or before != (seen.id, "paid")):
            _say_what_is_missing(collection, seen)
        return known


def _note(collection: Collection, seen: SeenInvoice) -> None:
    """Keep how our own invoice stands."""
    collection.invoice_id, collection.invoice_status = seen.id, seen.status
    if seen.status == "paid":
        collection.action_required, collection.hard_declined, collection.next_attempt_on = False, False, None
        collection.decline_code = collection.decline_message = ""
    else:
        collection.invoice_cents = seen.amount_remaining
    collection.save()


def _recorded(collection: Collection, seen: SeenInvoice, on: date, by: str, card: str) -> tuple[Payment | None, bool]:
    """Record what is not known yet; the last payment of the invoice, and whether anything was new."""
    last, new, by_card = None, False, 0
    for part in seen.payments:
        if part.status != "paid" or not part.payment_intent_id or part.cents <= 0:
            continue
        by_card += part.cents
        last = Payment.objects.filter(payment_intent_id=part.payment_intent_id).first()
        if last is None:
            named = card or _card_that_paid(collection)
            last, new = _payment(collection, seen, part.cents, part.payment_intent_id, on, by, named), True
    elsewhere = Payment.objects.filter(
        account=collection.statement.account, kind=PaymentKind.OTHER, payment_intent_id="", reference=seen.id
    )
    marked = seen.amount_paid - by_card - int(elsewhere.aggregate(cents=Sum("cents"))["cents"] or 0)
    if marked > 0:
        last, new = _payment(collection, seen, marked, "", on, by, ""), True
    return last or elsewhere.first(), new


def _payment(
    collection: Collection, seen: SeenInvoice, cents: int, intent: str, on: date, by: str, card: str
) -> Payment:
    statement = collection.statement
    payment = payment_record(
        statement.account,
        cents=cents,
        received_on=on,
        kind=PaymentKind.CARD if intent else PaymentKind.OTHER,
        reference=seen.id,
        statements=[statement],
        card=card,
        payment_intent_id=intent,
        stripe_account=collection.stripe_account,
        by=by,
        why=f"Stripe invoice {seen.id} was paid" if intent else f"Marked as paid out of band at Stripe: {seen.id}",
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


def _say_what_is_missing(collection: Collection, seen: SeenInvoice) -> None:
    """Tell staff why a statement asks for money although Stripe holds its invoice as paid."""
    left = outstanding_of(collection.statement_id)
    if left <= 0:
        return
    said = [
        f"Stripe holds invoice {seen.id} as paid with {money(seen.amount_paid)}; the statement asks for "
        f"{money(left)} more."
    ]
    if seen.starting_balance:
        said.append(f"The client's balance at Stripe was {signed_money(seen.starting_balance)}.")
    if seen.credited_before:
        said.append(f"Credit notes of {money(seen.credited_before)} were made on it at Stripe.")
    said.append("Credit the same here, or try again to charge the card for the rest.")
    Collection.objects.filter(pk=collection.pk).update(blocked_because=" ".join(said)[:500])


def _card_that_paid(collection: Collection) -> str:
    """The card of the last try, as people know it; the default one when the invoice was paid on Stripe's page."""
    last = collection.attempts.order_by("-number").first()
    if last is not None:
        return last.card
    card = Card.objects.filter(account=collection.statement.account, is_default=True).first()
    return str(card) if card else ""
