"""Assigning plans to many subjects at once: staged, checked, applied, and mirrored to the platform's ledger.

One way for a person's command and for a file of a hundred thousand rows: ``stage`` what is asked, ``problems`` says
what of it is refused and why (``assigning_checks``), ``apply`` carries the rest out. The number of queries does not
depend on the number of subjects.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.changes import CHANGED, FOR_GOOD, Change, Rows
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.models import Assignment
from pos_billing.plans.partner_accounts import account_of, current_partner
from pos_billing.sellers.schemas import in_seller, is_platform

STAGED = "pos_billing_assigning"
OWNER = (
    "CASE staged.kind WHEN 'instance' THEN (SELECT owned.partner_id FROM pos_billing_instances_ownership AS owned "
    "WHERE owned.instance_id = staged.subject_id AND owned.days @> staged.day) "
    "ELSE (SELECT thing.partner_id FROM pos_billing_instances_dedicatedenvironment AS thing "
    "WHERE thing.id = staged.subject_id) END"
)
"""The Partner whose subject a staged row is on its first day, in SQL."""
VALUES, NOTES = ("plan_id", "account_id"), ("by", "entered_at")


class Asked(NamedTuple):
    """One row of what is asked: a subject (kind and id), a plan, who pays, and the days.

    ``until`` is ``None`` until the next known change; with ``replace_later`` every change that is known from ``day``
    on gives way, up to the day on which the subject goes to another Partner. ``row`` is given back with a problem.
    """

    row: int
    kind: str
    subject: int
    plan: int
    account: int | None
    day: date
    until: date | None = None
    replace_later: bool = False


def stage(asked: Iterable[Asked]) -> int:
    """Put what is asked into the temporary table ``STAGED``, by COPY; return how many rows it has."""
    make_stage()
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {STAGED} (row, kind, subject_id, plan_id, account_id, day, until) FROM STDIN") as copy,
    ):
        for row in asked:
            *values, until, replace_later = row
            copy.write_row([*values, FOR_GOOD if replace_later else until])
            count += 1
    finish_stage()
    return count


def make_stage() -> None:
    """An empty ``STAGED``. Fill it, then call ``finish_stage``."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGED} (row bigint, kind text, subject_id bigint, plan_id bigint, "
            "account_id bigint, day date, until date, ends date, refused boolean NOT NULL DEFAULT false) ON COMMIT DROP"
        )


