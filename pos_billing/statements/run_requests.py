"""Runs and previews that were asked for on a page: jobs of the queue, with progress that every process can read.

The run is one transaction, so its progress is written on a second connection. That connection holds an advisory lock
as long as the work goes on: when a worker dies, the lock goes with it, and whoever looks at the page is told that the
run stopped. A run that stops writes nothing; its job is done again once it is known that its worker is gone
(``work.queue.jobs_revive``).
"""

import logging
import time
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django_tenants.utils import get_public_schema_name
from procrastinate.contrib.django import app

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import RunRequest
from pos_billing.statements.outcome import RunOutcome
from pos_billing.statements.run import Changed, bill
from pos_billing.work.jobs import PATIENT
from pos_billing.work.locks import LockSpace, held_by_session, try_for
from pos_billing.work.queue import in_good_hands, waits_in_queue

log = logging.getLogger(__name__)

SECONDS_BETWEEN_NOTES = 0.5
STATEMENTS_KEPT = 500
"""So many statements of a result are kept to be shown; the totals are of all of them."""
UNDER_WAY = (RunRequest.State.WAITING, RunRequest.State.RUNNING)


def run_request_make(**asked: Any) -> RunRequest:
    """Ask for a run or preview: the request and the job that carries it out, in one transaction."""
    with in_seller(get_public_schema_name()), transaction.atomic():
        request = RunRequest.objects.create(**asked)
        request.job_id = make_requested_run.defer(request_id=request.pk)
        request.save(update_fields=["job_id"])
    return request


@app.task(queue="people", retry=PATIENT)
def make_requested_run(request_id: int) -> str:
    """Make a run or preview that was asked for on a page, and write down what came of it."""
    notes: BaseDatabaseWrapper = connection.copy()
    try:
        with (
            in_seller(get_public_schema_name()),
            held_by_session(LockSpace.RUN_REQUEST, str(request_id), on=notes) as mine,
        ):
            request = RunRequest.objects.get(pk=request_id)
            if not mine or request.state not in UNDER_WAY:
                return "done already"
            _write(notes, request_id, state=RunRequest.State.RUNNING)
            outcome = _outcome(notes, request)
            _write(notes, request_id, finished_at=clock.now(), **outcome)
            return str(outcome["state"])
    finally:
        notes.close()


def waiting(request: RunRequest) -> bool:
    """Whether no worker has begun the work yet."""
    return request.state == RunRequest.State.WAITING and waits_in_queue(request.job_id)


def stopped(request: RunRequest) -> bool:
    """Whether the worker that made the run is gone before it was finished. Nothing of the run was written then."""
    if request.state not in UNDER_WAY or in_good_hands(request.job_id, clock.now()):
        return False
    with transaction.atomic():
        if not try_for(LockSpace.RUN_REQUEST, str(request.pk)):
            return False
        request.refresh_from_db()  # it may have been finished just now
        return request.state in UNDER_WAY and not in_good_hands(request.job_id, clock.now())


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
            request.seller,
            as_of=request.as_of,
            by=request.by,
            preview=request.preview,
            full=request.full,
            expected=request.expected or None,
            wait=False,
            progress=progress,
        )
        return {
            "state": RunRequest.State.FINISHED,
            "run_id": outcome.run_id,
            "result": result_of(outcome),
            "done": outcome.subjects,
            "total": outcome.subjects,
        }
    except Changed as changed:
        return _shown_again(notes, request, changed)
    except Refused as refused:
        return {"state": RunRequest.State.REFUSED, "message": refused.text}
    except Exception as error:
        # Whatever it is, the run's transaction is undone; the page has to say so, and the log has to say why.
        log.exception("The run for %s as of %s failed.", request.seller, request.as_of)
        return {"state": RunRequest.State.FAILED, "message": f"{type(error).__name__}: {error}"}


def _shown_again(notes: BaseDatabaseWrapper, request: RunRequest, changed: Changed) -> dict[str, Any]:
    """The preview as it is now, in place of the run, with what differs from the one that was shown."""
    outcome = bill(request.seller, as_of=request.as_of, by=request.by, preview=True, full=request.full)
    result = result_of(outcome)
    if request.shown is not None:
        result["changes"] = _changes(request.shown.result.get("statements", []), result["statements"])
    return {
        "state": RunRequest.State.FINISHED,
        "preview": True,
        "message": changed.text,
        "result": result,
        "done": outcome.subjects,
        "total": outcome.subjects,
    }


def _changes(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Which Accounts are asked for something else than the preview showed; cents, ``None`` for no statement."""
    was = {one["account"]: one["amount_due"] for one in before}
    is_now = {one["account"]: one["amount_due"] for one in now}
    return [
        {"account": account, "was": was.get(account), "now": is_now.get(account)}
        for account in sorted(was.keys() | is_now.keys())
        if was.get(account) != is_now.get(account)
    ]


def result_of(outcome: RunOutcome) -> dict[str, Any]:
    """What a page shows of a run or preview: totals, what was not charged and why, the statements. Money in cents."""
    statements = [
        {
            "number": s.number,
            "account": s.buyer["name"],
            "lines": s.lines,
            "adjustments": s.adjustments,
            "total": s.total,
            "amount_due": s.amount_due,
            "due_on": s.due_on,
            "currency": s.currency,
            "id": None if outcome.preview else s.id,
        }
        for s in outcome.statements[:STATEMENTS_KEPT]
    ]
    return {
        "count": len(outcome.statements), "lines": outcome.lines, "total": outcome.total,
        "adjustments": outcome.adjustments, "subjects": outcome.subjects, "full": outcome.full,
        "fingerprint": outcome.fingerprint, "full_because": outcome.full_because, "unbillable": outcome.unbillable,
        "not_charged": dict(outcome.not_charged), "missed": outcome.missed, "missed_named": outcome.missed_named,
        "statements": statements,
    }  # fmt: skip


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
