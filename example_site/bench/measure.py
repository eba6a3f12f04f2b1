"""One measurement, in a process of its own: its last line of output is the result as JSON."""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import django
from django.db import connection, reset_queries

from pos_billing.sellers.schemas import tenant_connection


class Queries:
    """Counts statements sent to the database."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.sent += 1
        return execute(*arguments)


def run(as_of: str, full: str) -> dict[str, Any]:
    """A billing run of the platform; its seconds, queries and memory."""
    from pos_billing.statements.run import bill

    connection.ensure_connection()
    before, queries = _peak_megabytes(), Queries()
    began = time.perf_counter()
    with connection.execute_wrapper(queries):
        outcome = bill("public", as_of=date.fromisoformat(as_of), by="bench", full=full == "full")
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds, "lines": outcome.lines, "statements": len(outcome.statements), "cents": outcome.total,
        "subjects": outcome.subjects, "queries": queries.sent, "megabytes": _peak_megabytes(),
        "megabytes_before": before,
    }  # fmt: skip


def close(first: str, last: str) -> dict[str, Any]:
    """Bill the months from ``first`` to ``last`` (not included), one run each; nothing is measured."""
    from pos_billing.rating.months import next_month
    from pos_billing.statements.run import bill

    month = date.fromisoformat(first)
    while month < date.fromisoformat(last):
        month = next_month(month)
        bill("public", as_of=month, by="bench")
    return {}


def facts(instances: str, usage: str, first_month: str) -> dict[str, Any]:
    """Make the facts."""
    from example_site.bench.facts import made

    made(int(instances), usage=usage == "usage", first_month=date.fromisoformat(first_month))
    return {}


def sql(instances: str) -> dict[str, Any]:
    """The SQL baseline."""
    from example_site.bench.baselines import by_sql

    return dict(by_sql(int(instances)))


def orm(instances: str) -> dict[str, Any]:
    """The ORM baseline."""
    from example_site.bench.baselines import by_orm

    return dict(by_orm(int(instances)))


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "run": run,
    "close": close,
    "facts": facts,
    "sql": sql,
    "orm": orm,
}

if __name__ == "__main__":
    django.setup()
    reset_queries()
    tenant_connection().set_schema_to_public()
    print(json.dumps(MEASURES[sys.argv[1]](*sys.argv[2:])))
