"""The queue of background work as staff sees it: jobs with their last error, workers, what the clock begins.

Its tables stand in ``public``, whatever the current schema is.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, connection
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django_tenants.utils import get_public_schema_name
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import (
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)
from procrastinate.jobs import Status

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.plugin import manifest
from pos_billing.sellers.schemas import in_seller
from pos_billing.work.models import JobError

log = logging.getLogger(__name__)
ALIVE = timedelta(seconds=30)
"""A worker says every ten seconds that it is alive; after three times that long it is not believed to be."""
ERROR_LENGTH = 2000


class Scheduled(NamedTuple):
    """A job of the clock: its name in the manifest, when, what it does, and when it was begun last."""

    name: str
    cron: str
    meaning: str
    last: datetime | None


def jobs() -> QuerySet[ProcrastinateJob]:
    """All jobs, the newest first, each with ``error`` (its last one, or ``None``). Those that went well are gone."""
    error = JobError.objects.filter(job_id=OuterRef("pk")).values("error")
    found: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.annotate(error=Subquery(error)).order_by("-pk")
    return found


def job_counts() -> dict[str, int]:
    """How many jobs are in each state."""
    return dict(ProcrastinateJob.objects.order_by().values_list("status").annotate(Count("pk")))


def workers_alive(now: datetime) -> int:
    """How many workers said lately that they are alive."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - ALIVE).count()


def waits_in_queue(job_id: int | None) -> bool:
    """Whether a job has not been begun yet, or is to be begun again; ``False`` for one that is gone."""
    return ProcrastinateJob.objects.filter(pk=job_id, status=Status.TODO.value).exists()


def in_good_hands(job_id: int | None, now: datetime) -> bool:
    """Whether a job waits in the queue, or is done by a worker that said lately that it is alive."""
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - ALIVE)
    waits = Q(status=Status.TODO.value)
    return ProcrastinateJob.objects.filter(waits | Q(status=Status.DOING.value, worker__in=alive), pk=job_id).exists()


def schedule() -> list[Scheduled]:
    """What the clock begins: declared in the manifest alone."""
    rows = ProcrastinatePeriodicDefer.objects.order_by().values_list("periodic_id").annotate(Max("defer_timestamp"))
    begun = {name: datetime.fromtimestamp(at, UTC) for name, at in rows if at is not None}
    return [
        Scheduled(name, entry["cron"], entry["meaning"], begun.get(name))
        for name, entry in manifest()["jobs"]["scheduled"].items()
    ]


def meaning_of(job: ProcrastinateJob) -> str:
    """What a job does, in the words of its task; its name when this release has no such task any more."""
    task = app.tasks.get(job.task_name)
    said = task.func.__doc__ if task is not None else None
    return said.strip().splitlines()[0] if said else job.task_name.rpartition(".")[2]


def job_retry(job: ProcrastinateJob) -> None:
    """Try a failed job once more, at once. Raises ``Refused`` for a job that did not fail."""
    with in_seller(get_public_schema_name()):
        if not ProcrastinateJob.objects.filter(pk=job.pk, status=Status.FAILED.value).exists():
            raise Refused("job", "Only a job that failed can be tried again.", code="job_not_failed")
        app.job_manager.retry_job_by_id(job.pk, retry_at=clock.now())


def jobs_revive(now: datetime) -> int:
    """Put jobs back into the queue whose worker died over them; how many. Every job may run twice."""
    dead = ProcrastinateJob.objects.filter(status=Status.DOING.value).exclude(
        worker__in=ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - ALIVE)
    )
    revived = 0
    with in_seller(get_public_schema_name()):
        for job_id in dead.order_by("pk").values_list("pk", flat=True):
            note_error(job_id, "The worker died over it.")
            app.job_manager.retry_job_by_id(job_id, retry_at=now)
            revived += 1
    return revived


def note_error(job_id: int, error: str) -> None:
    """Keep why a try of a job failed."""
    with in_seller(get_public_schema_name()):
        JobError.objects.update_or_create(
            job_id=job_id, defaults={"error": error[:ERROR_LENGTH], "failed_at": clock.now()}
        )


def keep_errors(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Around every job a worker does: keep its error, and forget that of an earlier try when it goes well."""
    job = context.job
    try:
        result = call_next()
    except Exception as error:
        try:
            note_error(job.id, f"{type(error).__name__}: {error}")
        except DatabaseError:  # the queue's own log has it; the job must still be seen to fail with its own error
            log.exception("The error of job %s could not be kept", job.id)
            connection.close()
        raise
    if job.attempts:
        with in_seller(get_public_schema_name()):
            JobError.objects.filter(job_id=job.id).delete()
    return result
