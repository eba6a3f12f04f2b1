"""What was read waits in a temporary file until all is read, so that memory stays flat for any number of Instances."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import TracebackType
from typing import Self
from uuid import UUID

from pos_billing.partner_api.values import SeenHost, SeenInstance


class Reading(StrEnum):
    """How far an Instance could be read."""

    READ = "read"
    """It answered; ``seen`` says what."""
    LISTED = "listed"
    """The Portal lists it; its details could not be read or were not asked for."""
    GONE = "gone"
    """The Portal lists it no longer, and asked for it directly says that there is no such Instance."""
    UNCLEAR = "unclear"
    """Not listed, and no clear answer when asked for directly."""


@dataclass(frozen=True, slots=True)
class ReadInstance:
    """One Instance and how far it was read; ``seen`` is set exactly when ``reading`` is ``READ``."""

    uuid: UUID
    reading: Reading
    seen: SeenInstance | None = None


class Spool:
    """An unnamed temporary file of ``ReadInstance``. Holds names, ids and days only: never a configuration."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed by __exit__)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, read: ReadInstance) -> None:
        """Keep one Instance."""
        self._file.write(json.dumps(_row(read)) + "\n")
        self.count += 1

    def rows(self) -> Iterator[tuple[str | None, ...]]:
        """Every Instance as a row of texts in the order of ``COLUMNS``, as PostgreSQL takes them by COPY."""
        self._file.seek(0)
        for line in self._file:
            yield tuple(json.loads(line))


COLUMNS = (
    ("uuid", "uuid"),
    ("reading", "text"),
    ("name", "text"),
    ("data_center", "text"),
    ("environment", "text"),
    ("partner_id", "text"),
    ("partner_name", "text"),
    ("created_on", "date"),
    ("hosts", "jsonb"),
    ("listed_hosts", "jsonb"),
)
"""Name and PostgreSQL type of each column of a row."""


def _row(read: ReadInstance) -> list[str | None]:
    seen = read.seen
    if seen is None:
        return [str(read.uuid), read.reading, *[None] * (len(COLUMNS) - 2)]
    hosts = None if seen.hosts is None else [[host.host, _day(host.added_on)] for host in seen.hosts]
    return [
        str(read.uuid),
        read.reading,
        seen.name,
        seen.data_center,
        seen.environment,
        seen.partner_id,
        seen.partner_name,
        _day(seen.created_on),
        None if hosts is None else json.dumps(hosts),
        None if seen.listed_hosts is None else json.dumps(seen.listed_hosts),
    ]


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def hosts_from(value: list[list[str | None]] | None) -> tuple[SeenHost, ...] | None:
    """The ``hosts`` of a row as values again."""
    if value is None:
        return None
    return tuple(SeenHost(host or "", date.fromisoformat(day) if day else None) for host, day in value)
