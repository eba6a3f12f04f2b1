"""Comparing the money that Stripe took and gave back with payments, refunds and disputes here."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum

from pos_billing.collection.cards.disputes import dispute_seen
from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.models import Collection, CreditNote, Payment, Refund, RefundStatus
from pos_billing.collection.money.queries import standings
from pos_billing.collection.money.refunds import refund_made_elsewhere, refund_seen, refunds_seen
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import SeenInvoice, SeenRefund, StripeUnreachable
from pos_billing.wording import money

log = logging.getLogger(__name__)


@dataclass
class Findings:
    """What a reconciliation found, in sentences."""

    checked: int = 0
    repaired: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


@contextmanager
def one_entry(found: Findings, what: str) -> Iterator[None]:
    """Let a failure over one thing be one entry of the report, and keep no other from being compared."""
    try:
        yield
    except StripeUnreachable:
        raise
    except Exception as error:  # whatever it is, the others are compared, and staff reads of it
        log.exception("Reconciling: %s", what)
        found.differs.append(f"{what}: {error}")


def compare_paid(found: Findings, account_id: str, since: date, as_of: date, by: str) -> None:
    """Compare invoices that Stripe holds as paid and that bear our metadata with payments and credit notes here."""
    ours = owner()
    seen = [i for i in stripe_api.invoices_paid_since(since, stripe_account=account_id) if ours.owns(i.metadata)]
    numbers = {invoice.metadata.get(keys.STATEMENT, "") for invoice in seen}
    collections = {
        row.statement.number: row
        for row in Collection.objects.filter(statement__number__in=numbers).select_related("statement__account")
    }
    received = dict(
        Payment.objects.filter(reference__in=[i.id for i in seen], stripe_account=account_id)
        .order_by()
        .values_list("reference")
        .annotate(Sum("cents"))
    )
    by_statement: dict[Collection, list[SeenInvoice]] = defaultdict(list)
    for invoice in seen:
        collection = collections.get(invoice.metadata.get(keys.STATEMENT, ""))
        if collection is not None:
            by_statement[collection].append(invoice)
    for collection, invoices in by_statement.items():
        for invoice in invoices:
            if invoice.amount_paid > received.get(invoice.id, 0):
                with one_entry(found, f"Invoice {invoice.id}"):
                    _take_up(found, collection, invoice, as_of, by)
    _compare_statements(found, by_statement)


def _take_up(found: Findings, collection: Collection, invoice: SeenInvoice, as_of: date, by: str) -> None:
    """Record what was paid of an invoice and is not known here."""
    whole = stripe_api.invoice_read(invoice.id, stripe_account=collection.stripe_account)
    invoice_paid(collection, whole, on=as_of, by=by)
    number = collection.statement.number
    found.repaired.append(
        f"Statement {number}: invoice {invoice.id} was paid ({invoice.amount_paid} cents), and is now here."
    )


def _compare_statements(found: Findings, by_statement: dict[Collection, list[SeenInvoice]]) -> None:
    """List statements that ask for money although Stripe holds their invoice as paid, and credit only given there."""
    ids = [collection.statement_id for collection in by_statement]
    standing = standings(ids)
    credited = dict(
        CreditNote.objects.filter(statement__in=ids).order_by().values_list("statement").annotate(Sum("cents"))
    )
    for collection, invoices in by_statement.items():
        number, left = collection.statement.number, standing[collection.statement_id].outstanding
        if left > 0 and collection.invoice_id in {invoice.id for invoice in invoices}:
            found.differs.append(
                f"Statement {number} asks for {money(left)}, and Stripe holds its invoice {collection.invoice_id} as "
                "paid."
            )
        there = sum(invoice.credited_before + invoice.credited_after for invoice in invoices)
        here = int(credited.get(collection.statement_id, 0))
        if there > here:
            found.differs.append(
                f"Statement {number}: credit notes of {money(there)} were made at Stripe; here it has {money(here)}. "
                "Credit the same here, or void them there."
            )


def _payments_of(account_id: str, since: date) -> dict[str, Payment]:
    rows = Payment.objects.filter(stripe_account=account_id, received_on__gte=since).exclude(payment_intent_id="")
    return {payment.payment_intent_id: payment for payment in rows}


def compare_refunds(found: Findings, account_id: str, since: date, as_of: date, by: str) -> None:
    """Compare refunds at Stripe with those here."""
    payments = _payments_of(account_id, since)
    known = {r.refund_id: r for r in Refund.objects.filter(payment__in=payments.values()).exclude(refund_id="")}
    begun = {r.pk: r for r in Refund.objects.filter(refund_id="", status=RefundStatus.PENDING)}
    ours = owner()
    for seen in stripe_api.refunds_since(since, stripe_account=account_id):
        with one_entry(found, f"Refund {seen.id}"):
            row = known.get(seen.id) or begun.get(keys.refund_named(seen.metadata, ours) or 0)
            _compare_refund(found, row, seen, payments.get(seen.payment_intent_id), as_of, by)


def _compare_refund(
    found: Findings, row: Refund | None, seen: SeenRefund, payment: Payment | None, as_of: date, by: str
) -> None:
    if row is not None and (row.refund_id, row.status) != (seen.id, _status(seen.status)):
        before = (row.refund_id, row.status)
        after = [refund_seen(row, seen, by=by), *refunds_seen(seen, by=by)][0]
        if (after.refund_id, after.status) != before:
            found.repaired.append(f"Refund {seen.id} is {after.status} here now.")
    elif row is None and payment is not None and refund_made_elsewhere(payment, seen, on=as_of):
        found.repaired.append(f"Refund {seen.id} of {seen.cents} cents was made at Stripe, and is here now.")


def compare_disputes(found: Findings, account_id: str, since: date, as_of: date, by: str) -> None:
    """Compare disputes at Stripe with those here."""
    payments = _payments_of(account_id, since)
    for seen in stripe_api.disputes_since(since, stripe_account=account_id):
        payment = payments.get(seen.payment_intent_id)
        if payment is None:
            continue
        known = payment.disputes.filter(dispute_id=seen.id).first()
        if known is None or known.status != seen.status:
            with one_entry(found, f"Dispute {seen.id}"):
                dispute_seen(payment, seen, on=as_of, by=by)
                found.repaired.append(f"Dispute {seen.id} is {seen.status}, and is so here now.")


def _status(stripe_status: str) -> str:
    return {"succeeded": RefundStatus.SUCCEEDED, "failed": RefundStatus.FAILED, "canceled": RefundStatus.FAILED}.get(
        stripe_status, RefundStatus.PENDING
    )
