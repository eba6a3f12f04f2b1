"""Making a run that was asked for on a page: beside the request, with progress that every process can read.

The run is one transaction, so its progress is written on a second connection. That connection holds an advisory lock
as long as the work goes on: when a process dies, the lock goes with it, and whoever looks at the page is told that the
run stopped and, since a run that stops writes nothing, may be started again.
"""

import logging
import threading
import time
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import RunRequest
from pos_billing.statements.run import Outcome, bill

log = logging.getLogger(__name__)

LOCK_SPACE = 0x706F7372  # "posr": requests for runs, among all advisory locks of the database
SECONDS_BETWEEN_NOTES = 0.5
STATEMENTS_KEPT = 500
"""So many statements of a result are kept to be shown; the totals are of all of them."""


def start(request: RunRequest) -> None:
    """Begin the work once the request is committed; returns at once."""
    transaction.on_commit(lambda: threading.Thread(target=make, args=(request.pk,), daemon=True).start())


def make(request_id: int) -> None:
    """Make the run or preview of a request and write down what came of it. Runs in a thread or worker of its own."""
    notes: BaseDatabaseWrapper = connection.copy()
    try:
        with in_seller(get_public_schema_name()):
            request = RunRequest.objects.get(pk=request_id)
            _lock(notes, request_id)
            _write(notes, request_id, state=RunRequest.State.RUNNING)
            _write(notes, request_id, finished_at=timezone.now(), **_outcome(notes, request))
    finally:
        notes.close()
        connection.close()


def stopped(request: RunRequest) -> bool:
    """Whether the process that made the run is gone before it was finished. Nothing of the run was written then."""
    if request.state not in (RunRequest.State.WAITING, RunRequest.State.RUNNING):
        return False
    if (timezone.now() - request.asked_at).total_seconds() < 5:
        return False  # its thread may not have taken the lock yet
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, request.pk])
        if not cursor.fetchone()[0]:
            return False
    request.refresh_from_db()
    return request.state in (RunRequest.State.WAITING, RunRequest.State.RUNNING)


def _outcome(notes: BaseDatabaseWrapper, request: RunRequest) -> dict[str, Any]:
    """Carry the request out; what is to be written about it."""
    told = time.monotonic()

    def progress(schema: str, done: int, total: int) -> None:
        nonlocal told
        if done == total or time.monotonic() - told > SECONDS_BETWEEN_NOTES:
            told = time.monotonic()
            _write(notes, request.pk, done=done, total=total)

    try:
        outcome = bill(
            request.seller, as_of=request.as_of, by=request.by, preview=request.preview, full=request.full,
            wait=False, progress=progress,
        )
        return {
            "state": RunRequest.State.FINISHED, "run_id": outcome.run_id, "result": result_of(outcome),
            "done": outcome.subjects, "total": outcome.subjects,
        }
    except Refused as refused:
        return {"state": RunRequest.State.REFUSED, "message": refused.text}
    except Exception as error:
        # Whatever it is, the run's transaction is undone; the page has to say so, and the log has to say why.
        log.exception("The run for %s as of %s failed.", request.seller, request.as_of)
        return {"state": RunRequest.State.FAILED, "message": f"{type(error).__name__}: {error}"}


def result_of(outcome: Outcome) -> dict[str, Any]:
    """What a page shows of a run or preview: totals, what was not charged and why, the statements. Money in cents."""
    statements = [
        {
            "number": s.number, "account": s.buyer["name"], "lines": s.lines, "adjustments": s.adjustments,
            "total": s.total, "amount_due": s.amount_due, "due_on": s.due_on, "currency": s.currency,
            "id": None if outcome.preview else s.id,
        }
        for s in outcome.statements[:STATEMENTS_KEPT]
    ]
    return {
        "count": len(outcome.statements), "lines": outcome.lines, "total": outcome.total,
        "adjustments": outcome.adjustments, "subjects": outcome.subjects, "full": outcome.full,
        "not_charged": dict(outcome.not_charged), "missed": outcome.missed, "missed_named": outcome.missed_named,
        "statements": statements,
    }  # fmt: skip


def _lock(notes: BaseDatabaseWrapper, request_id: int) -> None:
    with notes.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, request_id])


def _write(notes: BaseDatabaseWrapper, request_id: int, **values: Any) -> None:
    """Update the request's row on the second connection, outside the run's transaction."""
    fields = {field.name: field for field in RunRequest._meta.concrete_fields}
    assigned = ", ".join(f"{fields[name].column} = %s" for name in values)
    prepared = [fields[name].get_db_prep_save(value, connection=notes) for name, value in values.items()]
    with notes.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{get_public_schema_name()}".{RunRequest._meta.db_table} SET {assigned} WHERE id = %s',
            [*prepared, request_id],
        )
