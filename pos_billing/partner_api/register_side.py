"""The register's side of a sync, set-based: as many queries for ten Instances as for ten thousand."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from pos_billing.instances.models import Domain, Instance
from pos_billing.partner_api.compared import HeldHost, Pair, RegisteredDomain, RegisteredInstance
from pos_billing.partner_api.spool import COLUMNS, Reading, Spool, hosts_from
from pos_billing.partner_api.values import SeenInstance

UNSTAGE = "DROP TABLE IF EXISTS pg_temp.portal_reading"
"""Several syncs in one transaction (tests, a caller's own) each stage anew."""

STAGE = "CREATE TEMPORARY TABLE portal_reading ({}) ON COMMIT DROP"

PAIRS = """
SELECT seen.uuid, seen.reading, seen.name, seen.data_center, seen.environment, seen.partner_id, seen.partner_name,
       seen.created_on, seen.hosts, seen.listed_hosts,
       instance.id, instance.name, instance.data_center, environment.environment, ownership.partner_id,
       instance.created_on, instance.deleted_on, sighting.seen_on, sighting.domains_read_on, domains.rows
FROM portal_reading AS seen
LEFT JOIN pos_billing_instances_instance AS instance ON instance.uuid = seen.uuid
LEFT JOIN pos_billing_instances_environmentperiod AS environment
    ON environment.instance_id = instance.id AND environment.days @> %(day)s::date
LEFT JOIN pos_billing_instances_ownership AS ownership
    ON ownership.instance_id = instance.id AND ownership.days @> %(day)s::date
LEFT JOIN pos_billing_instances_portalsighting AS sighting ON sighting.instance_id = instance.id
LEFT JOIN (
    SELECT instance_id, jsonb_agg(jsonb_build_array(host, added_on, removed_on) ORDER BY host, added_on) AS rows
    FROM pos_billing_instances_domain GROUP BY instance_id
) AS domains ON domains.instance_id = instance.id
WHERE seen.reading IN ('read', 'gone')
ORDER BY seen.uuid
"""

SIGHTINGS = """
INSERT INTO pos_billing_instances_portalsighting AS known (instance_id, seen_on, domains_read_on)
SELECT instance.id, %(day)s, CASE WHEN seen.hosts IS NOT NULL THEN %(day)s::date END
FROM portal_reading AS seen JOIN pos_billing_instances_instance AS instance ON instance.uuid = seen.uuid
WHERE seen.reading IN ('read', 'listed')
ORDER BY instance.id
ON CONFLICT (instance_id) DO UPDATE
SET seen_on = greatest(known.seen_on, excluded.seen_on),
    domains_read_on = greatest(known.domains_read_on, excluded.domains_read_on)
WHERE known.seen_on < excluded.seen_on
   OR coalesce(known.domains_read_on, DATE '0001-01-01') < excluded.domains_read_on
"""


def sighted_instances(day: date, partner: int | None = None) -> tuple[frozenset[UUID], int]:
    """The uuids of Instances that stand in the register on ``day`` and were seen in the Portal by an earlier sync,
    and how many stand there that no sync ever saw. ``partner`` restricts to those of that tenant.
    """
    standing = _standing(day, partner)
    seen = standing.filter(sighting__isnull=False).values_list("uuid", flat=True).iterator()
    return frozenset(seen), standing.filter(sighting__isnull=True).count()


def owned_instances(day: date, partner: int) -> frozenset[UUID]:
    """The uuids of the Instances that the register gives to the tenant on ``day``."""
    return frozenset(_standing(day, partner).values_list("uuid", flat=True).iterator())


def _standing(day: date, partner: int | None) -> Any:
    instances = Instance.objects.order_by().exclude(deleted_on__lte=day)
    if partner is not None:
        instances = instances.filter(ownerships__partner_id=partner, ownerships__days__contains=day)
    return instances


def stage(spool: Spool) -> None:
    """Put what was read into the temporary table ``portal_reading`` by COPY. It lives until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(UNSTAGE)
        cursor.execute(STAGE.format(", ".join(f"{name} {kind}" for name, kind in COLUMNS)))
        with cursor.copy("COPY portal_reading FROM STDIN") as copy:
            for row in spool.rows():
                copy.write_row(row)
        cursor.execute("ANALYZE portal_reading")


def pairs(day: date) -> Iterator[Pair]:
    """Each staged Instance beside the register's as it stands on ``day``, streamed. One query."""
    with connection.chunked_cursor() as cursor:
        with _joins_by_hash():
            cursor.execute(PAIRS, {"day": day})
        while rows := cursor.fetchmany(1000):
            yield from (_pair(row) for row in rows)


def held_hosts(hosts: list[str]) -> list[HeldHost]:
    """Which Instances of the register have or had each of ``hosts``. One query, none for no hosts."""
    if not hosts:
        return []
    found = Domain.objects.order_by("host", "added_on").filter(host__in=hosts)
    return [HeldHost(*row) for row in found.values_list("host", "instance_id", "instance__name", "removed_on")]


def note_sightings(day: date) -> int:
    """Note that the staged Instances were seen on ``day``. Returns how many notes were new; noting twice adds none."""
    with connection.cursor() as cursor, _joins_by_hash():
        cursor.execute(SIGHTINGS, {"day": day})
        new: int = cursor.rowcount
        return new


@contextmanager
def _joins_by_hash() -> Iterator[None]:
    """Plan joins of whole tables without nested loops in the block.

    Right after a first sync or an import PostgreSQL has no statistics yet, takes the tables for empty and would
    compare every Instance with every other. The plan of a cursor is made when it is opened.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


def _pair(row: tuple[Any, ...]) -> Pair:
    uuid, reading, name, data_center, environment, partner_id, partner_name, created_on, hosts, listed = row[:10]
    reading = Reading(reading)
    seen = None
    if reading is Reading.READ:
        seen = SeenInstance(
            uuid=uuid,
            name=name,
            data_center=data_center,
            environment=environment,
            partner_id=partner_id,
            partner_name=partner_name,
            created_on=created_on,
            hosts=hosts_from(_decoded(hosts)),
            listed_hosts=None if listed is None else tuple(_decoded(listed)),
        )
    return Pair(uuid, reading, seen, _registered(uuid, row[10:]))


def _registered(uuid: UUID, row: tuple[Any, ...]) -> RegisteredInstance | None:
    if row[0] is None:
        return None
    key, name, data_center, environment, partner, created_on, deleted_on, seen_on, domains_read_on, domains = row
    return RegisteredInstance(
        id=key,
        uuid=uuid,
        name=name,
        data_center=data_center,
        environment=environment,
        partner=partner,
        created_on=created_on,
        deleted_on=deleted_on,
        seen_on=seen_on,
        domains_read_on=domains_read_on,
        domains=tuple(
            RegisteredDomain(host, date.fromisoformat(added), date.fromisoformat(removed) if removed else None)
            for host, added, removed in _decoded(domains) or ()
        ),
    )


def _decoded(value: str | None) -> Any:
    """A ``jsonb`` column as Python; Django leaves it as text in cursors of its own."""
    return None if value is None else json.loads(value)
