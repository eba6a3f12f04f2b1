"""What is metered, and how the days of a month become one quantity.

The metrics are platformOS's own. A flow (calls, messages, jobs) adds up over the days; a level (rows stored,
megabytes kept, domains attached) is measured each day, and its highest day counts.
"""

from collections.abc import Iterable
from enum import Enum
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


def aggregate(metric: str, quantities: Iterable[int]) -> int:
    """One quantity from those of several days or spans; zero when there are none."""
    if METRICS[metric].aggregation is Aggregation.PEAK:
        return max(quantities, default=0)
    return sum(quantities)
