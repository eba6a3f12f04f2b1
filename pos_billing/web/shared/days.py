"""Days of the pages beside the one it is (``facts.clock``)."""

from datetime import date

from pos_billing.rating.months import month_of, next_month


def next_statement_day(day: date) -> date:
    """The first day of the month after ``day``: when the next statements are issued."""
    return next_month(month_of(day))
