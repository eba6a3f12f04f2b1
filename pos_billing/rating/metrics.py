"""What is metered, and how the days of a month become one quantity.

The metrics are platformOS's own. A flow (calls, messages, jobs) adds up over the days; a level (rows stored,
megabytes kept, domains attached) is measured each day, and its highest day counts.
"""

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction
from typing import NamedTuple


class Aggregation(Enum):
    """How the daily quantities of a span become one."""

    SUM = "sum"
    PEAK = "peak"


class Metric(NamedTuple):
    """One thing counted for each Instance and day."""

    code: str
    name: str
    unit: str
    aggregation: Aggregation


METRICS = {
    metric.code: metric
    for metric in (
        Metric("db_objects", "Database objects", "objects", Aggregation.PEAK),
        Metric("api_calls", "API calls", "calls", Aggregation.SUM),
        Metric("storage_mb", "Storage", "MB", Aggregation.PEAK),
        Metric("emails", "Emails", "emails", Aggregation.SUM),
        Metric("sms", "SMS", "messages", Aggregation.SUM),
        Metric("background_jobs", "Background jobs", "jobs", Aggregation.SUM),
        Metric("domains", "Domains", "domains", Aggregation.PEAK),
    )
}


HIGHEST_DAILY_QUANTITY = 10**12
"""More of a metric than any Instance uses on a day. A larger number is a slip, and is refused where it comes in."""


def aggregate(metric: str, quantities: Iterable[int]) -> int:
    """One quantity from those of several days or spans; zero when there are none."""
    if METRICS[metric].aggregation is Aggregation.PEAK:
        return max(quantities, default=0)
    return sum(quantities)


def monthly(metric: str, quantity: int, billed_days: int, days_in_month: int) -> int | Fraction:
    """The part of a month's usage that ``quantity``, aggregated over ``billed_days``, stands for (rule 7).

    A flow was used up on those days: it counts as it is. A level was held on those days alone: it counts for their
    share of the month, as the included quantity does, so that 500 MB of 800 included are never over, however few
    days are billed.

    >>> monthly("api_calls", 500, 15, 30), monthly("storage_mb", 500, 15, 30)
    (500, Fraction(250, 1))
    """
    if METRICS[metric].aggregation is Aggregation.PEAK and billed_days != days_in_month:
        return Fraction(quantity * billed_days, days_in_month)
    return quantity
