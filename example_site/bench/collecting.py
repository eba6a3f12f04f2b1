"""How fast statements are collected by card against the Stripe double, by one, two and four workers.

Each measurement is one of this module's own steps in a process of its own: `prepare` issues statements to Accounts
with cards and puts a job for each into the queue, then real workers (`pos_billing_worker`) empty it, `result` reads
from the tries themselves when the first began and the last ended, so that the workers' start does not count.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from example_site.embedded_postgres import CHECKOUT
from example_site.stripe_double.control import Control

WORKERS = (1, 2, 4)
STATEMENTS = 200
AS_OF, DUE_ON = date(2019, 2, 1), date(2019, 2, 15)
NO_LIMIT = 100_000  # calls a second: what is measured is us


def measure(environment: Mapping[str, str], statements: int = STATEMENTS) -> list[dict[str, Any]]:
    """Collect ``statements`` statements by each number of workers, print and return what was reached.

    ``environment`` is that of child processes on a migrated scratch database.
    """
    print(f"\nCollecting {statements:,} statements by card, against the Stripe double\n")
    print(f"{'workers':>10} {'seconds':>8} {'stmts/s':>8} {'calls/statement':>16}")
    with running_double() as base_url:
        there = {**environment, "STRIPE_API_HOST": base_url, "STRIPE_CALLS_PER_SECOND": str(NO_LIMIT)}
        reached = [_by(workers, statements, there, base_url) for workers in WORKERS]
    return reached


def _by(workers: int, statements: int, environment: Mapping[str, str], base_url: str) -> dict[str, Any]:
    control = Control(base_url)
    ids = _step(environment, "prepare", statements, base_url)["statements"]
    control.reset_calls()
    command = [sys.executable, "example_site/manage.py", "pos_billing_worker", "--until-empty", "--concurrency", "1"]
    command += ["--queue", "collection"]
    working = [subprocess.Popen(command, env=dict(environment), cwd=CHECKOUT) for _ in range(workers)]
    if any(process.wait() for process in working):
        raise SystemExit("A worker ended with an error.")
    result = _step(environment, "result", ids[0], ids[-1])
    if result["paid"] != statements:
        raise SystemExit(f"Of {statements} statements {result['paid']} were paid.")
    calls = sum(control.calls().values())
    print(f"{workers:>10} {result['seconds']:>8.2f} {statements / result['seconds']:>8.1f} {calls / statements:>16.2f}")
    return {"workers": workers, "calls": calls / statements, **result}


def _step(environment: Mapping[str, str], *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "example_site.bench.collecting", *map(str, arguments)]
    done = subprocess.run(command, env=dict(environment), cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@contextmanager
def running_double() -> Iterator[str]:
    """A Stripe double in a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "example_site.stripe_double", "--port", str(port)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    base_url = f"http://localhost:{port}"
    try:
        Control(base_url).wait_until_ready(60)
        yield base_url
    finally:
        process.terminate()
        process.wait()


def prepare(count: int, base_url: str) -> dict[str, Any]:
    """Issue statements of the platform to Accounts with cards, and put their jobs into the queue."""
    from django.db import connection

    from example_site.bench.bulk_statements import make_statements
    from pos_billing.collection import jobs
    from pos_billing.plans.models import Plan
    from pos_billing.work.jobs import defer_many

    control = Control(base_url)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    plan, _ = Plan.objects.get_or_create(name="Bench", defaults={"environments": ["production"]})
    ids = make_statements(control, base_url, plan, count, AS_OF, DUE_ON)
    jobs.sync_seller_products.func(schema="public")
    defer_many(jobs.collect, "public", "statement_id", ids)
    return {"statements": ids}


def result(first: int, last: int) -> dict[str, Any]:
    """How long the tries of these statements took from the first to the last, in seconds, and how many were paid."""
    from django.db.models import Max, Min

    from pos_billing.collection.models import Collection, CollectionAttempt

    collections = Collection.objects.filter(statement__pk__range=(first, last))
    spans = CollectionAttempt.objects.filter(collection__in=collections).aggregate(end=Max("finished_at"))
    begun = collections.aggregate(begin=Min("begun_at"))["begin"]
    paid = collections.filter(invoice_status="paid").count()
    return {"seconds": (spans["end"] - begun).total_seconds(), "paid": paid}


def main(step: str, *arguments: str) -> None:
    """One step, in a process of its own; prints its result as JSON."""
    import django

    django.setup()
    if step == "prepare":
        print(json.dumps(prepare(int(arguments[0]), arguments[1])))
    else:
        print(json.dumps(result(int(arguments[0]), int(arguments[1]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
