"""Instances of a file, and what holds of them from day to day: environment, status, Partner."""

from pos_billing.facts.changes import CHANGED, Rows
from pos_billing.instances import deletion, period_changes
from pos_billing.instances.period_changes import PERIODS
from pos_billing.register.checks import (
    refuse_doubles,
    refuse_overlaps,
    refuse_unknown_partners,
    refuse_unknown_things,
)
from pos_billing.register.report import Problem
from pos_billing.register.staging import Staged, table_of

ROW = table_of("instance")
# What an Instance's own row says of the day it was created; a row of the kind for that very day comes first.
OF_INSTANCE = {"environment": "environment", "status": "status", "owner": "partner_id"}


def import_instances(staged: Staged) -> None:
    """Insert and update Instances, then their environments, statuses and owners.

    Subjects whose ownership changed are left in ``pos_billing_following``, for the plans to follow.
    """
    staged.find_things("instance")
    staged.execute(f"ALTER TABLE {ROW} ADD is_new boolean, ADD was_created date, ADD was_deleted date")
    refuse_doubles(staged, "instance", "uuid", "uuid")
    refuse_unknown_partners(staged, "instance")
    staged.execute(
        f"UPDATE {ROW} AS row SET is_new = (row.thing IS NULL), "
        "(was_created, was_deleted) = (SELECT created_on, deleted_on FROM pos_billing_instances_instance AS known "
        "WHERE known.id = row.thing)"
    )
    for column in ("environment", "partner"):
        staged.refuse(
            "instance",
            column,
            "is missing: a new Instance needs it.",
            f"SELECT number, NULL, NULL FROM {{table}} WHERE is_new AND {column} IS NULL",
        )
    _refuse_deletion(staged)
    staged.report.add("instance", _write(staged))
    staged.find_things("instance")
    _stage_creations(staged)
    for kind in PERIODS:
        staged.progress(kind, staged.report.rows.get(kind, 0))
        staged.report.add(kind, _import_periods(staged, kind))


TAGS = (
    "CASE WHEN row.tags IS NULL THEN {otherwise} ELSE COALESCE(("
    "SELECT array_agg(tag ORDER BY place) FROM jsonb_array_elements_text(row.tags::jsonb) WITH ORDINALITY AS "
    "listed (tag, place)), '{{}}')::varchar[] END"
)


def _refuse_deletion(staged: Staged) -> None:
    """Refuse days that a known Instance's Domains contradict, where the file does not correct those as well."""
    domains = (
        "FROM {table} AS row JOIN pos_billing_instances_domain AS domain ON domain.instance_id = row.thing "
        f"WHERE NOT row.refused AND NOT EXISTS (SELECT FROM {table_of('domain')} AS told WHERE told.uuid = row.uuid "
        "AND told.host = domain.host)"
    )
    staged.refuse(
        "instance",
        "created_on",
        "its Domain {one} was added on {two}, before that day.",
        f"SELECT row.number, domain.host, domain.added_on {domains} AND domain.added_on < row.created_on",
    )
    staged.refuse(
        "instance",
        "deleted_on",
        "its Domain {one} was added on {two}, after that day.",
        f"SELECT row.number, domain.host, domain.added_on {domains} AND domain.added_on > row.deleted_on",
    )


def _write(staged: Staged) -> Rows:
    tags = TAGS.format(otherwise="known.tags")
    altered = staged.execute(
        f"""
        UPDATE pos_billing_instances_instance AS known SET
            name = row.name, created_on = row.created_on, deleted_on = COALESCE(row.deleted_on, known.deleted_on),
            data_center = COALESCE(row.data_center, known.data_center), url = COALESCE(row.url, known.url),
            tags = {tags}
        FROM {ROW} AS row WHERE known.id = row.thing AND NOT row.refused AND (
            known.name, known.created_on, known.deleted_on, known.data_center, known.url, known.tags
        ) IS DISTINCT FROM (
            row.name::varchar, row.created_on, COALESCE(row.deleted_on, known.deleted_on),
            COALESCE(row.data_center, known.data_center)::varchar, COALESCE(row.url, known.url)::varchar,
            {tags}
        )
        """
    )
    added = staged.execute(
        f"""
        INSERT INTO pos_billing_instances_instance (uuid, name, created_on, deleted_on, data_center, url, tags)
        SELECT uuid, name, created_on, deleted_on, COALESCE(data_center, ''), COALESCE(url, ''),
            {TAGS.format(otherwise="'{}'::varchar[]")}
        FROM {ROW} AS row WHERE is_new AND NOT refused ORDER BY number
        """
    )
    if added > 1000:
        staged.execute("ANALYZE pos_billing_instances_instance")
    return Rows(added, altered)


