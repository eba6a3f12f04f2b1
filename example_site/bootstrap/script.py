"""The script itself: where it is, whether it fits, running it."""

from __future__ import annotations

import gzip
from pathlib import Path

from django.db import connection

from example_site.bootstrap.fingerprint import third_party_fingerprint

FILE = Path(__file__).resolve().parent / "third_party.sql.gz"
FINGERPRINT = "-- fingerprint: "


def script_text() -> str:
    """Return the script, or nothing when there is none."""
    return gzip.decompress(FILE.read_bytes()).decode() if FILE.exists() else ""


def script_fits() -> bool:
    """Say whether the script was made from the migrations that are installed."""
    first_line = script_text().partition("\n")[0]
    return first_line == FINGERPRINT + third_party_fingerprint()


def database_is_empty() -> bool:
    """Say whether nothing was ever migrated here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        return int(cursor.fetchone()[0]) == 0


def start_from_script() -> str:
    """Run the script when it helps; return what was done, in words for people."""
    if not database_is_empty():
        return "the database has tables already"
    if not script_fits():
        return "the bootstrap script does not fit the installed packages: migrating from nothing (make bootstrap)"
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(script_text())
        cursor.execute("COMMIT")
    connection.close()  # the script leaves its own search path and settings behind
    return "tables of the third-party apps restored"
