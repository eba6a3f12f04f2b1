"""Facts of a chunk of subjects, out of PostgreSQL, as the rating code reads them: a fixed number of queries a chunk."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from pos_billing.rating.facts import DEDICATED, Assigned, Facts, FirstCustomDomain, InEnvironment, Placed, Subject
from pos_billing.rating.metrics import METRICS, Aggregation
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.statements.touches import InScope

Needed = tuple[tuple[str, Span], ...]
"""Metrics and spans whose usage one subject is asked for (``rating.due.usage_needed``)."""


class Reading(NamedTuple):
    """How a Seller reads the register: the time zone of its days, and the host names it provides itself."""

    time_zone: str
    platform_hosts: str
    """A regular expression (PostgreSQL's) that platform-provided host names match."""


_IN_CHUNK = "FROM unnest(%(ids)s::bigint[], %(firsts)s::date[]) AS chunk (id, first_month)"
_FROM_FIRST_MONTH = "(upper(fact.days) IS NULL OR upper(fact.days) > chunk.first_month)"


def facts_of(chunk: Sequence[InScope], kind: str, reading: Reading) -> list[Facts]:
    """The facts of each subject of ``chunk``, in its order, as far as they matter from its first month on."""
    parameters = {
        "ids": [subject.id for subject in chunk],
        "firsts": [subject.first_month for subject in chunk],
        "time_zone": reading.time_zone,
        "platform_hosts": reading.platform_hosts,
    }
    assignments = _assignments("instance_id" if kind == "instance" else "dedicated_environment_id", parameters)
    environments: Mapping[int, list[InEnvironment]] = {}
    placements: Mapping[int, list[Placed]] = {}
    domains: Mapping[int, FirstCustomDomain] = {}
    if kind == "instance":
        environments, placements = _environments(parameters), _placements(parameters)
        domains = _first_custom_domains(parameters)
    return [
        Facts(
            Subject(kind, subject.id),
            Span(subject.created_on, subject.ends_on or FOREVER),
            tuple(assignments.get(subject.id, ())),
            tuple(environments.get(subject.id, ())),
            domains.get(subject.id),
            tuple(placements.get(subject.id, ())),
        )
        for subject in chunk
    ]


def _assignments(column: str, parameters: Mapping[str, Any]) -> dict[int, list[Assigned]]:
    found: dict[int, list[Assigned]] = defaultdict(list)
    for subject, first, last, plan, account, row, entered_on, by in _rows(
        f"SELECT fact.{column}, lower(fact.days), upper(fact.days), fact.plan_id, fact.account_id, fact.id, "
        f"(fact.entered_at AT TIME ZONE %(time_zone)s)::date, fact.by {_IN_CHUNK} "
        f"JOIN pos_billing_assignment AS fact ON fact.{column} = chunk.id AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    ):
        found[subject].append(Assigned(Span(first, last or FOREVER), plan, account, row, entered_on, by))
    return found


def _environments(parameters: Mapping[str, Any]) -> dict[int, list[InEnvironment]]:
    found: dict[int, list[InEnvironment]] = defaultdict(list)
    for subject, first, last, environment in _rows(
        f"SELECT fact.instance_id, lower(fact.days), upper(fact.days), fact.environment {_IN_CHUNK} "
        f"JOIN pos_billing_instances_environmentperiod AS fact ON fact.instance_id = chunk.id "
        f"AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    ):
        found[subject].append(InEnvironment(Span(first, last or FOREVER), environment))
    return found


def _placements(parameters: Mapping[str, Any]) -> dict[int, list[Placed]]:
    found: dict[int, list[Placed]] = defaultdict(list)
    for subject, first, last, dedicated_environment in _rows(
        f"SELECT fact.instance_id, lower(fact.days), upper(fact.days), fact.dedicated_environment_id {_IN_CHUNK} "
        f"JOIN pos_billing_instances_placement AS fact ON fact.instance_id = chunk.id "
        f"AND {_FROM_FIRST_MONTH} ORDER BY 1, 2",
        parameters,
    ):
        found[subject].append(Placed(Span(first, last or FOREVER), dedicated_environment))
    return found


def _first_custom_domains(parameters: Mapping[str, Any]) -> dict[int, FirstCustomDomain]:
    """The custom Domain each Instance had first. One removed on the day it was added was never there."""
    return {
        subject: FirstCustomDomain(added_on, host)
        for subject, added_on, host in _rows(
            "SELECT DISTINCT ON (instance_id) instance_id, added_on, host FROM pos_billing_instances_domain "
            "WHERE instance_id = ANY(%(ids)s) AND removed_on IS DISTINCT FROM added_on "
            "AND host !~ %(platform_hosts)s ORDER BY instance_id, added_on, host",
            parameters,
        )
    }


def usage_of(needed: Mapping[Subject, Needed]) -> dict[Subject, dict[tuple[str, Span], int]]:
    """The quantities that each subject of a chunk is asked for: at most one query for Instances, one for environments.

    A flow is the sum of its days, a level the highest of them (``rating.metrics``). A dedicated environment uses what
    the Instances placed on it use, day by day.
    """
    found: dict[Subject, dict[tuple[str, Span], int]] = {subject: {} for subject in needed}
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


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()

