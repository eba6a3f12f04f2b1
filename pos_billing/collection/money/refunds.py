"""Verbs: giving money back, by Stripe to the card or by hand."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import Collection, CreditNote, CreditNoteKind, Payment, Refund, RefundStatus
from pos_billing.collection.money.credit_notes import credit_note_issue, creditable_cents
from pos_billing.collection.money.queries import credit_of
from pos_billing.collection.signals import money_moved
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import SeenRefund, StripeKeySpent, StripeRefused
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind
from pos_billing.statements.models import AccountCredit, Statement
from pos_billing.statements.owed import balance_of
from pos_billing.wording import money

FAILED = {"failed", "canceled"}
BY_STRIPE = "Stripe"


def refundable_cents(payment: Payment) -> int:
    """How much of a payment can still be given back, in cents."""
    reversed_cents = payment.reversals.aggregate(cents=Sum("cents"))["cents"] or 0
    refunded = payment.refunds.exclude(status=RefundStatus.FAILED).aggregate(cents=Sum("cents"))["cents"] or 0
    return max(0, payment.cents - int(reversed_cents) - int(refunded))


def payment_refund(
    payment: Payment,
    *,
    statement: Statement | None,
    refunded_on: date,
    cents: int | None = None,
    lines: Mapping[int, int] | None = None,
    note_kind: str = CreditNoteKind.AHEAD,
    refund_id: str = "",
    by: str,
    why: str,
) -> Refund:
    """Give back ``lines`` (line id to cents) or ``cents`` of a statement the payment paid, or all that can be.

    Issues the credit note over it, of the kind ``note_kind``. ``statement=None`` gives back what the Account has as
    credit, without a credit note. Card payments go back to the card (``refund_send``, which a job calls); others count
    as given back by hand. ``refund_id`` is given for a refund that was made at Stripe already.
    Raises ``Refused`` for more than is left of the payment, than can be credited, or than there is credit.
    """
    with recorded("payment_refund", by=by, why=why):
        paid = set(payment.allocations.exclude(statement=None).values_list("statement_id", flat=True))
        if statement is not None and statement.pk not in paid:
            raise Refused(
                "statement",
                f"This payment did not pay statement {statement.number}.",
                code="payment_of_another_statement",
            )
        lock_money(payment.account_id, statements=paid)
        note = None
        if statement is not None:
            wanted = sum(lines.values()) if lines is not None else cents
            if wanted is None:
                wanted = min(refundable_cents(payment), creditable_cents(statement))
            _refuse_more_than_left(payment, wanted)
            note = credit_note_issue(
                statement,
                issued_on=refunded_on,
                cents=wanted,
                lines=lines,
                kind=note_kind,
                for_refund=True,
                by=by,
                why=why,
            )
            cents = note.cents
        else:
            credit = credit_of(payment.account)
            cents = min(credit, refundable_cents(payment)) if cents is None else cents
            _refuse_more_than_left(payment, cents)
            if cents > credit:
                raise Refused("cents", f"The Account has {max(0, credit)} cents of credit.", code="refund_above_credit")
        refund = _written(payment, note, cents, refunded_on, refund_id, by, why)
        touched = [statement.pk] if statement is not None else []
        money_moved.send(sender=Refund, account=payment.account, statement_ids=touched, on=refunded_on)
        notice_make(
            NoticeKind.REFUNDED,
            account=payment.account,
            statement=statement,
            made_on=refunded_on,
            key=f"refund:{refund.pk}",
            about={"cents": cents, "credit_note": note.number if note else "", "why": why},
        )
    return refund


def _refuse_more_than_left(payment: Payment, cents: int) -> None:
    left = refundable_cents(payment)
    if not 0 < cents <= left:
        raise Refused("cents", f"Of this payment {left} cents can be given back.", code="refund_above_payment")


def _written(
    payment: Payment, note: CreditNote | None, cents: int, day: date, refund_id: str, by: str, why: str
) -> Refund:
    credit = AccountCredit.objects.create(
        account_id=payment.account_id,
        cents=-cents,
        by=by,
        reason=f"Refund over {note.number}" if note else "Refund of credit",
    )
    by_hand = not payment.payment_intent_id
    return Refund.objects.create(
        payment=payment,
        credit_note=note,
        cents=cents,
        credit=credit,
        refunded_on=day,
        reason=why[:500],
        refund_id=refund_id,
        status=RefundStatus.SUCCEEDED if by_hand else RefundStatus.PENDING,
        by=by,
    )


def refunds_to_send() -> list[int]:
    """Refunds to cards that Stripe has not been asked for yet."""
    waiting = Refund.objects.filter(status=RefundStatus.PENDING, refund_id="").exclude(payment__payment_intent_id="")
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def refund_send(refund_pk: int, *, by: str) -> Refund:
    """Ask Stripe to give the money back. Safe to repeat: one refund at Stripe, whatever happens in between."""
    refund = Refund.objects.select_related("payment").get(pk=refund_pk)
    if refund.refund_id or refund.status != RefundStatus.PENDING or not refund.payment.payment_intent_id:
        return refund
    payment = refund.payment
    ours = owner()
    try:
        known = stripe_api.refunds_of_payment(payment.payment_intent_id, stripe_account=payment.stripe_account)
    except StripeRefused as refused:
        if refused.code != "resource_missing":
            raise
        return _failed(refund, f"Stripe does not know the payment {payment.payment_intent_id}", by)
    seen = next((r for r in known if keys.refund_named(r.metadata, ours) == refund.pk), None)
    if seen is None:
        key = keys.refund_key(ours, refund.pk) + (f":{refund.key_attempt}" if refund.key_attempt else "")
        try:
            seen = stripe_api.refund_create(
                payment.payment_intent_id,
                refund.cents,
                metadata=keys.refund_metadata(ours, refund.pk),
                key=key,
                stripe_account=payment.stripe_account,
            )
        except StripeKeySpent:
            Refund.objects.filter(pk=refund.pk).update(key_attempt=refund.key_attempt + 1)
            raise
        except StripeRefused as refused:
            return _failed(refund, str(refused), by)
    return refund_seen(refund, seen, by=by)


def refund_seen(refund: Refund, seen: SeenRefund, *, by: str) -> Refund:
    """Note what Stripe says of a refund. One that failed stays failed; its money is credit again."""
    with recorded("refund_seen", by=by, why=f"Stripe says {seen.id} is {seen.status}"):
        lock_money(refund.payment.account_id, refunds=[refund.pk])
        refund.refresh_from_db()
        if not refund.refund_id:
            refund.refund_id = seen.id
            refund.save(update_fields=["refund_id"])
        if refund.status == RefundStatus.FAILED:
            return refund
        if seen.status in FAILED:
            return _failed(refund, seen.failure_reason or seen.status, by)
        if seen.status == "succeeded" and refund.status != RefundStatus.SUCCEEDED:
            refund.status = RefundStatus.SUCCEEDED
            refund.save(update_fields=["status"])
    return refund


def _failed(refund: Refund, reason: str, by: str) -> Refund:
    """The money did not go back: the Account has it as credit again."""
    with recorded("refund_failed", by=by, why=reason or "Stripe gave no reason"):
        lock_money(refund.payment.account_id, refunds=[refund.pk])
        refund.refresh_from_db()
        if refund.status == RefundStatus.FAILED:
            return refund
        refund.failure_credit = AccountCredit.objects.create(
            account_id=refund.payment.account_id, cents=refund.cents, by=by, reason="Refund failed: credit instead"
        )
        refund.status = RefundStatus.FAILED
        refund.failure_reason = reason[:200]
        refund.save(update_fields=["failure_credit", "status", "failure_reason"])
    return refund


def refunds_seen(seen: SeenRefund, *, by: str) -> list[Refund]:
    """Note what Stripe says of a refund, on each of the rows that it is here."""
    return [refund_seen(row, seen, by=by) for row in Refund.objects.filter(refund_id=seen.id).order_by("pk")]


def refund_made_elsewhere(payment: Payment, seen: SeenRefund, *, on: date) -> list[Refund]:
    """Take up a refund that somebody made in Stripe's own dashboard; its rows here.

    Each statement that the payment paid is credited as far as it can be, those it paid most of first. What is left
    takes credit of the Account; where there is none, the Account owes it again, and staff reads so.
    """
    if Refund.objects.filter(refund_id=seen.id).exists():
        return refunds_seen(seen, by=BY_STRIPE)
    if seen.status in FAILED:
        return []
    why = "Refunded in Stripe's dashboard"
    with recorded("refund_made_elsewhere", by=BY_STRIPE, why=why):
        paid = payment.allocations.exclude(statement=None).order_by()
        sums = paid.values("statement_id").annotate(total=Sum("cents")).filter(total__gt=0)
        parts = {row["statement_id"]: int(row["total"]) for row in sums.order_by("-total", "statement_id")}
        lock_money(payment.account_id, statements=parts)
        statements = Statement.objects.in_bulk(list(parts))
        left = seen.cents
        for pk, cents in parts.items():
            part = min(left, cents, creditable_cents(statements[pk]), refundable_cents(payment))
            if part > 0:
                payment_refund(
                    payment,
                    statement=statements[pk],
                    refunded_on=on,
                    cents=part,
                    refund_id=seen.id,
                    by=BY_STRIPE,
                    why=why,
                )
                left -= part
        if left:
            _not_credited(payment, list(statements), left, seen, on, why)
        return refunds_seen(seen, by=BY_STRIPE)


def _not_credited(payment: Payment, statement_ids: list[int], cents: int, seen: SeenRefund, on: date, why: str) -> None:
    """What was given back without anything to credit: it takes credit, or the Account owes it again."""
    refund = _written(payment, None, cents, on, seen.id, BY_STRIPE, why)
    money_moved.send(sender=Refund, account=payment.account, statement_ids=[], on=on)
    notice_make(
        NoticeKind.REFUNDED,
        account=payment.account,
        statement=None,
        made_on=on,
        key=f"refund:{refund.pk}",
        about={"cents": cents, "credit_note": "", "why": why},
    )
    owed = min(cents, balance_of(payment.account_id).total)
    if owed > 0:
        Collection.objects.filter(statement__in=statement_ids[:1], blocked_because="").update(
            blocked_because=f"{money(cents)} of the refund {seen.id}, made at Stripe, could not be credited; "
            f"{money(owed)} of it is owed again. "
            "Write it off if the client shall not pay it."
        )
