"""Verbs: recording a payment, by hand or as Stripe reports it, and taking one back."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Sum

from pos_billing.collection.locking import lock_money
from pos_billing.collection.models import (
    Allocation,
    Collection,
    Dispute,
    Payment,
    PaymentKind,
    Reversal,
    ReversalKind,
    WriteOff,
)
from pos_billing.collection.money.queries import open_statements, standings
from pos_billing.collection.signals import money_moved
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Account
from pos_billing.statements.models import AccountCredit, Statement


def payment_record(
    account: Account,
    *,
    cents: int,
    received_on: date,
    kind: str,
    reference: str = "",
    statements: Sequence[Statement] = (),
    card: str = "",
    payment_intent_id: str = "",
    stripe_account: str = "",
    by: str,
    why: str,
) -> Payment:
    """Record money received from an Account.

    It pays ``statements`` in the order given, then the Account's other open statements, the oldest first; what is left
    is credit for the next statement. A statement that was written off and is paid after all is no longer written off.
    Raises ``Refused`` for an amount that is not positive, an unknown kind, or statements of somebody else.
    """
    if cents <= 0:
        raise Refused(
            "cents",
            "The amount must be more than zero. To take a payment back, reverse it.",
            code="payment_not_positive",
        )
    if kind not in PaymentKind.values:
        raise Refused("kind", f"Choose one of: {', '.join(PaymentKind.labels)}.", code="payment_kind_unknown")
    if any(statement.account_id != account.pk for statement in statements):
        raise Refused(
            "statements",
            f"Only statements to {account} can be paid by a payment from {account}.",
            code="statements_of_another_account",
        )
    with recorded("payment_record", by=by, why=why):
        lock_money(account.pk)
        named = [statement.pk for statement in statements]
        others = open_statements(account).exclude(pk__in=named).values_list("pk", flat=True)
        order = [*named, *others]
        lock_money(account.pk, statements=order)
        _take_back_write_offs(named, cents, received_on, by)
        payment = Payment.objects.create(
            account=account,
            kind=kind,
            cents=cents,
            received_on=received_on,
            reference=reference.strip(),
            card=card,
            payment_intent_id=payment_intent_id,
            stripe_account=stripe_account,
            by=by,
        )
        paid = _allocate(payment, order)
        money_moved.send(sender=Payment, account=account, statement_ids=paid, on=received_on)
    return payment


def _allocate(payment: Payment, order: Sequence[int]) -> list[int]:
    """Spread a payment over statements, the rest as credit; returns the statements it paid something of."""
    left, paid = payment.cents, []
    known = standings(order)
    for pk in order:
        part = min(left, known[pk].open, known[pk].outstanding)  # what used credit leaves to be paid stays credit
        if part > 0:
            Allocation.objects.create(payment=payment, statement_id=pk, cents=part)
            paid.append(pk)
            left -= part
    if left:
        credit = AccountCredit.objects.create(
            account_id=payment.account_id,
            cents=left,
            by=payment.by,
            reason=f"Paid more than was asked for on {payment.received_on}"[:200],
        )
        Allocation.objects.create(payment=payment, credit=credit, cents=left)
    return paid


def _take_back_write_offs(statement_ids: Sequence[int], cents: int, day: date, by: str) -> None:
    """Ask again for what was written off of these statements, as far as ``cents`` pays it."""
    for pk, standing in standings(statement_ids).items():
        back = min(standing.written_off, max(0, cents - max(0, standing.outstanding)))
        if back > 0:
            WriteOff.objects.create(
                statement_id=pk,
                cents=-back,
                written_on=day,
                by=by,
                reason="Paid after it was written off",
            )
            cents -= back


def payment_reverse(
    payment: Payment,
    *,
    kind: str,
    reversed_on: date,
    cents: int | None = None,
    dispute: Dispute | None = None,
    by: str,
    why: str,
) -> Reversal:
    """Take a payment back, in whole or ``cents`` of it: it was no payment, the bank returned it, a dispute was lost.

    What it paid is asked for again; credit it left is taken back first. Raises ``Refused`` for more than is left of
    the payment, for a payment of which something was refunded (refund the rest instead), and for card payments that
    are said to be a mistake (refund them).
    """
    if kind not in ReversalKind.values:
        raise Refused("kind", f"Choose one of: {', '.join(ReversalKind.labels)}.", code="reversal_kind_unknown")
    if payment.payment_intent_id and kind == ReversalKind.MISTAKE:
        raise Refused("kind", "The card was charged. Refund the payment instead.", code="card_payment_not_reversible")
    with recorded("payment_reverse", by=by, why=why):
        lock_money(payment.account_id)
        parts = _what_it_pays(payment)
        lock_money(payment.account_id, statements=[pk for pk, _ in parts if pk is not None])
        left = sum(part for _, part in parts)
        refunded = payment.refunds.exclude(status="failed").aggregate(cents=Sum("cents"))["cents"] or 0
        cents = left if cents is None else cents
        if not 0 < cents <= left - refunded:
            raise Refused(
                "cents",
                f"Of this payment {left - refunded} cents can be taken back.",
                code="payment_less_than_reversal",
            )
        reversal = Reversal.objects.create(
            payment=payment, kind=kind, cents=cents, reversed_on=reversed_on, reason=why[:200], dispute=dispute, by=by
        )
        for statement_id, part in parts:
            taken = min(part, cents)
            if taken > 0:
                _take_back(reversal, statement_id, taken)
                cents -= taken
        touched = [pk for pk, _ in parts if pk is not None]
        # What was paid by Stripe and is asked for again is collected again: paying it had ended its tries.
        Collection.objects.filter(statement__in=touched, invoice_status="paid", next_attempt_on=None).update(
            next_attempt_on=reversed_on
        )
        money_moved.send(sender=Reversal, account=payment.account, statement_ids=touched, on=reversed_on)
    return reversal


def _what_it_pays(payment: Payment) -> list[tuple[int | None, int]]:
    """What is left of a payment: (statement or None for credit, cents), in the order in which it is taken back."""
    sums = payment.allocations.order_by().values("statement_id").annotate(total=Sum("cents")).filter(total__gt=0)
    left = [(row["statement_id"], int(row["total"])) for row in sums]
    return sorted(left, key=lambda part: (part[0] is not None, -(part[0] or 0)))


def _take_back(reversal: Reversal, statement_id: int | None, cents: int) -> None:
    credit = None
    if statement_id is None:
        credit = AccountCredit.objects.create(
            account_id=reversal.payment.account_id,
            cents=-cents,
            by=reversal.by,
            reason=f"Payment of {reversal.payment.received_on} taken back: {reversal.reason}"[:200],
        )
    Allocation.objects.create(
        payment=reversal.payment, reversal=reversal, statement_id=statement_id, credit=credit, cents=-cents
    )
