"""Facts that hold for days: one value a day, changed from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from pos_billing.facts.errors import Refused
from pos_billing.rating.spans import FOREVER, Span


class DatedFact(models.Model):
    """A row that is true on the days of ``days``: ``[start, end)``, the end open until the fact changes."""

    days = DateRangeField(help_text="From the first day on which this holds, up to the day on which it ends.")

    class Meta:
        abstract = True

    @property
    def span(self) -> Span:
        """The days as the pure rating code reads them."""
        return as_span(self.days)


def as_span(days: Any) -> Span:
    """A PostgreSQL ``daterange`` as a ``Span``; an open end is ``FOREVER``."""
    return Span(days.lower, FOREVER if days.upper is None else days.upper)


def as_days(start: date, end: date | None = None) -> DateRange:
    """``[start, end)`` as PostgreSQL keeps it; ``None`` or ``FOREVER`` leaves the end open."""
    return DateRange(start, None if end == FOREVER else end, "[)")


def whole_days(name: str) -> models.CheckConstraint:
    """The constraint that ``days`` has a first day and at least one day."""
    return models.CheckConstraint(
        condition=models.Q(days__isempty=False) & models.Q(days__startswith__isnull=False), name=name
    )


def one_a_day(name: str, *fields: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """The exclusion constraint that the same ``fields`` (integer columns) never have two rows on one day.

    Integers are compared as one-element ranges, so that PostgreSQL needs no extension for it.
    """
    same = [
        (models.Func(models.F(f), models.F(f), models.Value("[]"), function="int8range"), RangeOperators.EQUAL)
        for f in fields
    ]
    return ExclusionConstraint(
        name=name, expressions=[*same, ("days", RangeOperators.OVERLAPS)], index_type="gist", condition=condition
    )


def change_from(rows: models.QuerySet[Any], day: date, values: Mapping[str, Any], until: date | None = None) -> Any:
    """Make ``values`` hold from ``day`` until ``until`` (not included; ``None``: until the next known change).

    ``rows`` are those of one thing (one Instance's environments, one fee's prices). What held on those days is cut
    back, split around them, or, where nothing of it remains, removed; days before and after stay as they were.
    Returns the new row. A row that already says the same on exactly these days is left and returned, so that saying
    a thing twice changes nothing. Raises ``Refused`` when ``until`` is not after ``day``.
    """
    if until is not None and until <= day:
        raise Refused("until", f"The last day must be after {day}.")
    existing = list(rows.select_for_update().order_by("days"))
    if until is None:
        until = next((row.span.start for row in existing if row.span.start > day), None)
    end = until or FOREVER
    for row in existing:
        if row.span == Span(day, end) and all(getattr(row, name) == value for name, value in values.items()):
            return row
    for row in existing:
        start, stop = row.span
        if stop <= day or end <= start:
            continue
        if start < day:
            row.days = as_days(start, day)
            row.save(update_fields=["days"])
            if end < stop:
                _copied(row, as_days(end, stop))
        elif end < stop:
            row.days = as_days(end, stop)
            row.save(update_fields=["days"])
        else:
            row.delete()
    return rows.model.objects.create(days=as_days(day, until), **values)


def end_on(rows: models.QuerySet[Any], day: date) -> None:
    """Let nothing hold from ``day`` on: cut what does, remove what begins later."""
    for row in rows.select_for_update().filter(models.Q(days__endswith__gt=day) | models.Q(days__upper_inf=True)):
        if row.span.start < day:
            row.days = as_days(row.span.start, day)
            row.save(update_fields=["days"])
        else:
            row.delete()


def _copied(row: Any, days: DateRange) -> None:
    """A second row that says the same on other days."""
    row.pk, row._state.adding, row.days = None, True, days
    row.save(force_insert=True)
