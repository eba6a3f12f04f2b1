"""`manage.py pos_billing_worker`: do the background work. Any number of them, on any number of machines."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
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
            await working.run_worker_async(
                queues=options["queues"],
                concurrency=options["concurrency"],
                wait=not options["until_empty"],
                name=options["name"],
                delete_jobs="successful",
            )