def finish_stage() -> None:
    """Work out where each row must end, with the ownership of its first day, and who pays the platform by default."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {STAGED} AS staged SET ends = upper(owned.days) FROM pos_billing_instances_ownership AS owned "
            "WHERE staged.kind = 'instance' AND owned.instance_id = staged.subject_id AND owned.days @> staged.day "
            "AND NOT upper_inf(owned.days)"
        )
        cursor.execute(f"UPDATE {STAGED} SET until = ends WHERE until = '{FOR_GOOD}' AND ends IS NOT NULL")
        if is_platform():
            cursor.execute(
                f"UPDATE {STAGED} AS staged SET account_id = account.id FROM pos_billing_account AS account "
                f"WHERE staged.account_id IS NULL AND account.partner_id = {OWNER}"
            )
        cursor.execute(f"ANALYZE {STAGED}")


def ended_by_known() -> list[tuple[int, str, str, date, str]]:
    """Rows without ``until`` that were applied and yet end, at a change that was known already, not one of their own.

    For each its number, the subject's name, its plan, the day on which it ends, and the plan that follows. One query
    for each kind of subject.
    """
    found: list[tuple[int, str, str, date, str]] = []
    tables = {"instance": "pos_billing_instances_instance", "dedicated": "pos_billing_instances_dedicatedenvironment"}
    for kind, column in KINDS.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT staged.row, thing.name, plan.name, upper(fact.days), next_plan.name FROM {STAGED} AS staged "
                f"JOIN {tables[kind]} AS thing ON thing.id = staged.subject_id "
                f"JOIN pos_billing_assignment AS fact ON fact.{column} = staged.subject_id AND fact.days @> staged.day "
                "JOIN pos_billing_plan AS plan ON plan.id = fact.plan_id "
                f"JOIN pos_billing_assignment AS following ON following.{column} = staged.subject_id "
                "AND lower(following.days) = upper(fact.days) "
                "JOIN pos_billing_plan AS next_plan ON next_plan.id = following.plan_id "
                "WHERE staged.kind = %s AND staged.until IS NULL AND NOT staged.refused "
                "AND upper(fact.days) IS DISTINCT FROM staged.ends AND NOT EXISTS ("
                f"SELECT FROM {STAGED} AS own WHERE own.kind = staged.kind AND own.subject_id = staged.subject_id "
                "AND (own.day = upper(fact.days) OR own.until = lower(following.days))) ORDER BY staged.row",
                [kind],
            )
            found += cursor.fetchall()
    return found


UNBILLED_AFTERWARDS = {
    "void": "false",
    "plan_id": "(SELECT id FROM pos_billing_plan WHERE placeholder)",
    "account_id": "CASE WHEN %(platform)s THEN fact.account_id END",
}


def apply(*, by: str, ends_are_corrections: bool = False) -> Rows:
    """Carry out the staged rows that were not refused, in this schema and, from a Partner's, in the platform's too.

    Rows that are so already write nothing on either side. ``ends_are_corrections`` is for files: a plan that is known
    from the same day on, but for longer than a row's ``until``, ends there, and Unbilled follows. Returns the rows
    written in this schema.
    """
    partner = current_partner()
    written = Rows()
    for kind, column in KINDS.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {STAGED} WHERE kind = %s AND NOT refused)", [kind])
            if not cursor.fetchone()[0]:
                continue
        change = Change(Assignment, column, VALUES, NOTES)
        source = (
            f"SELECT subject_id AS thing, day AS start, until, ends, false AS void, plan_id, account_id, "
            f"%(by)s::varchar AS by, now() AS entered_at FROM {STAGED} WHERE kind = %(kind)s AND NOT refused"
        )
        parameters = {"kind": kind, "by": by, "platform": partner is None}
        if not change.prepare(source, parameters, afterwards=UNBILLED_AFTERWARDS if ends_are_corrections else None):
            continue
        _keep_changed()
        made = change.apply()
        written = Rows(*(one + other for one, other in zip(written, made, strict=True)))
        if partner is not None:
            mirror(column, partner, by)
    return written


def mirror(column: str, partner: Any, by: str) -> Rows:
    """Assign the parent plans of what was just changed in a Partner's schema, for the same days, in the platform's.

    Unbilled is mirrored as Unbilled. Reads ``pos_billing_mirrored`` (``_keep_changed``) and the plans of this schema.
    """
    source = (
        f"SELECT thing, lower(days) AS start, COALESCE(upper(days), '{FOR_GOOD}') AS until, NULL::date AS ends, void, "
        "COALESCE(parent_id, (SELECT id FROM pos_billing_plan WHERE placeholder)) AS plan_id, "
        "%(account)s::bigint AS account_id, %(by)s::varchar AS by, now() AS entered_at FROM pos_billing_mirrored"
    )
    account = account_of(partner)
    with in_seller(get_public_schema_name()):
        return Change(Assignment, column, VALUES, NOTES).make(source, {"account": account.pk, "by": by})


def _keep_changed() -> None:
    """Keep what is about to change, with the parent plans, for the other side."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pos_billing_mirrored")
        cursor.execute(
            f"CREATE TEMPORARY TABLE pos_billing_mirrored ON COMMIT DROP AS SELECT changed.*, plan.parent_id "
            f"FROM {CHANGED} AS changed JOIN pos_billing_plan AS plan ON plan.id = changed.plan_id"
        )


def subject_names(rows: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """The names of subjects (kind, id), for messages: at most two queries."""
    wanted = list(rows)
    found: dict[tuple[str, int], str] = {}
    tables = {"instance": "pos_billing_instances_instance", "dedicated": "pos_billing_instances_dedicatedenvironment"}
    for kind, table in tables.items():
        ids = [subject for of, subject in wanted if of == kind]
        if ids:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT id, name FROM {table} WHERE id = ANY(%s)", [ids])
                found |= {(kind, subject): name for subject, name in cursor.fetchall()}
    return found
