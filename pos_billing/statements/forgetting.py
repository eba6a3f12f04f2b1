"""Forgetting notes of changed facts that nobody needs any more.

A note is needed until every Seller that makes runs has made one that saw it. What was forgotten is written down
(``ForgottenNotes``): a Seller whose last run is older than that, because its schema was restored or its first run was
under way meanwhile, cannot trust the notes, and its next run rates every month again.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name

from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.scope import LastRun, database_system, last_run
from pos_billing.work.locks import LockSpace

REGISTER = ("pos_billing_instances_changenote", "pos_billing_instances_dedicatedchangenote")


def forget_read_notes() -> int:
    """Delete the notes that no run needs any more, in the register and in each Seller; returns how many.

    Only runs of this database cluster count as readers: transaction ids of another one say nothing here. While a
    Seller makes its first run nothing of the register is forgotten: it has read a snapshot, and is no reader yet.
    Notes that somebody is just writing again are left for the next time. Call it outside of a run's transaction:
    whoever changes a fact must not wait for it.
    """
    here = database_system()
    deleted = 0
    readers: list[LastRun] = []
    first_run_under_way = False
    for schema in seller_schemas():
        with in_seller(schema):
            last = last_run()
            if last is None:
                first_run_under_way = first_run_under_way or _runs_now(schema)
            elif last.database_system == here:
                readers.append(last)
                deleted += _forget(["pos_billing_changenote"], last.snapshot_xmin)
    if readers and not first_run_under_way:
        with in_seller(get_public_schema_name()), transaction.atomic():
            below = min(reader.snapshot_xmin for reader in readers)
            _remember(below, here)
            deleted += _forget(REGISTER, below)
    return deleted


def _forget(tables: Sequence[str], below: int) -> int:
    """Delete the notes of transactions before ``below``: each reader's snapshot saw all of those."""
    deleted = 0
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"DELETE FROM {table} WHERE ctid IN "
                f"(SELECT note.ctid FROM {table} AS note WHERE note.noted_in < %s FOR UPDATE SKIP LOCKED)",
                [below],
            )
            deleted += cursor.rowcount
    return deleted


def _remember(below: int, here: int) -> None:
    """Move the mark forward, before anything is deleted; one of another cluster is replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pos_billing_instances_forgottennotes AS mark (id, below, database_system) "
            "VALUES (1, %(below)s, %(here)s) ON CONFLICT (id) DO UPDATE SET "
            "database_system = excluded.database_system, "
            "below = CASE WHEN mark.database_system = excluded.database_system "
            "THEN greatest(mark.below, excluded.below) ELSE excluded.below END",
            {"below": below, "here": here},
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
