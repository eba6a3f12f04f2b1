"""The demo's billing runs: one for each month from launch on, as if somebody had been there on every 1st."""

from datetime import date
from io import StringIO

from django.core.management import call_command

from example_site.demo_steps.demo import Demo
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.models import BillingRun, Statement

DAYS = (date(2019, 2, 1), date(2019, 3, 1), date(2019, 4, 1))


def run_months(demo: Demo) -> str:
    """Bill every Seller for each month; what is billed stays as it is."""
    for day in DAYS:
        waiting = [schema for schema in seller_schemas() if not _was_billed(schema, day)]
        if waiting:
            demo.tell(f"as of {day}")
        for schema in waiting:
            call_command("bill", as_of=day, seller=schema, by="make demo", stdout=StringIO(), stderr=StringIO())
    return f"{_statements_there_are()} statements of {len(seller_schemas())} Sellers"


def _was_billed(schema: str, day: date) -> bool:
    """Say whether the Seller had a run on that day or later: runs never go back in time."""
    with in_seller(schema):
        return BillingRun.objects.filter(as_of__gte=day, accounts=None).exists()


def _statements_there_are() -> int:
    """Count the issued statements of all Sellers."""
    counted = 0
    for schema in seller_schemas():
        with in_seller(schema):
            counted += Statement.objects.count()
    return counted
