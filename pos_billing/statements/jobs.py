"""Billing by the clock. This is the edge: here the day is read."""

from datetime import date

from django.db.models import Max
from procrastinate.contrib.django import app

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import SellerSettings
from pos_billing.rating.months import month_of
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.forgetting import forget_read_notes
from pos_billing.statements.models import BillingRun
from pos_billing.statements.run import bill
from pos_billing.statements.scope import newest_run_day
from pos_billing.work.jobs import BY, PATIENT, of_seller, register_schedule
from pos_billing.work.one_by_one import each_seller


@app.task(queue="statements", retry=PATIENT)
@of_seller
def bill_seller(schema: str) -> str:
    """Bill one Seller for the month that has closed, unless that is done."""
    with in_seller(schema):
        as_of = day_to_bill(clock.seller_day())
    if as_of is None:
        return "nothing to bill yet"
    try:
        return f"{len(bill(schema, as_of=as_of, by=BY).statements)} statements"
    except Refused as refused:
        return str(refused)


def day_to_bill(day: date) -> date | None:
    """The day of the run that the current Seller lacks on ``day``: the first of its month, or its launch day after it.

    ``None``: nothing is to be billed (again). A worker that was down on the 1st makes the run when it is back.
    """
    launch = SellerSettings.objects.get().launch_on
    if launch is None or day < launch:
        return None
    wanted = max(month_of(day), launch)
    done = BillingRun.objects.filter(accounts=None).aggregate(newest=Max("as_of"))["newest"]
    if done is not None and done >= wanted:
        return None
    return max(wanted, newest_run_day() or wanted)  # a purchase may have been billed since: no run goes before it


def _defer_if_wanted(schema: str) -> None:
    with in_seller(schema):
        wanted = day_to_bill(clock.seller_day()) is not None
    if wanted:
        bill_seller.defer(schema=schema)


@app.task(queue="clock")
def bill_sellers(timestamp: int) -> None:
    """Let every Seller be billed that is to be."""
    each_seller(seller_schemas(), _defer_if_wanted)


@app.task(queue="clock")
def forget_notes(timestamp: int) -> int:
    """Forget notes of changed facts that every Seller's runs have seen."""
    return forget_read_notes()


register_schedule(__name__, globals())
