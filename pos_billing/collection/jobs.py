"""Background work, in Procrastinate's queue of the public schema.

Jobs are put there in the transaction that needs them: no work is lost, and none is done for what was rolled back.
Each does what a management command does as well; each may run twice, or on any machine. When they run by the clock is
said in the manifest (plugin.toml, `jobs.scheduled`), and nowhere else. This is the edge: here the day is read.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import OperationalError, connection
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pos_billing.collection.announcing import announce_statements
from pos_billing.collection.collect import Result, collect_statement
from pos_billing.collection.connect import NoStripeAccount, stripe_account
from pos_billing.collection.models import Refund
from pos_billing.collection.notices import notice_send, notices_unsent
from pos_billing.collection.products import products_sync
from pos_billing.collection.queue import jobs_revive
from pos_billing.collection.reconcile import reconcile_seller
from pos_billing.collection.refunds import refund_send, refunds_to_send
from pos_billing.collection.signals import card_added, collection_wanted, money_moved, notice_made
from pos_billing.collection.sweep import statements_to_collect
from pos_billing.collection.values import StripeUnreachable
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Plan, SellerSettings
from pos_billing.plans.today import seller_day as today
from pos_billing.plugin import manifest
from pos_billing.rating.months import month_of
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.models import BillingRun
from pos_billing.statements.run import bill
from pos_billing.statements.signals import statements_issued

BY = "worker"
AT_ONCE = 1000


class StillBusy(Exception):
    """Somebody else collects the statement at this moment; look again later."""


PATIENT = RetryStrategy(
    max_attempts=10, exponential_wait=3, retry_exceptions=(StripeUnreachable, OperationalError, OSError, StillBusy)
)
"""Waits 3, 9, 27 … seconds between tries; after the last one the periodic jobs go on."""


# --- one thing of one Seller -----------------------------------------------------------------------------------------


@app.task(queue="statements", retry=PATIENT)
def announce(schema: str, run_id: int) -> int:
    """Tell Accounts of a run's statements, and let those that are due be collected."""
    with in_seller(schema):
        told = announce_statements(run_id)
        defer_many(collect, schema, "statement_id", statements_to_collect(today()))
        return told


@app.task(queue="collection", retry=PATIENT)
def collect(schema: str, statement_id: int) -> str:
    """Collect one statement, as far as it goes today."""
    with in_seller(schema):
        result = collect_statement(statement_id, as_of=today(), by=BY)
    if result is Result.BUSY:
        raise StillBusy(f"{schema}: statement {statement_id}")
    return str(result)


@app.task(queue="collection", retry=PATIENT)
def send_refund(schema: str, refund_id: int) -> str:
    """Ask Stripe to give money back."""
    with in_seller(schema):
        return refund_send(refund_id, by=BY).status


@app.task(queue="notices", retry=PATIENT)
def send_notice(schema: str, notice_id: int) -> bool:
    """Send one notice by e-mail."""
    with in_seller(schema):
        return notice_send(notice_id)


@app.task(queue="collection", retry=PATIENT)
def sync_seller_products(schema: str) -> int:
    """Tell Stripe of one Seller's plans."""
    with in_seller(schema):
        try:
            return len(products_sync(stripe_account()))
        except NoStripeAccount:
            return 0


@app.task(queue="statements", retry=PATIENT)
def bill_seller(schema: str) -> str:
    """Bill one Seller for the month that has closed, unless that is done."""
    with in_seller(schema):
        as_of = day_to_bill(today())
    if as_of is None:
        return "nothing to bill yet"
    try:
        return f"{len(bill(schema, as_of=as_of, by=BY).statements)} statements"
    except Refused as refused:
        return str(refused)


@app.task(queue="collection", retry=PATIENT)
def reconcile_one(schema: str) -> str:
    """Compare one Seller's collections with Stripe."""
    with in_seller(schema):
        report = reconcile_seller(as_of=today(), by=BY)
    return f"{report.checked} checked, {len(report.mended)} mended, {len(report.differs)} differ"


