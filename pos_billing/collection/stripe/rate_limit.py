"""Keeping all workers together below Stripe's rate limit: PostgreSQL hands out the moments at which calls are made.

One row for each Stripe account says when the next call may begin. A call takes that moment and moves it on, on a
connection of its own: inside the caller's transaction the row would stay locked until the caller is done.
"""

import threading
import time

import psycopg
from django.db import connection

_own = threading.local()

TAKE = """
INSERT INTO public.pos_billing_striperatelimit AS pace (stripe_account, next_at)
VALUES (%(account)s, clock_timestamp() + %(gap)s * interval '1 second')
ON CONFLICT (stripe_account) DO UPDATE
SET next_at = greatest(pace.next_at, clock_timestamp() - interval '1 second') + %(gap)s * interval '1 second'
RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - %(gap)s
"""
"""A second that was not used may be used at once: short bursts do not wait, the average holds."""


def wait_for_turn(stripe_account: str, per_second: float) -> float:
    """Sleep until a call to ``stripe_account`` may be made; returns the seconds slept."""
    parameters = {"account": stripe_account, "gap": 1.0 / per_second}
    try:
        row = _connection().execute(TAKE, parameters).fetchone()
    except psycopg.OperationalError:
        _own.connection = None  # the server was restarted in between
        row = _connection().execute(TAKE, parameters).fetchone()
    wait = max(0.0, row[0]) if row else 0.0
    time.sleep(wait)
    return wait


def _connection() -> "psycopg.Connection[tuple[float]]":
    """This thread's connection for taking turns, to the database of Django's own one."""
    parameters = connection.get_connection_params()
    known: psycopg.Connection[tuple[float]] | None = getattr(_own, "connection", None)
    name = (parameters.get("dbname"), parameters.get("host"), parameters.get("port"))
    if known is None or known.closed or _own.name != name:
        wanted = ("dbname", "user", "password", "host", "port", "sslmode")
        known = psycopg.connect(**{key: parameters[key] for key in wanted if parameters.get(key)}, autocommit=True)
        _own.connection, _own.name = known, name
    return known


def close() -> None:
    """Close this thread's connection."""
    known: psycopg.Connection[tuple[float]] | None = getattr(_own, "connection", None)
    if known is not None:
        known.close()
        _own.connection = None
