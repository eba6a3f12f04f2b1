"""Days of the pages: the one it is, and the one of the next statements."""

from datetime import date

from pos_billing.plans.today import today
from pos_billing.rating.months import month_of, next_month

__all__ = ["next_statement_day", "today"]


def next_statement_day(day: date) -> date:
    """The first day of the month after ``day``: when the next statements are issued."""
    return next_month(month_of(day))
