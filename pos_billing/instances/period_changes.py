"""Environments, statuses and owners changed: one way for a person's command, a register file and a sync.

Whoever asks puts rows into ``STAGED``, all of one kind; ``problems`` says which are refused and why, ``prepare`` works
out what the rest changes. The number of queries does not depend on the number of Instances.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, models

from pos_billing.facts.changes import AS_BEFORE, Change, Rows
from pos_billing.facts.staged import AFTER_DELETION, BEFORE_CREATION, Problem, Rule, problems_of, raise_first
from pos_billing.instances.deletion import STATUS
from pos_billing.instances.models import EnvironmentPeriod, Ownership, StatusPeriod

STAGED = "pos_billing_period_change"
CREATED = "pos_billing_created"
"""Temporary table: Instances (``thing``) whose creation is corrected, from day ``was`` to ``day``."""

PERIODS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "environment": (EnvironmentPeriod, ("environment",)),
    "status": (StatusPeriod, STATUS),
    "owner": (Ownership, ("partner_id",)),
}
"""What an Instance has on each day: the table, and the columns that say what holds."""

_FROM = (
    f"FROM {STAGED} AS staged JOIN pos_billing_instances_instance AS thing ON thing.id = staged.thing "
    "WHERE staged.row IS NOT NULL AND NOT staged.refused AND"
)
DAYS = (
    Rule(
        "period_before_creation",
        "day",
        BEFORE_CREATION,
        f"SELECT row, thing.name, thing.created_on, NULL, NULL {_FROM} start < thing.created_on",
    ),
    Rule(
        "period_after_deletion",
        "day",
        AFTER_DELETION,
        f"SELECT row, thing.name, thing.deleted_on, NULL, NULL {_FROM} start >= thing.deleted_on",
    ),
)


def make_stage() -> None:
    """An empty ``STAGED``. Rows without a number in ``row`` follow from others and are never refused."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGED} (row bigint, thing bigint, start date, until date, ends date, "
            "void boolean NOT NULL DEFAULT false, environment varchar, status varchar, "
            "before_deletion varchar NOT NULL DEFAULT '', partner_id bigint, refused boolean NOT NULL DEFAULT false) "
            "ON COMMIT DROP"
        )


def problems() -> Iterator[Problem]:
    """Every problem of the staged rows; rows that have one are marked and not applied."""
    return problems_of(STAGED, DAYS)


def prepare(kind: str) -> tuple[Change, int]:
    """What the staged rows that were not refused change, to be applied, and how many rows of days that is."""
    model, columns = PERIODS[kind]
    change = Change(model, "instance_id", columns)
    values = ", ".join(columns)
    source = f"SELECT thing, start, until, ends, void, {values} FROM {STAGED} WHERE NOT refused"
    return change, change.prepare(source, afterwards=AS_BEFORE)


def hold_from(kind: str, instance: int, day: date, value: Any) -> Rows:
    """``value`` holds for one Instance from ``day`` until the next change that is known.

    Raises ``Refused`` (field ``day``) when the Instance does not exist on that day.
    """
    make_stage()
    with connection.cursor() as cursor:
        column = PERIODS[kind][1][0]
        cursor.execute(
            f"INSERT INTO {STAGED} (row, thing, start, {column}) VALUES (1, %s, %s, %s)", [instance, day, value]
        )
    raise_first(problems())
    return _applied(kind)


def begin_on(instance: int, was: date, day: date) -> None:
    """Let what one Instance had on its first day ``was`` begin on ``day`` instead: it was created then."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {CREATED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {CREATED} ON COMMIT DROP AS "
            "SELECT %s::bigint AS thing, %s::date AS was, %s::date AS day",
            [instance, was, day],
        )
    for kind in PERIODS:
        make_stage()
        stage_creation(kind)
        _applied(kind)


def stage_creation(kind: str) -> None:
    """Stage what corrected days of creation (``CREATED``) do: nothing holds before a later one; before an earlier one,
    what held first does, where no staged row says otherwise."""
    model, columns = PERIODS[kind]
    names = ", ".join(columns)
    first = ", ".join(f"first.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {STAGED} (thing, start, until, {names}) "
            f"SELECT created.thing, created.day, created.was, {first} FROM {CREATED} AS created "
            f"JOIN {model._meta.db_table} AS first ON first.instance_id = created.thing "
            f"AND lower(first.days) = created.was WHERE created.day < created.was AND NOT EXISTS ("
            f"SELECT FROM {STAGED} AS said WHERE said.thing = created.thing AND said.start < created.was)"
        )
        cursor.execute(
            f"INSERT INTO {STAGED} (thing, start, until, void) "
            f"SELECT thing, was, day, true FROM {CREATED} WHERE was < day"
        )


def _applied(kind: str) -> Rows:
    change, changed = prepare(kind)
    return change.apply() if changed else Rows()