def _import_periods(staged: Staged, kind: str) -> Rows:
    """Apply one kind of dated facts: the kind's own rows, and what the rows of Instances say of their first day."""
    table, own, column = table_of(kind), f"row.{OF_INSTANCE[kind]}", PERIODS[kind][1][0]
    staged.find_things(kind)
    if kind == "owner":
        refuse_unknown_partners(staged, kind)
    refuse_unknown_things(staged, kind)
    refuse_overlaps(staged, kind, "thing")
    until, ends = "until" if kind != "owner" else "NULL::date", "NULL::date"
    if kind == "status":
        _stage_deletions(staged)
        own = "COALESCE(row.status, CASE WHEN row.is_new THEN 'active' END)"
        # a deletion that was known before stays; one that the file changes follows afterwards
        ends = (
            "(SELECT deleted_on FROM pos_billing_instances_instance AS known WHERE known.id = row.thing "
            f"AND known.id NOT IN (SELECT thing FROM {deletion.DELETED}))"
        )
    period_changes.make_stage()
    staged.execute(
        f"INSERT INTO {period_changes.STAGED} (row, thing, start, until, ends, {column}) "
        f"SELECT number, thing, start, {until}, {ends}, {column} FROM {table} AS row WHERE NOT refused UNION ALL "
        f"SELECT NULL, row.thing, row.created_on, NULL, {ends}, {own} FROM {ROW} AS row "
        f"WHERE NOT row.refused AND {own} IS NOT NULL AND NOT EXISTS ("
        f"SELECT FROM {table} AS told WHERE told.thing = row.thing AND told.start = row.created_on)"
    )
    staged.refuse_rows(Problem(kind, found.row, "from", found.message) for found in period_changes.problems())
    period_changes.stage_creation(kind)
    change, changed = period_changes.prepare(kind)
    if kind == "owner":
        staged.execute("DROP TABLE IF EXISTS pos_billing_following")
        staged.execute(
            "CREATE TEMPORARY TABLE pos_billing_following ON COMMIT DROP AS "
            f"SELECT DISTINCT 'instance' AS kind, thing FROM {CHANGED}"
        )
    made = change.apply() if changed else Rows()
    if kind == "status":
        made = Rows(*(one + other for one, other in zip(made, deletion.statuses_follow(), strict=True)))
    return made


def _stage_creations(staged: Staged) -> None:
    """The Instances whose day of creation the file corrects."""
    staged.execute(f"DROP TABLE IF EXISTS {period_changes.CREATED}")
    staged.execute(
        f"CREATE TEMPORARY TABLE {period_changes.CREATED} ON COMMIT DROP AS "
        f"SELECT thing, was_created AS was, created_on AS day FROM {ROW} "
        "WHERE NOT refused AND was_created <> created_on"
    )


def _stage_deletions(staged: Staged) -> None:
    """The Instances that the file deletes, or deletes on another day than was known."""
    staged.execute(f"DROP TABLE IF EXISTS {deletion.DELETED}")
    staged.execute(
        f"CREATE TEMPORARY TABLE {deletion.DELETED} ON COMMIT DROP AS SELECT thing, deleted_on AS day FROM {ROW} "
        "WHERE NOT refused AND deleted_on IS NOT NULL AND deleted_on IS DISTINCT FROM was_deleted"
    )
    staged.execute(f"ANALYZE {deletion.DELETED}")
