"""Forgetting notes of changed facts that nobody needs any more.

A note is needed until every Seller that makes runs has made one that saw it. What was forgotten is written down
(``ForgottenNotes``): a Seller whose last run is older than that, because its schema was restored or its first run was
under way meanwhile, cannot trust the notes, and its next run rates every month again.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name

from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.scope import READ, LastRun, covers, database_system, forgotten, last_run
from pos_billing.work.locks import LockSpace

REGISTER = ("pos_billing_instances_changenote", "pos_billing_instances_dedicatedchangenote")


def forget_read_notes() -> int:
    """Delete the notes that no run needs any more, in the register and in each Seller; returns how many.

    Only runs of this database cluster count as readers, and only those that have seen what was forgotten before:
    others rate every month again next time, and need no notes. While a Seller makes its first run nothing of the
    register is forgotten: it has read a snapshot, and is no reader yet. Notes that somebody is just writing again are
    left for the next time. Call it outside of a run's transaction: whoever changes a fact must not wait for it.
    """
    here = database_system()
    mark = forgotten(here)
    deleted = 0
    readers: list[LastRun] = []
    first_run_under_way = False
    for schema in seller_schemas():
        with in_seller(schema):
            last = last_run()
            if last is None:
                first_run_under_way = first_run_under_way or _runs_now(schema)
            elif last.database_system == here and covers(last.snapshot, mark):
                readers.append(last)
                deleted += _forget("pos_billing_changenote", [last])
    if readers and not first_run_under_way:
        with in_seller(get_public_schema_name()), transaction.atomic():
            _remember(_oldest(readers), here)
            for table in REGISTER:
                deleted += _forget(table, readers)
    return deleted


def _oldest(readers: Sequence[LastRun]) -> str:
    """The snapshot that shows least: what every one of ``readers`` has seen, it has seen too."""
    oldest = readers[0].snapshot
    for reader in readers[1:]:
        if not covers(reader.snapshot, oldest):
            oldest = reader.snapshot
    return oldest


def _forget(table: str, readers: Sequence[LastRun]) -> int:
    """Delete the notes of ``table`` that each of ``readers`` has seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE ctid IN (SELECT note.ctid FROM {table} AS note WHERE NOT EXISTS ("
            "SELECT FROM unnest(%(xmins)s::bigint[], %(owns)s::bigint[], %(snapshots)s::pg_snapshot[]) "
            f"AS reader (xmin, own_transaction, snapshot) WHERE NOT {_READ_BY_READER}) FOR UPDATE SKIP LOCKED)",
            {
                "xmins": [reader.snapshot_xmin for reader in readers],
                "owns": [reader.own_transaction for reader in readers],
                "snapshots": [reader.snapshot for reader in readers],
            },
        )
        return int(cursor.rowcount)


_READ_BY_READER = (
    READ.replace("%(xmin)s", "reader.xmin")
    .replace("%(own_transaction)s", "reader.own_transaction")
    .replace("%(snapshot)s::pg_snapshot", "reader.snapshot")
)


def _remember(snapshot: str, here: int) -> None:
    """Write down what will be gone, before anything is deleted; a mark of another cluster is replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pos_billing_instances_forgottennotes (id, snapshot, database_system) "
            "VALUES (1, %(snapshot)s, %(here)s) ON CONFLICT (id) DO UPDATE SET "
            "database_system = excluded.database_system, snapshot = excluded.snapshot",
            {"snapshot": snapshot, "here": here},
        )


def _runs_now(schema: str) -> bool:
    """Whether somebody holds the Seller's run lock, in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = %s "
            "AND objid = (hashtext(%s)::bigint & 4294967295)::oid AND objsubid = 2 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [LockSpace.BILLING_RUN, schema],
        )
        return bool(cursor.fetchone()[0])
