"""Comparing with Stripe: what webhooks missed is mended, what still differs is listed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django_tenants.utils import get_public_schema_name
from djstripe.models import Event
from djstripe.settings import djstripe_settings

from pos_billing.collection.cards.close_invoices import UNPAID
from pos_billing.collection.cards.closed_invoices import invoice_closed
from pos_billing.collection.cards.compare_invoice import what_differs
from pos_billing.collection.cards.reconcile_money import (
    Findings,
    compare_disputes,
    compare_paid,
    compare_refunds,
    one_entry,
)
from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.locking import sole_collector
from pos_billing.collection.models import Collection, ReconcileReport
from pos_billing.collection.money.queries import outstanding_of
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe.connect import connected_account
from pos_billing.collection.stripe.djstripe_patches import work_for
from pos_billing.collection.stripe.events import EVENTS, begin_event
from pos_billing.collection.stripe.values import SeenInvoice, StripeRefused
from pos_billing.facts import clock
from pos_billing.sellers.schemas import current_schema

LOOK_BACK = timedelta(days=180)
"""How far back payments are compared for refunds and disputes; banks take up to four months."""


def reconcile_seller(*, as_of: date, by: str, progress: Callable[[str], None] = lambda _: None) -> ReconcileReport:
    """Compare the current Seller's open collections, refunds and disputes with Stripe; returns the stored report.

    Raises ``StripeUnreachable`` when Stripe does not answer.
    """
    found = Findings()
    public = current_schema() == get_public_schema_name()
    connected = None if public else connected_account()
    if public or connected is not None:
        account_id = connected.account_id if connected else ""
        _missed_events(found, account_id)
        for collection in _to_compare():
            progress(f"statement {collection.statement.number}")
            with one_entry(found, f"Statement {collection.statement.number}"):
                _compare(collection, found, as_of, by)
        with one_entry(found, "Paid invoices"):
            compare_paid(found, account_id, as_of - LOOK_BACK, as_of, by)
        with one_entry(found, "Refunds and disputes"):
            compare_refunds(found, account_id, as_of - LOOK_BACK, as_of, by)
            compare_disputes(found, account_id, as_of - LOOK_BACK, as_of, by)
    return ReconcileReport.objects.create(
        as_of=as_of, by=by, checked=found.checked, repaired=found.repaired, differs=found.differs
    )


def _missed_events(found: Findings, account_id: str) -> None:
    """Work on events that Stripe could not deliver, as if they came now."""
    for data in stripe_api.undelivered_events(connected=account_id):
        if data["type"] not in EVENTS or Event.objects.filter(id=data["id"]).exists():
            continue
        body = {**data, **({"account": account_id} if account_id else {})}
        with one_entry(found, f"Event {data['id']} ({data['type']})"):
            try:
                with transaction.atomic():
                    begin_event(body)
                    Event.process(body, api_key=djstripe_settings.STRIPE_SECRET_KEY)
            finally:
                work_for("")
            found.repaired.append(f"Event {data['id']} ({data['type']}) was not delivered and is worked on now.")


def _to_compare() -> Iterator[Collection]:
    """Collections that Stripe may know more about than we do."""
    open_here = Q(invoice_status__in=[*UNPAID, "uncollectible", "void"]) | Q(begun_at__isnull=False, invoice_id="")
    rows = Collection.objects.filter(open_here).select_related("statement__account").order_by("statement_id")
    yield from rows


def _compare(collection: Collection, found: Findings, as_of: date, by: str) -> None:
    found.checked += 1
    number = collection.statement.number
    if not collection.invoice_id:
        found.differs.append(f"Statement {number}: its invoice was asked for and not stored; collecting it mends that.")
        return
    with sole_collector(collection.statement_id) as free:
        if not free:
            return
        collection.refresh_from_db()
        try:
            seen = stripe_api.invoice_read(collection.invoice_id, stripe_account=collection.stripe_account)
        except StripeRefused as refused:
            found.differs.append(f"Statement {number}: Stripe does not show invoice {collection.invoice_id}: {refused}")
            return
        _mend(collection, seen, found, as_of, by)


def _mend(collection: Collection, seen: SeenInvoice, found: Findings, as_of: date, by: str) -> None:
    number = collection.statement.number
    if seen.status == "paid" and collection.invoice_status != "paid":
        payment = invoice_paid(collection, seen, on=as_of, by=by)
        collection.attempts.filter(outcome="").update(outcome="paid", finished_at=clock.now())
        paid = f"{payment.cents} cents" if payment else "nothing"
        found.repaired.append(f"Statement {number}: invoice {seen.id} was paid ({paid}), and is now here.")
    elif seen.status in {"void", "uncollectible"}:
        if collection.invoice_status != seen.status:
            invoice_closed(collection, seen.status)
            found.repaired.append(f"Statement {number}: invoice {seen.id} was made {seen.status}, and is so here now.")
        if outstanding_of(collection.statement_id) > 0:
            found.differs.append(f"Statement {number} asks for money, and invoice {seen.id} is {seen.status}.")
    elif seen.amount_paid > 0 and invoice_paid(collection, seen, on=as_of, by=by):
        found.differs.append(
            f"Statement {number}: {seen.amount_paid} cents of invoice {seen.id} are paid, {seen.amount_remaining} not."
        )
    elif collection.lines_added and (wrong := what_differs(seen, outstanding_of(collection.statement_id))):
        found.differs.append(f"Statement {number}: {wrong}")
