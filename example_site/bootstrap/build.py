"""Making the script: a database migrated from nothing without the plugin's apps, dumped as plain SQL."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys

import psycopg
from psycopg import sql

from example_site import embedded_postgres
from example_site.bootstrap.fingerprint import third_party_fingerprint
from example_site.bootstrap.script import FILE, FINGERPRINT

# Only these settings of a dump are for every version of PostgreSQL, and only SQL (no psql commands) can be run by us.
KEPT_SETTING = re.compile(r"SET (client_encoding|standard_conforming_strings|check_function_bodies|xmloption) ")
DROPPED_LINE = re.compile(r"\\|--|SET |CREATE SCHEMA public|COMMENT ON SCHEMA public|\s*$")
MIGRATED_AT = "2020-01-01 00:00:00+00"


def build_script(database: str = "pos_billing_bootstrap") -> str:
    """Migrate a new database from nothing (two minutes) and return it as SQL."""
    settings = embedded_postgres.database_settings(database, throwaway=True)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
    with _admin(settings) as connection:
        connection.execute(drop)
    try:
        _migrate(database)
        with psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname=database) as connection:
            for schema in ("public", "tenant_template"):
                connection.execute(f"UPDATE {schema}.django_migrations SET applied = '{MIGRATED_AT}'")
        return f"{FINGERPRINT}{third_party_fingerprint()}\n{_dump(database, str(settings['HOST']))}"
    finally:
        with _admin(settings) as connection:
            connection.execute(drop)


def _admin(settings: embedded_postgres.Connection) -> psycopg.Connection:
    """Return a connection to the server itself, for creating and dropping databases."""
    return psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True)


def write_script(text: str) -> None:
    """Keep the script beside this module; the same text always makes the same file."""
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))


def _migrate(database: str) -> None:
    """Run migrate_schemas in a process of its own, without the plugin's apps."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "example_site.settings_bootstrap",
        "EXAMPLE_SITE_DATABASE": database,
        "EXAMPLE_SITE_THROWAWAY": "1",
    }
    environment.pop("DATABASE_URL", None)
    manage = embedded_postgres.CHECKOUT / "example_site" / "manage.py"
    command = [sys.executable, str(manage), "migrate_schemas", "--verbosity", "0"]
    subprocess.run(command, check=True, env=environment)


def _dump(database: str, host: str) -> str:
    """Return both schemas as SQL that any PostgreSQL from 15 on runs."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    command = [
        str(POSTGRES_BIN_PATH / "pg_dump"), "--host", host, "--username", "postgres", "--dbname", database,
        "--schema", "public", "--schema", "tenant_template", "--no-owner", "--no-privileges", "--no-comments",
        "--rows-per-insert", "200",
    ]  # fmt: skip
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "\n".join(_portable_lines(text)) + "\n"


def _portable_lines(text: str) -> list[str]:
    """Leave out comments, psql's commands, and settings that older servers do not know; function bodies stay whole."""
    lines, in_body = [], False
    for line in text.splitlines():
        if in_body or KEPT_SETTING.match(line) or not DROPPED_LINE.match(line):
            lines.append(line)
        if line.count("$$") % 2 or line.count("$_$") % 2:
            in_body = not in_body
    return lines
