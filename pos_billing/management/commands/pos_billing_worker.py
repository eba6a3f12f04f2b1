"""`manage.py pos_billing_worker`: do the background work. Any number of them, on any number of machines."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app


class Command(BaseCommand):
    """Run jobs from the queue until told to stop; what runs by the clock is in plugin.toml."""

    help = "Do the background work. Start as many as you like; they share it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="How many jobs this worker does at once.")
        parser.add_argument("--queue", action="append", dest="queues", help="Only this queue; may be given again.")
        parser.add_argument("--until-empty", action="store_true", help="Stop when no job is waiting.")
        parser.add_argument("--name", default="pos_billing", help="As it is shown in the admin.")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._work(options))

    async def _work(self, options: dict[str, Any]) -> None:
        working = app.with_connector(app.connector.get_worker_connector())
        async with working.open_async():
            again = True
            while again:
                await working.run_worker_async(
                    queues=options["queues"],
                    concurrency=options["concurrency"],
                    wait=not options["until_empty"],
                    name=options["name"],
                    delete_jobs="successful",
                )
                # A job that was still running may have enqueued another after the queue looked empty.
                again = options["until_empty"] and await self._something_waits(working, options["queues"])

    async def _something_waits(self, working: App, queues: list[str] | None) -> bool:
        """Whether a job could be done now; those for later do not count."""
        now = timezone.now()
        return any(
            (queues is None or job.queue in queues) and (job.scheduled_at is None or job.scheduled_at <= now)
            for job in await working.job_manager.list_jobs_async(status="todo")
        )
