"""Statuses follow the day on which Instances are deleted, and come back as they were when that is corrected."""

from datetime import date

from django.db import connection

from pos_billing.facts.changes import FOR_GOOD, Change, Rows
from pos_billing.instances.models import StatusPeriod

DELETED = "pos_billing_deleted"
"""Temporary table: Instances (``thing``) whose deletion changed, and to which ``day`` (NULL: they are not deleted)."""

STATUS = ("status", "before_deletion")
"""What a status says: the status, and of days after a deletion the one that it ended."""


def stage_one(instance: int, day: date | None) -> None:
    """Fill ``DELETED`` with one Instance."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {DELETED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {DELETED} ON COMMIT DROP AS SELECT %s::bigint AS thing, %s::date AS day",
            [instance, day],
        )


def statuses_follow() -> Rows:
    """Let the statuses of the Instances in ``DELETED`` say so: deleted from that day on, before it what held or would.

    Each row of a deleted Instance keeps the status that it ended: nothing is guessed when it is taken back.
    """
    return Change(StatusPeriod, "instance_id", STATUS).make(
        f"""
        SELECT piece.thing, lower(piece.days) AS start, COALESCE(upper(piece.days), '{FOR_GOOD}') AS until,
            NULL::date AS ends, false AS void, piece.status, piece.before_deletion
        FROM (
            SELECT wanted.thing, fact.days * daterange(wanted.day, NULL) AS days, 'deleted' AS status,
                CASE fact.status WHEN 'deleted' THEN fact.before_deletion ELSE fact.status END AS before_deletion
            FROM {DELETED} AS wanted JOIN pos_billing_instances_statusperiod AS fact ON fact.instance_id = wanted.thing
            WHERE wanted.day IS NOT NULL
            UNION ALL
            SELECT wanted.thing, fact.days * daterange(NULL, wanted.day), fact.before_deletion, ''
            FROM {DELETED} AS wanted JOIN pos_billing_instances_statusperiod AS fact ON fact.instance_id = wanted.thing
            WHERE fact.status = 'deleted'
        ) AS piece WHERE NOT isempty(piece.days)
        """
    )
