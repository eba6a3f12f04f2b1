"""One run of a Seller at a time: an advisory lock of PostgreSQL, taken before the run's transaction begins.

Before, not inside: a transaction that reads a snapshot takes it with its first statement, and a run that waited for
the lock inside would go on with a snapshot from before the other run's statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from pos_billing.facts.errors import Refused
from pos_billing.work.locks import LockSpace, held_by_session, try_for, wait_for


class Busy(Refused):
    """Another run of the same Seller is under way, and the caller did not want to wait."""

    def __init__(self, schema: str) -> None:
        super().__init__(
            "seller",
            f"A billing run of “{schema}” is under way: start again when it is finished.",
            code="run_under_way",
        )


@contextmanager
def one_run_of(schema: str, *, wait: bool) -> Iterator[None]:
    """Hold the Seller's lock inside the block. Waits for another run to finish; with ``wait=False`` raises ``Busy``.

    Inside a caller's transaction the lock is held to the end of that transaction, so that nobody runs on statements
    that are not committed yet. A process that dies lets go of it.
    """
    if not connection.in_atomic_block:
        with held_by_session(LockSpace.BILLING_RUN, schema, wait=wait) as mine:
            if not mine:
                raise Busy(schema)
            yield
        return
    if wait:
        wait_for(LockSpace.BILLING_RUN, schema)
    elif not try_for(LockSpace.BILLING_RUN, schema):
        raise Busy(schema)
    yield


def no_run_meanwhile(schema: str) -> None:
    """Keep runs of the Seller waiting to the end of the transaction: they would not see what it writes.

    Raises ``Busy`` while one is under way.
    """
    if not try_for(LockSpace.BILLING_RUN, schema, shared=True):
        raise Busy(schema)


@contextmanager
def one_snapshot() -> Iterator[None]:
    """A transaction that reads all facts as of one moment, unless the caller's transaction is to be used."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
