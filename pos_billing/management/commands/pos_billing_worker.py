"""`manage.py pos_billing_worker`: do the background work. Any number of them, on any number of machines."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicRegistry

from pos_billing.work.queue import keep_errors

WAITING = """
SELECT EXISTS (
    SELECT FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    AND (%(queues)s::varchar[] IS NULL OR queue_name = ANY(%(queues)s::varchar[]))
) AS waiting
"""


class Command(BaseCommand):
    """Run jobs from the queue until told to stop; what runs by the clock is in plugin.toml."""

    help = "Do the background work. Start as many as you like; they share it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="How many jobs this worker does at once.")
        parser.add_argument("--queue", action="append", dest="queues", help="Only this queue; may be given again.")
        parser.add_argument(
            "--until-empty", action="store_true", help="Do what waits, and stop; nothing is begun by the clock."
        )
        parser.add_argument("--without-clock", action="store_true", help="Begin nothing by the clock.")
        parser.add_argument("--name", default="pos_billing", help="As it is shown in the admin.")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._work(options))

    async def _work(self, options: dict[str, Any]) -> None:
        working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # the Django connector has it
        if options["until_empty"] or options["without_clock"]:
            # A worker that starts makes up for what the clock asked for in the last ten minutes: here nobody asked.
            working.periodic_registry = PeriodicRegistry()
        async with working.open_async():
            while True:
                await working.run_worker_async(
                    queues=options["queues"],
                    concurrency=options["concurrency"],
                    wait=not options["until_empty"],
                    name=options["name"],
                    delete_jobs="successful",
                    task_middleware=[keep_errors],
                )
                # Procrastinate stops when it finds no job, while jobs that still run may put others into the queue.
                if not options["until_empty"] or not await self._waiting(working, options["queues"]):
                    return

    async def _waiting(self, working: Any, queues: list[str] | None) -> bool:
        """Whether a job could be done now."""
        found = await working.connector.execute_query_one_async(WAITING, queues=queues)
        return bool(found["waiting"])
