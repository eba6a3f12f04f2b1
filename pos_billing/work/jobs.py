"""What every package with jobs needs: how they are put into the queue, tried again, and begun by the clock.

Procrastinate's queue stands in the public schema. Jobs are put there in the transaction that needs them: no work is
lost, and none is done for what was rolled back. Each does what a management command does as well; each may run twice,
or on any machine. When they run by the clock is said in the manifest (plugin.toml, `jobs.scheduled`), and nowhere else.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from pos_billing.facts import clock
from pos_billing.plugin import manifest
from pos_billing.sellers.schemas import NoSuchSeller
from pos_billing.work.errors import TryAgainLater
from pos_billing.work.queue import jobs_revive

log = logging.getLogger(__name__)
BY = "worker"
"""Who did it, in the history of what jobs change."""
AT_ONCE = 1000

PATIENT = RetryStrategy(
    max_attempts=10, exponential_wait=3, retry_exceptions=(TryAgainLater, OperationalError, OSError)
)
"""Waits 3, 9, 27 … seconds between tries; after the last one the periodic jobs go on."""


def of_seller(job: Callable[..., Any]) -> Callable[..., Any]:
    """Let a job of a Seller that is gone end in words: no other try brings the Seller back."""

    @wraps(job)
    def do(schema: str, *given: Any, **named: Any) -> Any:
        try:
            return job(schema, *given, **named)
        except NoSuchSeller as gone:
            log.warning("Job %s: %s", job.__name__, gone)
            return str(gone)

    return do


def defer_many(task: Any, schema: str, argument: str, ids: Iterable[int]) -> None:
    """Put one job for each id into the queue, in few statements, in the current transaction."""
    ids = list(ids)
    for start in range(0, len(ids), AT_ONCE):
        task.batch_defer(*({"schema": schema, argument: pk} for pk in ids[start : start + AT_ONCE]))


def register_schedule(module: str, tasks: Mapping[str, Task[Any, Any, Any]]) -> None:
    """Let the tasks of ``module`` run when the manifest says; ``tasks`` by the names of their functions."""
    for name, entry in manifest()["jobs"]["scheduled"].items():
        declared, _, function = entry["task"].rpartition(".")
        if declared == module:
            app.periodic(cron=entry["cron"], periodic_id=name)(tasks[function])


@app.task(queue="clock")
def revive_jobs(timestamp: int) -> int:
    """Let jobs be done again whose worker died over them."""
    return jobs_revive(clock.now())


register_schedule(__name__, globals())
