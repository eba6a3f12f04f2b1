"""One run of a Seller at a time: an advisory lock of PostgreSQL, taken before the run's transaction begins.

Before, not inside: a transaction that reads a snapshot takes it with its first statement, and a run that waited for
the lock inside would go on with a snapshot from before the other run's statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from pos_billing.facts.errors import Refused

LOCK_SPACE = 0x706F73  # "pos": keeps these locks apart from anybody else's in the database


class Busy(Refused):
    """Another run of the same Seller is under way, and the caller did not want to wait."""

    def __init__(self, schema: str) -> None:
        super().__init__("seller", f"A billing run of “{schema}” is under way: start again when it is finished.")


@contextmanager
def one_run_of(schema: str, *, wait: bool) -> Iterator[None]:
    """Hold the Seller's lock inside the block. Waits for another run to finish; with ``wait=False`` raises ``Busy``.

    Inside a caller's transaction the lock is held to the end of that transaction, so that nobody runs on statements
    that are not committed yet. A process that dies lets go of it.
    """
    in_transaction = connection.in_atomic_block
    function = ("pg_advisory_xact_lock" if in_transaction else "pg_advisory_lock") if wait else (
        "pg_try_advisory_xact_lock" if in_transaction else "pg_try_advisory_lock"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [LOCK_SPACE, schema])
        if cursor.fetchone()[0] is False:
            raise Busy(schema)
    try:
        yield
    finally:
        if not in_transaction and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK_SPACE, schema])


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A transaction that reads all facts as of one moment, unless the caller's transaction is to be used."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
