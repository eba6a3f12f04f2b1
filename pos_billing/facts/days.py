"""Facts that hold for days: one value on each day, changed from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from pos_billing.facts.changes import FOR_GOOD, Change
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


def change_from(
    model: type[models.Model], thing: Mapping[str, Any], day: date, values: Mapping[str, Any], until: date | None = None
) -> bool:
    """Make ``values`` hold for ``thing`` from ``day`` until ``until`` (not included; ``None``: the next known change).

    ``thing`` names the one thing by its foreign key, ``{"instance": instance}``. What held on those days is cut back,
    split around them, or, where nothing of it remains, removed; days before and after stay as they were, and
    neighbours that say the same become one row. Returns whether anything changed: saying a thing twice does not.
    Raises ``Refused`` when ``until`` is not after ``day``.
    """
    _refuse_empty(day, until)
    ((name, of),) = thing.items()
    fields = {key: _field(model, key) for key in values}
    change = Change(model, _column(_field(model, name)), [_column(field) for field in fields.values()])
    columns = "".join(f", %({key})s::{field.db_type(connection)} AS {field.column}" for key, field in fields.items())
    parameters = {key: field.get_db_prep_save(_key(values[key]), connection) for key, field in fields.items()}
    source = (
        "SELECT %(thing_)s::bigint AS thing, %(day_)s::date AS start, %(until_)s::date AS until, NULL::date AS ends, "
        f"false AS void{columns}"
    )
    parameters |= {"thing_": _key(of), "day_": day, "until_": until}
    return bool(change.make(source, parameters).total)


def end_on(model: type[models.Model], thing: Mapping[str, Any], day: date, until: date | None = None) -> bool:
    """Let nothing hold for ``thing`` from ``day`` on (until ``until``, not included): cut or remove what does.

    Returns whether anything changed. Raises ``Refused`` when ``until`` is not after ``day``.
    """
    _refuse_empty(day, until)
    ((name, of),) = thing.items()
    column = _column(_field(model, name))
    fields = [f for f in model._meta.concrete_fields if f.column not in {"id", "days", column}]
    nothing = "".join(f", NULL::{f.db_type(connection)} AS {f.column}" for f in fields)
    source = (
        "SELECT %(thing)s::bigint AS thing, %(day)s::date AS start, "
        f"COALESCE(%(until)s::date, '{FOR_GOOD}') AS until, NULL::date AS ends, true AS void{nothing}"
    )
    change = Change(model, column, [_column(f) for f in fields])
    return bool(change.make(source, {"thing": _key(of), "day": day, "until": until}).total)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The field called ``name``; a ``ValueError`` for the other end of a relation, which has no column."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise ValueError(f"{name} of {model.__name__} has no column")
    return field


def _column(field: "models.Field[Any, Any]") -> str:
    """The column a field is kept in; a ``ValueError`` for one that has a table of its own."""
    if field.column is None:
        raise ValueError(f"{field} has no column")
    return field.column


def _refuse_empty(day: date, until: date | None) -> None:
    if until is not None and until <= day:
        raise Refused("until", f"The last day must be after {day}.", code="last_day_not_after_first")


def _key(value: Any) -> Any:
    """The primary key of a model's row; any other value as it is."""
    return value.pk if isinstance(value, models.Model) else value
