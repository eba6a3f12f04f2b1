"""PostgreSQL reads and writes while Python rates: what a run asks of the database is asked by a thread beside it.

One thread, on the run's own connection and so in its transaction, takes the requests in order. Nobody else may use the
connection meanwhile.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

_Answer = TypeVar("_Answer")
TURN_SECONDS = 0.001


class DatabaseThread:
    """Takes requests for the database: functions that use Django's connection."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def soon(self, request: Callable[..., _Answer], *arguments: Any) -> "Future[_Answer]":
        """Begin a request, after those before it; its ``result()`` waits for the answer or raises."""
        return self._pool.submit(request, *arguments)

    def now(self, request: Callable[..., _Answer], *arguments: Any) -> _Answer:
        """Carry out a request and wait for the answer."""
        return self.soon(request, *arguments).result()


@contextmanager
def database_thread() -> Iterator[DatabaseThread]:
    """A thread that shares this one's connection inside the block. What it still has to do is done at the end.

    The two take turns at Python more often than usual meanwhile, so that PostgreSQL does not wait for its next request
    while the other computes.
    """
    shared, interval = connections[DEFAULT_DB_ALIAS], sys.getswitchinterval()

    def share() -> None:
        connections[DEFAULT_DB_ALIAS] = shared

    shared.ensure_connection()
    shared.inc_thread_sharing()
    sys.setswitchinterval(min(interval, TURN_SECONDS))
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="billing-run", initializer=share) as pool:
            yield DatabaseThread(pool)
    finally:
        sys.setswitchinterval(interval)
        shared.dec_thread_sharing()


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Leave Python's search for cyclic garbage out inside the block.

    A run makes millions of small values and not one cycle; looking through them again and again takes a third of its
    time. They are freed as ever, as soon as nobody holds them.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
