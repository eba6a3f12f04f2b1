"""`make bench`: how fast runs, collections and pages are. For some sizes: ``python -m example_site.bench 1000``."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from example_site import embedded_postgres
from example_site.bench import collecting, pages
from example_site.bench.facts import MONTH
from pos_billing.rating.months import next_month, previous_month

SIZES = (1_000, 10_000, 100_000)
CLOSED_MONTHS = (1, 12, 36)
CLOSED_MONTHS_SIZE = 10_000
ORM_SAMPLE = 1_000
TARGETS = {"sql": 2.0, "orm": 50.0, "megabytes": 200.0}


def main(sizes: list[int]) -> int:
    """Measure everything; returns the exit code: 1 when a target is missed at the largest size."""
    with scratch_database() as name:
        bench = Bench(name)
        print(f"A billing run of one closed month, with one closed month behind it ({os.cpu_count()} processors)\n")
        print(f"{'Instances':>10} {'usage':>6} {'seconds':>8} {'stmts/s':>8} {'lines/s':>9} {'queries':>8} {'MB':>5} "
              f"{'SQL s':>7} {'÷ SQL':>6} {'ORM s':>8} {'× ORM':>6}")  # fmt: skip
        reached = [bench.size(size, usage) for size in sizes for usage in (False, True)]
        print(f"\nThe same month with more history behind it ({CLOSED_MONTHS_SIZE:,} Instances)\n")
        print(f"{'closed':>10} {'seconds':>8} {'lines/s':>9} {'queries':>8} {'MB':>5} {'full run, s':>12}")
        for closed in CLOSED_MONTHS:
            bench.history(closed)
    with scratch_database() as name:
        collecting.measure(Bench(name).environment)
    with scratch_database() as name:
        quick = pages.measure(Bench(name).environment)
    return bench.verdict(reached, quick)


class Bench:
    """Measurements in one scratch database."""

    def __init__(self, database: str) -> None:
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "example_site.settings", "EXAMPLE_SITE_DATABASE": database,
            "EXAMPLE_SITE_THROWAWAY": "1", "DEBUG": "0",
        }  # fmt: skip

    def measured(self, *arguments: object) -> dict[str, Any]:
        """Run one measurement in a process of its own."""
        command = [sys.executable, "-m", "example_site.bench.measure", *map(str, arguments)]
        result = subprocess.run(
            command, env=self.environment, cwd=embedded_postgres.CHECKOUT, check=True, stdout=subprocess.PIPE, text=True
        )
        measured: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
        return measured

    def size(self, instances: int, usage: bool) -> dict[str, Any]:
        """One size: the run, the SQL baseline and the ORM baseline, on the same facts."""
        self.measured("facts", instances, "usage" if usage else "flat", previous_month(MONTH))
        self.measured("run", MONTH, "incremental")
        sample = None if usage else self.measured("orm", min(instances, ORM_SAMPLE))
        run = self.measured("run", next_month(MONTH), "incremental")
        found = {"instances": instances, "usage": usage, "run": run}
        line = (
            f"{instances:>10,} {'yes' if usage else 'no':>6} {run['seconds']:>8.2f} "
            f"{run['statements'] / run['seconds']:>8,.0f} {run['lines'] / run['seconds']:>9,.0f} "
            f"{run['queries']:>8,} {run['megabytes']:>5.0f}"
        )
        if sample is not None:
            three = sorted((self.measured("sql", instances) for _ in range(3)), key=lambda one: one["seconds"])
            plain = three[1]
            if (plain["lines"], plain["cents"]) != (run["lines"], run["cents"]):
                raise SystemExit(f"The SQL baseline does not come to the same amounts: {plain} and {run}")
            by_orm = sample["seconds"] / sample["instances"] * instances
            found |= {"sql": run["seconds"] / plain["seconds"], "orm": by_orm / run["seconds"]}
            line += f" {plain['seconds']:>7.2f} {found['sql']:>6.2f} {by_orm:>8.1f} {found['orm']:>6.0f}"
        print(line, flush=True)
        return found

    def history(self, closed: int) -> None:
        """The same month with ``closed`` months billed before it."""
        first = MONTH
        for _ in range(closed):
            first = previous_month(first)
        self.measured("facts", CLOSED_MONTHS_SIZE, "flat", first)
        self.measured("close", first, MONTH)
        run = self.measured("run", next_month(MONTH), "incremental")
        full = self.measured("run", next_month(MONTH), "full")
        print(
            f"{closed:>10} {run['seconds']:>8.2f} {run['lines'] / run['seconds']:>9,.0f} {run['queries']:>8,} "
            f"{run['megabytes']:>5.0f} {full['seconds']:>12.2f}",
            flush=True,
        )

    def verdict(self, reached: list[dict[str, Any]], quick: bool) -> int:
        """Say whether the targets are reached at the largest size, and by every page."""
        flat = [one for one in reached if not one["usage"]]
        largest = flat[-1]
        checks = {
            f"at most {TARGETS['sql']:.1f} times plain SQL": largest["sql"] <= TARGETS["sql"],
            f"at least {TARGETS['orm']:.0f} times the ORM loop": largest["orm"] >= TARGETS["orm"],
            f"under {TARGETS['megabytes']:.0f} MB": max(r["run"]["megabytes"] for r in reached) < TARGETS["megabytes"],
            f"every page under {pages.LIMIT_MILLISECONDS:.0f} ms": quick,
        }
        print(f"\nTargets at {largest['instances']:,} Instances:")
        for target, fine in checks.items():
            print(f"  {'reached' if fine else 'MISSED '}  {target}")
        return 0 if all(checks.values()) else 1


@contextmanager
def scratch_database() -> Iterator[str]:
    """A migrated database of its own, dropped afterwards."""
    name = f"pos_billing_bench_{os.getpid()}"
    settings = embedded_postgres.database_settings(name, throwaway=True)
    try:
        print("Making a scratch database…", file=sys.stderr)
        began = time.perf_counter()
        code = (
            "import django; django.setup(); from example_site.bootstrap.script import start_from_script; "
            "from django.core.management import call_command; start_from_script(); "
            "call_command('migrate_schemas', shared=True, verbosity=0)"
        )
        subprocess.run(
            [sys.executable, "-c", code], check=True, cwd=embedded_postgres.CHECKOUT, env=Bench(name).environment
        )
        print(f"  {time.perf_counter() - began:.0f} s", file=sys.stderr)
        yield name
    finally:
        with psycopg.connect(
            host=str(settings["HOST"]), user=str(settings["USER"]), dbname="postgres", autocommit=True
        ) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
