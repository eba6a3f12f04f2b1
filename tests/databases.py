"""Databases for tests: migrated once for each state of the migrations, then copied in a fraction of a second.

`pos_billing_ready_<hash>` holds the platform, the template and two Partners. A test session works in a copy of it,
`pos_billing_run_<process>`; tests that must commit (`own_database`, `live_site`) take another copy for themselves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from example_site import embedded_postgres
from example_site.bootstrap.fingerprint import third_party_fingerprint
from example_site.bootstrap.script import start_from_script

READY, RUN = "pos_billing_ready_", "pos_billing_run_"
KEPT = 3  # ready databases that are kept: colleagues and branches have migrations of their own
LOCK = 20190201  # whoever builds or copies holds this advisory lock
MADE_FROM = (
    "migrations",
    "example_site/partners",
    "example_site/bootstrap",
    "pos_billing/sellers",
    "pos_billing/plans/new_partners.py",
    "tests/databases.py",
)

PLATFORM_HOST = "localhost"
AGENCIES = {"agency_one": "Agency One", "agency_two": "Agency Two"}
PASSWORD = "correct horse"
_numbers = count(1)


def host_of(schema: str) -> str:
    """Return the host name by which a Seller of the tests is reached."""
    return PLATFORM_HOST if schema == "public" else f"{schema.replace('_', '-')}.{PLATFORM_HOST}"


@dataclass(frozen=True)
class SiteDatabase:
    """A database that belongs to one session or one test."""

    name: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a child process (manage.py …) works on the same database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "example_site.settings_tests",
            "EXAMPLE_SITE_DATABASE": self.name,
        }


@contextmanager
def copied_database() -> Iterator[SiteDatabase]:
    """Copy the ready database, point Django's connections at the copy inside the block, and drop it afterwards."""
    name = f"{RUN}{os.getpid()}_{next(_numbers)}"
    with _administration() as admin:
        ready = _ready_database(admin)
        _run(admin, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, ready)
    try:
        with at_database(name):
            yield SiteDatabase(name)
    finally:
        with _administration() as admin:
            _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make an empty database, for whoever connects to it from another process, and drop it afterwards."""
    name = f"{RUN}{os.getpid()}_{next(_numbers)}"
    with _administration() as admin:
        _run(admin, "CREATE DATABASE {}", name)
    try:
        yield name
    finally:
        with _administration() as admin:
            _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _ready_database(admin: psycopg.Connection) -> str:
    """Return the database that fits the files as they are now, after making it where needed."""
    name = READY + _hash_of_sources()
    if _exists(admin, name):
        return name
    building = name + "_building"
    _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", building)
    _run(admin, "CREATE DATABASE {}", building)
    with at_database(building):
        start_from_script()
        call_command("migrate_schemas", verbosity=0)
        _make_sellers()
        connections.close_all()
    _run(admin, "ALTER DATABASE {} RENAME TO {}", building, name)
    _forget_old(admin)
    return name


def _make_sellers() -> None:
    """Make the platform with a member of staff, and two Partners with their owners."""
    from django.contrib.auth import get_user_model

    from example_site.partners.models import Host, Partner
    from pos_billing.sellers.commands import partner_create

    platform = Partner(schema_name="public", name="Platform", email="platform@example.com")
    platform.auto_create_schema = False
    platform.save()
    Host.objects.create(tenant=platform, domain=PLATFORM_HOST)
    get_user_model().objects.create_superuser("staff@example.com", "staff@example.com", PASSWORD)
    for schema, name in AGENCIES.items():
        partner_create(
            name=name,
            email=f"{schema}@example.com",
            schema=schema,
            host=host_of(schema),
            owner_email=f"owner@{schema.replace('_', '-')}.example.com",
            owner_password=PASSWORD,
        )


def _hash_of_sources() -> str:
    """Return a short hash of everything that the ready database is made from."""
    digest = hashlib.sha256(third_party_fingerprint().encode())
    for place in MADE_FROM:
        path = embedded_postgres.CHECKOUT / place
        files = [path] if path.is_file() else sorted(f for f in path.rglob("*") if f.suffix in {".py", ".gz", ".sql"})
        for file in files:
            digest.update(str(file.relative_to(embedded_postgres.CHECKOUT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def at_database(name: str) -> Iterator[None]:
    """Let every connection of Django's, in all threads, be to the database called `name`."""
    settings = connections.settings["default"]
    before = settings["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = settings["NAME"] = name
    try:
        connection.set_schema_to_public()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings["NAME"] = before


@contextmanager
def _administration() -> Iterator[psycopg.Connection]:
    """Connect to the server beside all test databases, alone: copying a database needs it to be at rest."""
    settings = connections.settings["default"]
    parameters = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    password = {"password": settings["PASSWORD"]} if settings["PASSWORD"] else {}
    name = "postgres" if not os.environ.get("DATABASE_URL") else embedded_postgres.database_settings()["NAME"]
    given = {key: value for key, value in parameters.items() if value}
    with psycopg.connect(**given, **password, dbname=name, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield admin


def _exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _forget_old(admin: psycopg.Connection) -> None:
    """Drop ready databases beyond the newest few, and what killed sessions left behind."""
    rows = admin.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    names = [row[0] for row in rows]
    ready = [name for name in names if name.startswith(READY)]
    left_behind = [name for name in names if name.startswith(RUN) and not _alive(name)]
    for name in [*ready[KEPT:], *left_behind]:
        _run(admin, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _alive(name: str) -> bool:
    """Say whether the process that a session's database is named after still runs here."""
    import psutil

    process = name.removeprefix(RUN).split("_")[0]
    return process.isdigit() and psutil.pid_exists(int(process))


def _run(admin: psycopg.Connection, statement: str, *names: str) -> None:
    admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
