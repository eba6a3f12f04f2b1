"""Domains changed: one way for a person's command, a register file, a sync and the deletion of an Instance.

Whoever asks puts rows into ``STAGED``, one for each Domain as it is to be afterwards; ``problems`` says which are
refused and why, ``apply`` carries out the rest. The number of queries does not depend on the number of Domains.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import connection

from pos_billing.facts.changes import Rows
from pos_billing.facts.staged import AFTER_DELETION, BEFORE_CREATION, Problem, Rule, problems_of

STAGED = "pos_billing_domain_change"


class Asked(NamedTuple):
    """A Domain as it is to be: of which Instance (id), from which day, until when.

    ``known`` is the id of the row that is changed, ``None`` for a new Domain. ``ended_by_deletion`` says that
    ``removed_on`` is the day its Instance was deleted, and follows that day.
    """

    row: int
    instance: int
    known: int | None
    host: str
    added_on: date
    removed_on: date | None = None
    ended_by_deletion: bool = False


def make_stage() -> None:
    """An empty ``STAGED``. Fill it, then call ``finish_stage``."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGED} (row bigint, thing bigint, known bigint, host text, added_on date, "
            "removed_on date, ended_by_deletion boolean NOT NULL DEFAULT false, "
            "refused boolean NOT NULL DEFAULT false) ON COMMIT DROP"
        )


def finish_stage() -> None:
    """Tell PostgreSQL how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {STAGED}")


def stage(asked: Iterable[Asked]) -> None:
    """Put what is asked into ``STAGED``, by COPY."""
    make_stage()
    columns = "row, thing, known, host, added_on, removed_on, ended_by_deletion"
    with connection.cursor() as cursor, cursor.copy(f"COPY {STAGED} ({columns}) FROM STDIN") as copy:
        for one in asked:
            copy.write_row(one)
    finish_stage()


def stage_deletion(instance: int, day: date | None) -> None:
    """Stage what the deletion of an Instance on ``day`` does to its Domains; ``None``: it was not deleted after all.

    A deletion ends the Domains it has then, and notes so: only those follow when the day is corrected or taken back.
    """
    make_stage()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {STAGED} (row, thing, known, host, added_on, removed_on, ended_by_deletion) "
            "SELECT id, instance_id, id, host, added_on, %(day)s::date, %(day)s::date IS NOT NULL "
            "FROM pos_billing_instances_domain "
            "WHERE instance_id = %(id)s AND (removed_on IS NULL OR ended_by_deletion)",
            {"day": day, "id": instance},
        )
    finish_stage()


_FROM = (
    f"FROM {STAGED} AS staged JOIN pos_billing_instances_instance AS thing ON thing.id = staged.thing "
    "WHERE NOT staged.refused AND"
)
DAYS = (
    Rule(
        "domain_before_creation",
        "added_on",
        BEFORE_CREATION,
        f"SELECT row, thing.name, thing.created_on, NULL, NULL {_FROM} staged.added_on < thing.created_on",
    ),
    Rule(
        "domain_after_deletion",
        "added_on",
        AFTER_DELETION,
        f"SELECT row, thing.name, thing.deleted_on, NULL, NULL {_FROM} staged.added_on > thing.deleted_on",
    ),
    Rule(
        "domain_removed_before_added",
        "removed_on",
        "{subject} was added on {one}: it cannot be removed before, on {two}.",
        f"SELECT row, staged.host, staged.added_on, staged.removed_on, NULL {_FROM} "
        "staged.removed_on < staged.added_on",
    ),
)
ON_DELETION_DAY = Rule(
    "domain_after_deletion",
    "added_on",
    AFTER_DELETION,
    f"SELECT row, thing.name, thing.deleted_on, NULL, NULL {_FROM} staged.added_on = thing.deleted_on",
)
"""A file may hold a Domain of an Instance that lived for less than a day; a person would have added nothing."""
TAKEN = Rule(
    "domain_taken",
    "host",
    "{subject} belongs to {one} then ({two}): remove it there, or correct a day.",
    f"""
    WITH after AS (
        SELECT row, known AS id, thing, host, daterange(added_on, removed_on) AS days
        FROM {STAGED} WHERE NOT refused AND (removed_on IS NULL OR removed_on >= added_on)
        UNION ALL
        SELECT NULL, known.id, known.instance_id, known.host, daterange(known.added_on, COALESCE(
            known.removed_on, CASE WHEN thing.deleted_on >= known.added_on THEN thing.deleted_on END
        ))
        FROM pos_billing_instances_domain AS known
        JOIN pos_billing_instances_instance AS thing ON thing.id = known.instance_id
        WHERE known.host IN (SELECT host FROM {STAGED}) AND known.id NOT IN (
            SELECT known FROM {STAGED} WHERE known IS NOT NULL AND NOT refused
        )
    )
    SELECT DISTINCT ON (wanted.row) wanted.row, wanted.host, thing.name,
        'from ' || lower(other.days) || COALESCE(' until ' || upper(other.days), ''), NULL
    FROM after AS wanted JOIN after AS other ON other.host = wanted.host AND other.days && wanted.days
        AND (other.row IS NULL OR other.row < wanted.row)
    JOIN pos_billing_instances_instance AS thing ON thing.id = other.thing
    WHERE wanted.row IS NOT NULL ORDER BY wanted.row, lower(other.days)
    """,
)
"""A host belongs to one Instance on a day, by what is known and by an earlier row. One removed on the day it was
added never belonged to anybody."""


def problems(*, by_hand: bool = False) -> Iterator[Problem]:
    """Every problem of the staged rows; rows that have one are marked and not applied."""
    return problems_of(STAGED, (*DAYS, *((ON_DELETION_DAY,) if by_hand else ()), TAKEN))


def apply() -> Rows:
    """Write the staged rows that were not refused. Those that are so already are left alone."""
    with connection.cursor() as cursor:
        # What gives a host up is written before what takes it: one Instance has it at a time.
        altered = 0
        for ends in ("IS NOT NULL", "IS NULL"):
            cursor.execute(
                "UPDATE pos_billing_instances_domain AS known SET added_on = staged.added_on, "
                "removed_on = staged.removed_on, ended_by_deletion = staged.ended_by_deletion "
                f"FROM {STAGED} AS staged WHERE known.id = staged.known AND NOT staged.refused "
                f"AND staged.removed_on {ends} AND (known.added_on, known.removed_on, known.ended_by_deletion) "
                "IS DISTINCT FROM (staged.added_on, staged.removed_on, staged.ended_by_deletion)"
            )
            altered += cursor.rowcount
        cursor.execute(
            "INSERT INTO pos_billing_instances_domain (instance_id, host, added_on, removed_on, ended_by_deletion) "
            f"SELECT thing, host, added_on, removed_on, ended_by_deletion FROM {STAGED} "
            "WHERE known IS NULL AND NOT refused ORDER BY row"
        )
        return Rows(cursor.rowcount, altered)
