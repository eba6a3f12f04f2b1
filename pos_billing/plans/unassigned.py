"""Days that nobody would notice: a subject exists and is somebody's, and no plan stands there, not even Unbilled.

``ownership`` keeps that from happening whatever changes; this reads the tables and says whether it did.
"""

from datetime import date
from typing import NamedTuple

from django.db import connection

from pos_billing.instances.subjects import KINDS
from pos_billing.plans.partner_accounts import current_partner
from pos_billing.rating.facts import SubjectKind


class Unassigned(NamedTuple):
    """Days of a subject (kind and id) without an assignment in this schema; ``until`` is ``None`` where they go on."""

    kind: SubjectKind
    subject: int
    name: str
    start: date
    until: date | None


_OWNED: dict[SubjectKind, str] = {
    "instance": (
        "SELECT thing.id, thing.name, owned.days * daterange(thing.created_on, thing.deleted_on) AS days "
        "FROM pos_billing_instances_ownership AS owned "
        "JOIN pos_billing_instances_instance AS thing ON thing.id = owned.instance_id "
        "WHERE %(partner)s::bigint IS NULL OR owned.partner_id = %(partner)s"
    ),
    "dedicated": (
        "SELECT thing.id, thing.name, daterange(thing.created_on, thing.removed_on) AS days "
        "FROM pos_billing_instances_dedicatedenvironment AS thing "
        "WHERE %(partner)s::bigint IS NULL OR thing.partner_id = %(partner)s"
    ),
}


def days_without_assignment(first: date, until: date) -> list[Unassigned]:
    """The days from ``first`` up to ``until`` on which a subject exists, belongs to this schema's Partner (on the
    platform: to any), and has no assignment here. Two queries, in order of subject and day."""
    partner = current_partner()
    parameters = {"first": first, "until": until, "partner": None if partner is None else partner.pk}
    found: list[Unassigned] = []
    for kind, owned in _OWNED.items():
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT owned.id, owned.name, lower(piece.days), upper(piece.days)
                FROM (SELECT id, name, range_agg(days * daterange(%(first)s, %(until)s)) AS days
                    FROM ({owned}) AS owned GROUP BY id, name) AS owned
                LEFT JOIN (SELECT {KINDS[kind]} AS id, range_agg(days) AS days FROM pos_billing_assignment
                    WHERE days && daterange(%(first)s, %(until)s) GROUP BY 1) AS held ON held.id = owned.id
                CROSS JOIN LATERAL unnest(owned.days - COALESCE(held.days, '{{}}'::datemultirange)) AS piece (days)
                ORDER BY 1, 3
                """,
                parameters,
            )
            found += [Unassigned(kind, *row) for row in cursor.fetchall()]
    return found
