"""Calendar months, each named by its first day."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def month_of(day: date) -> date:
    """The first day of the month that holds ``day``."""
    return day.replace(day=1)


@lru_cache(maxsize=4096)
def next_month(month: date) -> date:
    """The first day of the month after ``month`` (itself a first day)."""
    return date(month.year + 1, 1, 1) if month.month == 12 else date(month.year, month.month + 1, 1)


@lru_cache(maxsize=4096)
def previous_month(month: date) -> date:
    """The first day of the month before ``month`` (itself a first day)."""
    return date(month.year - 1, 12, 1) if month.month == 1 else date(month.year, month.month - 1, 1)


@lru_cache(maxsize=4096)
def days_in_month(month: date) -> int:
    """How many days the month has: 28 to 31. The denominator of proration (rule 5)."""
    return (next_month(month) - month).days