def day_to_bill(day: date) -> date | None:
    """The day of the run that the current Seller lacks on ``day``: the first of its month, or its launch day after it.

    ``None``: nothing is to be billed (again). A worker that was down on the 1st makes the run when it is back.
    """
    launch = SellerSettings.objects.get().launch_on
    if launch is None or day < launch:
        return None
    wanted = max(month_of(day), launch)
    done = BillingRun.objects.order_by("-as_of").values_list("as_of", flat=True).first()
    return None if done is not None and done >= wanted else wanted


# --- by the clock (plugin.toml says when) ----------------------------------------------------------------------------


@app.task(queue="clock")
def bill_sellers(timestamp: int) -> None:
    """Let every Seller be billed that is to be."""
    for schema in seller_schemas():
        with in_seller(schema):
            wanted = day_to_bill(today()) is not None
        if wanted:
            bill_seller.defer(schema=schema)


@app.task(queue="clock")
def collect_sellers(timestamp: int) -> None:
    """Let every statement be collected that something is to be done about, and tell what is to be told ahead."""
    from pos_billing.collection.ahead import notices_ahead, notices_past_due

    for schema in seller_schemas():
        with in_seller(schema):
            day = today()
            defer_many(collect, schema, "statement_id", statements_to_collect(day))
            defer_many(send_refund, schema, "refund_id", refunds_to_send())
            notices_ahead(as_of=day)
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


@app.task(queue="clock")
def send_notices(timestamp: int) -> None:
    """Let notices be sent that wait."""
    for schema in seller_schemas():
        with in_seller(schema):
            defer_many(send_notice, schema, "notice_id", notices_unsent())


@app.task(queue="clock")
def revive_jobs(timestamp: int) -> int:
    """Let jobs be done again whose worker died over them."""
    return jobs_revive(timezone.now())


def defer_many(task: Any, schema: str, argument: str, ids: Iterable[int]) -> None:
    """Put one job for each id into the queue, in few statements, in the current transaction."""
    ids = list(ids)
    for start in range(0, len(ids), AT_ONCE):
        task.batch_defer(*({"schema": schema, argument: pk} for pk in ids[start : start + AT_ONCE]))


def register_schedule(scheduled: dict[str, dict[str, str]], tasks: dict[str, Callable[..., Any]]) -> None:
    """Let the tasks of this module run when the manifest says."""
    for name, entry in scheduled.items():
        module, _, function = entry["task"].rpartition(".")
        if module == __name__:
            app.periodic(cron=entry["cron"], periodic_id=name)(tasks[function])


register_schedule(manifest()["jobs"]["scheduled"], globals())


# --- what the other packages tell us ---------------------------------------------------------------------------------


@receiver(statements_issued)
def _announce_run(sender: Any, schema: str, run: BillingRun, **kwargs: Any) -> None:
    announce.defer(schema=schema, run_id=run.pk)


@receiver(notice_made)
def _send_notice(sender: Any, notice: Any, **kwargs: Any) -> None:
    if notice.email:
        send_notice.defer(schema=connection.schema_name, notice_id=notice.pk)


@receiver([card_added, collection_wanted])
def _collect(sender: Any, statement_ids: Iterable[int], **kwargs: Any) -> None:
    defer_many(collect, connection.schema_name, "statement_id", statement_ids)


@receiver(money_moved)
def _close_invoices(sender: Any, statement_ids: Iterable[int], **kwargs: Any) -> None:
    """An open invoice over an amount that is no longer asked for must be closed."""
    from pos_billing.collection.models import Collection

    stale = Collection.objects.filter(statement__in=list(statement_ids), invoice_status__in=("draft", "open"))
    defer_many(collect, connection.schema_name, "statement_id", stale.values_list("statement_id", flat=True))


@receiver(post_save, sender=Refund)
def _send_refund(sender: Any, instance: Refund, created: bool, **kwargs: Any) -> None:
    if created and not instance.refund_id and instance.payment.payment_intent_id:
        send_refund.defer(schema=connection.schema_name, refund_id=instance.pk)


@receiver(post_save, sender=Plan)
def _tell_of_plan(sender: Any, instance: Plan, **kwargs: Any) -> None:
    if not instance.placeholder:
        sync_seller_products.defer(schema=connection.schema_name)
