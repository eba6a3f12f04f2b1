"""Facts of a chunk of subjects, out of PostgreSQL, as the rating code reads them: a fixed number of queries a chunk."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from pos_billing.instances.subjects import KINDS
from pos_billing.rating.facts import (
    DEDICATED,
    Assigned,
    Facts,
    FirstCustomDomain,
    InEnvironment,
    Placed,
    Subject,
    SubjectKind,
)
from pos_billing.rating.metrics import METRICS, Aggregation
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.statements.scope import InScope

Needed = tuple[tuple[str, Span], ...]
"""Metrics and spans whose usage one subject is asked for (``rating.due.usage_needed``)."""


Quantities = dict[Subject, dict[tuple[str, Span], int]]
"""What was used, by subject, metric and span."""
Row = tuple[Any, ...]


class Reading(NamedTuple):
    """How a Seller reads the register: the time zone of its day (an assignment was entered on), and its host names.

    Billed days are the platform's days, whatever the time zone (rule 16).
    """

    time_zone: str
    platform_hosts: Sequence[str]
    """LIKE patterns one of which each platform-provided host name matches (``instances.hosts``)."""


class Known(NamedTuple):
    """Facts of the subjects of a chunk as rows, by subject id; ``facts`` makes values of those of one subject.

    Rows of assignments: subject, first day, end, plan, Account, id, day entered, by. Of environments: subject, first
    day, end, environment. Of placements: subject, first day, end, dedicated environment, its plan at this Seller (days
    without one are left out). Of first custom Domains: subject, day added, host. Open ends are ``FOREVER``.
    """

    kind: SubjectKind
    assignments: Mapping[int, list[Row]]
    environments: Mapping[int, list[Row]]
    placements: Mapping[int, list[Row]]
    domains: Mapping[int, Row]

    def facts(self, subject: InScope) -> Facts:
        """The facts of one subject, as far as they matter from its first month on."""
        known = subject.id
        domain = self.domains.get(known)
        return Facts(
            Subject(self.kind, known),
            Span(subject.created_on, subject.ends_on or FOREVER),
            tuple(
                Assigned(Span(row[1], row[2]), row[3], row[4], row[5], row[6], row[7])
                for row in self.assignments.get(known, ())
            ),
            tuple(InEnvironment(Span(row[1], row[2]), row[3]) for row in self.environments.get(known, ())),
            None if domain is None else FirstCustomDomain(domain[1], domain[2]),
            tuple(Placed(Span(row[1], row[2]), row[3], row[4]) for row in self.placements.get(known, ())),
        )


def known_of(chunk: Sequence[InScope], kind: SubjectKind, reading: Reading) -> Known:
    """The facts of all subjects of ``chunk``, from the earliest of their first months on: four queries, or one."""
    ids = [subject.id for subject in chunk]
    parameters = {
        "ids": ids,
        "lowest": min(ids),
        "highest": max(ids),
        "first_month": min(subject.first_month for subject in chunk),
        "forever": FOREVER,
        "time_zone": reading.time_zone,
        "platform_hosts": list(reading.platform_hosts),
    }
    # Most chunks are nearly all ids of a range, and PostgreSQL reads a range at once.
    dense = max(ids) - min(ids) < 2 * len(ids)
    chosen = "BETWEEN %(lowest)s AND %(highest)s" if dense else "= ANY(%(ids)s)"
    column = KINDS[kind]
    assignments = _by_subject(
        f"SELECT {column}, lower(days), coalesce(upper(days), %(forever)s), plan_id, account_id, id, "
        "(entered_at AT TIME ZONE %(time_zone)s)::date, by FROM pos_billing_assignment "
        f"WHERE {column} {chosen} AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    )
    if kind != "instance":
        return Known(kind, assignments, {}, {}, {})
    environments = _by_subject(
        "SELECT instance_id, lower(days), coalesce(upper(days), %(forever)s), environment "
        "FROM pos_billing_instances_environmentperiod "
        f"WHERE instance_id {chosen} AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    )
    placements = _by_subject(
        "SELECT instance_id, lower(days), coalesce(upper(days), %(forever)s), dedicated_environment_id, plan_id "
        f"FROM ({_PLACED_UNDER_A_PLAN} WHERE placed.instance_id {chosen}) AS placed "
        f"WHERE NOT isempty(days) AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    )
    # The custom Domain each Instance had first. One removed on the day it was added was never there.
    domains = _rows(
        "SELECT DISTINCT ON (instance_id) instance_id, added_on, host FROM pos_billing_instances_domain "
        f"WHERE instance_id {chosen} AND removed_on IS DISTINCT FROM added_on "
        "AND host NOT LIKE ALL(%(platform_hosts)s::text[]) ORDER BY instance_id, added_on, host",
        parameters,
    )
    return Known(kind, assignments, environments, placements, {row[0]: row for row in domains})


# The days of each placement on which the environment stands and has a plan of this Seller, with that plan (rule 3).
_PLACED_UNDER_A_PLAN = (
    "SELECT placed.instance_id, placed.dedicated_environment_id, a.plan_id, "
    "placed.days * a.days * daterange(environment.created_on, environment.removed_on) AS days "
    "FROM pos_billing_instances_placement AS placed "
    "JOIN pos_billing_instances_dedicatedenvironment AS environment "
    "ON environment.id = placed.dedicated_environment_id "
    "JOIN pos_billing_assignment AS a ON a.dedicated_environment_id = placed.dedicated_environment_id "
    "AND a.days && placed.days"
)
_FROM_FIRST_MONTH = "(upper(days) IS NULL OR upper(days) > %(first_month)s)"


def _by_subject(statement: str, parameters: Mapping[str, Any]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in _rows(statement, parameters):
        found.setdefault(row[0], []).append(row)
    return found


def usage_of(needed: Mapping[Subject, Needed]) -> Quantities:
    """The quantities that each subject of a chunk is asked for: at most one query for Instances, one for environments.

    A flow is the sum of its days, a level the highest of them (``rating.metrics``). A dedicated environment uses what
    the Instances placed on it use, day by day.
    """
    found: Quantities = {subject: {} for subject in needed}
    for kind, source in (("instance", _USAGE_OF_INSTANCES), (DEDICATED, _USAGE_OF_DEDICATED)):
        asked = [(subject, ask) for subject, asks in needed.items() if subject.kind == kind for ask in asks]
        if not asked:
            continue
        parameters = {
            "subjects": [subject.id for subject, _ in asked],
            "metrics": [metric for _, (metric, _) in asked],
            "firsts": [span.start for _, (_, span) in asked],
            "lasts": [span.end for _, (_, span) in asked],
            "peaks": [METRICS[metric].aggregation is Aggregation.PEAK for _, (metric, _) in asked],
        }
        for place, quantity in _rows(source, parameters):
            subject, ask = asked[place - 1]
            found[subject][ask] = quantity
    return found


_ASKED = (
    "FROM unnest(%(subjects)s::bigint[], %(metrics)s::text[], %(firsts)s::date[], %(lasts)s::date[], "
    "%(peaks)s::boolean[]) WITH ORDINALITY AS asked (subject, metric, first_day, last_day, peak, place)"
)
# sum(bigint) is numeric in PostgreSQL: back to bigint, which raises when a sum does not fit.
_AGGREGATED = "CASE WHEN asked.peak THEN max(daily.quantity) ELSE sum(daily.quantity)::bigint END"
_USAGE_OF_INSTANCES = (
    f"SELECT asked.place, {_AGGREGATED} {_ASKED} JOIN pos_billing_instances_usageday AS daily "
    "ON daily.instance_id = asked.subject AND daily.metric = asked.metric "
    "AND daily.day >= asked.first_day AND daily.day < asked.last_day GROUP BY asked.place, asked.peak"
)
_USAGE_OF_DEDICATED = (
    f"SELECT asked.place, {_AGGREGATED} {_ASKED} CROSS JOIN LATERAL ("
    "SELECT usage.day, sum(usage.quantity)::bigint AS quantity FROM pos_billing_instances_placement AS placed "
    "JOIN pos_billing_instances_usageday AS usage ON usage.instance_id = placed.instance_id "
    "AND usage.metric = asked.metric AND usage.day <@ placed.days "
    "AND usage.day >= asked.first_day AND usage.day < asked.last_day "
    "WHERE placed.dedicated_environment_id = asked.subject "
    "AND placed.days && daterange(asked.first_day, asked.last_day) GROUP BY usage.day"
    ") AS daily GROUP BY asked.place, asked.peak"
)


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Row] = cursor.fetchall()
        return rows
