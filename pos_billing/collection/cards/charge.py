"""The step that moves money: one try to charge the card, written down before and after."""

from datetime import date, timedelta

from pos_billing.collection.cards import dunning
from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import AttemptOutcome, Card, Collection, CollectionAttempt
from pos_billing.collection.signals import step_done
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import Declined, SeenInvoice, StripeKeySpent, StripeRefused
from pos_billing.conf import setting
from pos_billing.facts import clock
from pos_billing.facts.history import recorded
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind

KEYS_ARE_KEPT = timedelta(hours=23)
"""Stripe forgets idempotency keys after a day; an older try is not asked about by its key any more."""


def charge(collection: Collection, card: Card, *, as_of: date, by: str) -> str:
    """Try to charge ``card`` for the finalised invoice; returns the outcome ("paid", "declined", …)."""
    number = collection.attempts.count() + 1
    attempt = CollectionAttempt.objects.create(
        collection=collection,
        number=number,
        generation=collection.generation,
        card=str(card),
        payment_method_id=card.payment_method_id,
        begun_on=as_of,
    )
    step_done.send(sender=Collection, step="attempt", statement_id=collection.statement_id)
    return _ask(collection, attempt, as_of=as_of, by=by)


def resume_charge(collection: Collection, *, as_of: date, by: str) -> str | None:
    """End a try whose outcome is not known: the process died, or the answer was lost. ``None``: there is none.

    Stripe is asked how the invoice stands; if it is still open, the same call with the same key gives the answer that
    was lost, or makes the charge that was never made.
    """
    attempt = collection.attempts.filter(outcome=AttemptOutcome.UNKNOWN).order_by("number").first()
    if attempt is None:
        return None
    seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=collection.stripe_account)
    if seen.status == "paid":
        return _paid(collection, attempt, seen, as_of=as_of, by=by)
    known = clock.now() - attempt.begun_at < KEYS_ARE_KEPT
    if seen.status != "open" or attempt.generation != collection.generation or not known:
        _end(attempt, AttemptOutcome.FAILED, message=f"No answer; the invoice is {seen.status}")
        return None
    return _ask(collection, attempt, as_of=as_of, by=by)


def _ask(collection: Collection, attempt: CollectionAttempt, *, as_of: date, by: str) -> str:
    key = keys.pay_key(owner(), collection.statement.number, attempt.generation, attempt.number)
    try:
        answer = stripe_api.invoice_pay(
            collection.invoice_id, attempt.payment_method_id, key=key, stripe_account=collection.stripe_account
        )
    except StripeKeySpent as error:
        _end(attempt, AttemptOutcome.FAILED, message=str(error))
        raise
    except StripeRefused as refused:
        return _refused(collection, attempt, refused, as_of=as_of, by=by)
    if isinstance(answer, Declined):
        step_done.send(sender=Collection, step="declined", statement_id=collection.statement_id)
        return _declined(collection, attempt, answer, as_of=as_of, by=by)
    step_done.send(sender=Collection, step="charged", statement_id=collection.statement_id)
    return _paid(collection, attempt, answer, as_of=as_of, by=by)


def _paid(collection: Collection, attempt: CollectionAttempt, seen: SeenInvoice, *, as_of: date, by: str) -> str:
    with recorded("collection_paid", by=by, why=f"Stripe charged {attempt.card}"):
        lock_money(collection.statement.account_id, collections=[collection.pk])
        _end(attempt, AttemptOutcome.PAID)
        invoice_paid(collection, seen, on=as_of, by=by, card=attempt.card)
    step_done.send(sender=Collection, step="paid", statement_id=collection.statement_id)
    return AttemptOutcome.PAID.value


def _refused(
    collection: Collection, attempt: CollectionAttempt, refused: StripeRefused, *, as_of: date, by: str
) -> str:
    """Stripe would not even try: somebody paid or closed the invoice meanwhile, or the card is gone."""
    seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=collection.stripe_account)
    if seen.status == "paid":
        return _paid(collection, attempt, seen, as_of=as_of, by=by)
    if seen.status != "open":
        _end(attempt, AttemptOutcome.FAILED, message=str(refused))
        Collection.objects.filter(pk=collection.pk).update(
            invoice_status=seen.status, blocked_because=f"The invoice is {seen.status} at Stripe."
        )
        return "blocked"
    answer = Declined(code=refused.code, advice="confirm_card_data", message=str(refused))
    return _declined(collection, attempt, answer, as_of=as_of, by=by)


def _declined(collection: Collection, attempt: CollectionAttempt, answer: Declined, *, as_of: date, by: str) -> str:
    with recorded("collection_declined", by=by, why=f"{attempt.card}: {answer.message}"):
        lock_money(collection.statement.account_id, collections=[collection.pk])
        outcome = AttemptOutcome.ACTION_REQUIRED if answer.action_required else AttemptOutcome.DECLINED
        _end(attempt, outcome, code=answer.code, message=answer.message)
        collection = Collection.objects.select_related("statement__account").get(pk=collection.pk)
        if collection.invoice_status == "paid":  # a webhook was quicker, and the money is there
            return AttemptOutcome.PAID.value
        hard = not answer.action_required and dunning.is_hard(answer.code, answer.advice)
        collection.declines += 1
        collection.last_attempt_on = as_of
        collection.decline_code, collection.decline_message = answer.code, answer.message[:500]
        collection.hard_declined, collection.action_required = hard, answer.action_required
        collection.next_attempt_on = (
            None
            if hard
            else dunning.next_attempt(collection.statement.due_on, as_of, setting("RETRY_DAYS"), collection.declines)
        )
        collection.save()
        _tell(collection, attempt, answer, as_of)
    step_done.send(sender=Collection, step="decline_stored", statement_id=collection.statement_id)
    return outcome.value.replace("_", " ")


def _tell(collection: Collection, attempt: CollectionAttempt, answer: Declined, as_of: date) -> None:
    """Tell the Account what happened, and what it can do."""
    statement = collection.statement
    if answer.action_required:
        kind = NoticeKind.ACTION_REQUIRED
    else:
        kind = NoticeKind.PAYMENT_FAILED if collection.next_attempt_on else NoticeKind.PAYMENT_GIVEN_UP
    notice_make(
        kind,
        account=statement.account,
        statement=statement,
        made_on=as_of,
        key=f"{kind}:{statement.pk}:{attempt.number}",
        about={
            "number": statement.number,
            "cents": collection.invoice_cents,
            "card": attempt.card,
            "message": answer.message,
            "next_on": collection.next_attempt_on,
            "hosted_url": collection.hosted_invoice_url,
        },
    )


def _end(attempt: CollectionAttempt, outcome: AttemptOutcome, *, code: str = "", message: str = "") -> None:
    CollectionAttempt.objects.filter(pk=attempt.pk, outcome=AttemptOutcome.UNKNOWN).update(
        outcome=outcome, decline_code=code[:60], message=message[:500], finished_at=clock.now()
    )
