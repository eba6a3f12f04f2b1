"""Background work of collection. This is the edge: here the day is read (``work.jobs`` says how jobs are done)."""

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from procrastinate.contrib.django import app

from pos_billing.collection.cards.collect import Result, collect_statement
from pos_billing.collection.cards.collect_due import statements_to_collect
from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.models import Refund
from pos_billing.collection.money.refunds import refund_send, refunds_to_send
from pos_billing.collection.reminders import notices_of_missing_cards, notices_past_due
from pos_billing.collection.signals import card_added, collection_wanted, money_moved
from pos_billing.collection.statement_notices import announce_statements
from pos_billing.collection.stripe.connect import NoStripeAccount, stripe_account
from pos_billing.collection.stripe.products import products_sync
from pos_billing.facts import clock
from pos_billing.plans.models import Account, Plan
from pos_billing.sellers.schemas import current_schema, in_seller, seller_schemas
from pos_billing.statements.models import BillingRun
from pos_billing.statements.signals import statements_issued
from pos_billing.work.errors import TryAgainLater
from pos_billing.work.jobs import BY, PATIENT, defer_many, of_seller, register_schedule
from pos_billing.work.one_by_one import each_seller


class StillBusy(TryAgainLater):
    """Somebody else collects the statement at this moment."""


# --- one thing of one Seller -----------------------------------------------------------------------------------------


@app.task(queue="statements", retry=PATIENT)
@of_seller
def announce(schema: str, run_id: int) -> int:
    """Tell Accounts of a run's statements, and let those that are due be collected."""
    with in_seller(schema):
        told = announce_statements(run_id)
        defer_many(collect, schema, "statement_id", statements_to_collect(clock.seller_day()))
        return told


@app.task(queue="collection", retry=PATIENT)
@of_seller
def collect(schema: str, statement_id: int) -> str:
    """Collect one statement, as far as it goes today."""
    with in_seller(schema):
        result = collect_statement(statement_id, as_of=clock.seller_day(), by=BY)
    if result is Result.BUSY:
        raise StillBusy(f"{schema}: statement {statement_id}")
    return str(result)


@app.task(queue="collection", retry=PATIENT)
@of_seller
def send_refund(schema: str, refund_id: int) -> str:
    """Ask Stripe to give money back."""
    with in_seller(schema):
        return refund_send(refund_id, by=BY).status


@app.task(queue="collection", retry=PATIENT)
@of_seller
def sync_seller_products(schema: str) -> int:
    """Tell Stripe of one Seller's plans."""
    with in_seller(schema):
        try:
            return len(products_sync(stripe_account()))
        except NoStripeAccount:
            return 0


@app.task(queue="collection", retry=PATIENT)
@of_seller
def reconcile_one(schema: str) -> str:
    """Compare one Seller's collections with Stripe."""
    with in_seller(schema):
        report = reconcile_seller(as_of=clock.seller_day(), by=BY)
    return f"{report.checked} checked, {len(report.repaired)} mended, {len(report.differs)} differ"


# --- by the clock (plugin.toml says when) ----------------------------------------------------------------------------


@app.task(queue="clock")
def collect_sellers(timestamp: int) -> None:
    """Let every statement be collected that something is to be done about, and tell what is to be told ahead."""

    each_seller(seller_schemas(), _collect_seller)


def _collect_seller(schema: str) -> None:
    with in_seller(schema):
        day = clock.seller_day()
        defer_many(collect, schema, "statement_id", statements_to_collect(day))
        defer_many(send_refund, schema, "refund_id", refunds_to_send())
        notices_of_missing_cards(as_of=day)
        notices_past_due(as_of=day)


@app.task(queue="clock")
def reconcile_sellers(timestamp: int) -> None:
    """Let every Seller be compared with Stripe."""
    for schema in seller_schemas():
        reconcile_one.defer(schema=schema)


@app.task(queue="clock")
def sync_products(timestamp: int) -> None:
    """Let Stripe be told of every Seller's plans."""
    for schema in seller_schemas():
        sync_seller_products.defer(schema=schema)


register_schedule(__name__, globals())


# --- what the other packages tell us ---------------------------------------------------------------------------------


@receiver(statements_issued)
def _announce_run(sender: Any, schema: str, run: BillingRun, **kwargs: Any) -> None:
    announce.defer(schema=schema, run_id=run.pk)


@receiver([card_added, collection_wanted])
def _collect(sender: Any, statement_ids: Iterable[int], **kwargs: Any) -> None:
    defer_many(collect, current_schema(), "statement_id", statement_ids)


@receiver(money_moved)
def _close_invoices(sender: Any, account: Account, **kwargs: Any) -> None:
    """An open invoice over an amount that is no longer asked for must be closed: whatever moved, it may be any."""
    from pos_billing.collection.models import Collection

    stale = Collection.objects.filter(statement__account=account, invoice_status__in=("draft", "open"))
    defer_many(collect, current_schema(), "statement_id", stale.values_list("statement_id", flat=True))


@receiver(post_save, sender=Refund)
def _send_refund(sender: Any, instance: Refund, created: bool, **kwargs: Any) -> None:
    if created and not instance.refund_id and instance.payment.payment_intent_id:
        send_refund.defer(schema=current_schema(), refund_id=instance.pk)


@receiver(post_save, sender=Plan)
def _tell_of_plan(sender: Any, instance: Plan, **kwargs: Any) -> None:
    if not instance.placeholder:
        sync_seller_products.defer(schema=current_schema())
