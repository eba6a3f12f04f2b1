"""Advisory locks of PostgreSQL: the one way to take them, and the list of what they keep apart.

A lock is a space (what kind of thing) and a name (which of them). Held to the end of a transaction, or by the session
for work that is longer than a transaction should be; a process that dies lets go of both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


class LockSpace(IntEnum):
    """What is locked. The numbers keep these locks apart from anybody else's in the database; they never change."""

    BILLING_RUN = 0x706F7301
    """A Seller's run; named by its schema."""
    RUN_REQUEST = 0x706F7302
    """Whoever makes a run that was asked for on a page; named by the request's id."""
    COLLECTION = 0x706F7303
    """Whoever collects a statement; named by schema and statement."""
    STRIPE_OBJECT = 0x706F7304
    """Whoever works on what Stripe said of an object; named by its id."""
    DOCUMENT = 0x706F7305
    """Whoever renders a document; named by schema and document."""
    REGISTER_IMPORT = 0x706F7306
    """The import of a register file; one for the whole database."""
    SYNC = 0x706F7307
    """The sync with the Partner Portal; one for the whole database."""


def wait_for(space: LockSpace, name: str = "") -> None:
    """Wait for the lock, and hold it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [space, name])


def try_for(space: LockSpace, name: str = "", *, shared: bool = False) -> bool:
    """Hold the lock to the end of the transaction, if nobody else holds it; say whether we do.

    ``shared``: others who share it may hold it as well.
    """
    function = "pg_try_advisory_xact_lock_shared" if shared else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [space, name])
        return bool(cursor.fetchone()[0])


@contextmanager
def held_by_session(
    space: LockSpace, name: str = "", *, wait: bool = False, on: BaseDatabaseWrapper | None = None
) -> Iterator[bool]:
    """Hold the lock inside the block, over any number of transactions; say whether we do (always, if we ``wait``).

    ``on`` is the connection whose session holds it: Django's usual one, if none is given.
    """
    session = on or connection
    function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with session.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [space, name])
        mine = wait or bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and session.connection is not None and not session.connection.closed:
            with session.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [space, name])
