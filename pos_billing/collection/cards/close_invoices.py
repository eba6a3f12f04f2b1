"""Closing Stripe invoices that no longer say what is asked for: paid by hand, credited, written off."""

from datetime import date

from django.db.models import F

from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.models import Collection
from pos_billing.collection.signals import step_done
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe.values import SeenInvoice, StripeRefused

UNPAID = ("draft", "open")


def close_out_of_date(collection: Collection, outstanding: int, *, as_of: date, by: str) -> bool:
    """Close the invoice if it asks for another amount than the statement does, in cents; whether anything was done.

    The next collection makes another invoice over what is still asked for. If the invoice was paid in the meantime,
    that payment is recorded instead.
    """
    if not collection.invoice_id or collection.invoice_status not in UNPAID:
        return False
    if outstanding > 0 and (collection.invoice_cents == outstanding or not collection.lines_added):
        return False
    account_id = collection.stripe_account
    seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
    if seen.status == "draft":
        stripe_api.invoice_discard(seen.id, stripe_account=account_id)
    elif seen.status in {"open", "uncollectible"}:
        try:
            stripe_api.invoice_void(seen.id, stripe_account=account_id)
        except StripeRefused:
            seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=account_id)
            if seen.status not in {"paid", "void"}:
                raise
    if seen.status == "paid":
        invoice_paid(collection, seen, on=as_of, by=by)
        return True
    begin_again(collection)
    return True


def close_differing(collection: Collection, seen: SeenInvoice, why: str) -> str:
    """Close an invoice that would charge something else than the statement asks for; returns ``why``, for staff.

    It is left open only where Stripe refuses to close it, which the words then say.
    """
    account_id = collection.stripe_account
    try:
        if seen.status == "draft":
            stripe_api.invoice_discard(seen.id, stripe_account=account_id)
        else:
            stripe_api.invoice_void(seen.id, stripe_account=account_id)
    except StripeRefused as refused:
        return f"{why} Stripe did not close it: {refused}"
    if seen.status == "draft":
        begin_again(collection)
    else:
        Collection.objects.filter(pk=collection.pk).update(invoice_status="void")
    return why


def begin_again(collection: Collection) -> None:
    """Forget the invoice that was closed: the next one is of the next generation."""
    Collection.objects.filter(pk=collection.pk).update(
        generation=F("generation") + 1,
        begun_at=None,
        invoice_id="",
        invoice_status="",
        invoice_cents=0,
        lines_added=False,
        hosted_invoice_url="",
        action_required=False,
    )
    step_done.send(sender=Collection, step="closed", statement_id=collection.statement_id)
