"""Placements follow the day on which dedicated environments are given up, and go on when that day is corrected."""

from datetime import date

from django.db import connection

from pos_billing.facts.changes import FOR_GOOD, Change, Rows
from pos_billing.instances.models import EndedPlacement, Placement

REMOVED = "pos_billing_removed"
"""Temporary table: dedicated environments (``thing``) that are given up on ``day``."""


def stage_one(dedicated_environment: int, day: date) -> None:
    """Fill ``REMOVED`` with one dedicated environment."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {REMOVED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {REMOVED} ON COMMIT DROP AS SELECT %s::bigint AS thing, %s::date AS day",
            [dedicated_environment, day],
        )


def placements_follow() -> Rows:
    """Cut what is placed on the environments in ``REMOVED`` after that day; what an earlier day of removal had cut
    goes on up to the day, where the Instance is not placed elsewhere by now and is still the same Partner's.

    The days that are cut are kept (``EndedPlacement``): nothing is guessed when the day is corrected.
    """
    change = Change(Placement, "instance_id", ["dedicated_environment_id"])
    ended, placed = EndedPlacement._meta.db_table, Placement._meta.db_table
    resumed = change.make(
        f"""
        SELECT ended.instance_id AS thing, lower(piece.days) AS start,
            COALESCE(upper(piece.days), '{FOR_GOOD}') AS until, NULL::date AS ends, false AS void,
            ended.dedicated_environment_id
        FROM {REMOVED} AS removed JOIN {ended} AS ended ON ended.dedicated_environment_id = removed.thing
        JOIN pos_billing_instances_dedicatedenvironment AS dedicated ON dedicated.id = removed.thing
        JOIN (SELECT instance_id, partner_id, range_agg(days) AS days FROM pos_billing_instances_ownership
            GROUP BY 1, 2) AS owned ON owned.instance_id = ended.instance_id AND owned.partner_id = dedicated.partner_id
        LEFT JOIN (SELECT instance_id, range_agg(days) AS days FROM {placed} GROUP BY 1) AS held
            ON held.instance_id = ended.instance_id
        CROSS JOIN LATERAL unnest(
            datemultirange(ended.days * daterange(NULL, removed.day)) * owned.days
            - COALESCE(held.days, '{{}}'::datemultirange)
        ) AS piece (days)
        """
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {ended} AS ended SET days = ended.days * daterange(removed.day, NULL) FROM {REMOVED} AS removed "
            "WHERE removed.thing = ended.dedicated_environment_id "
            "AND NOT isempty(ended.days * daterange(removed.day, NULL))"
        )
        cursor.execute(
            f"DELETE FROM {ended} AS ended USING {REMOVED} AS removed "
            "WHERE removed.thing = ended.dedicated_environment_id AND upper(ended.days) <= removed.day"
        )
        cursor.execute(
            f"INSERT INTO {ended} (instance_id, dedicated_environment_id, days) "
            "SELECT placed.instance_id, removed.thing, placed.days * daterange(removed.day, NULL) "
            f"FROM {REMOVED} AS removed JOIN {placed} AS placed ON placed.dedicated_environment_id = removed.thing "
            "AND placed.days && daterange(removed.day, NULL)"
        )
    cut = change.make(
        "SELECT placed.instance_id AS thing, removed.day AS start, "
        f"COALESCE(upper(placed.days), '{FOR_GOOD}') AS until, NULL::date AS ends, true AS void, "
        f"removed.thing AS dedicated_environment_id FROM {REMOVED} AS removed "
        f"JOIN {placed} AS placed ON placed.dedicated_environment_id = removed.thing "
        "AND placed.days && daterange(removed.day, NULL)"
    )
    return Rows(*(one + other for one, other in zip(resumed, cut, strict=True)))
