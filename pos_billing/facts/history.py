"""Who changed a fact and why: every command runs inside ``recorded``."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
import pghistory.trigger
import pgtrigger
from django.db import IntegrityError, models, transaction

from pos_billing.facts.errors import Refused, refusal_of

_here = threading.local()


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: PostgreSQL triggers copy every version of a row into ``<Model>Event``, with its context.

    The triggers fire once for each statement, not for each row: a file changes a hundred thousand rows at once.
    """
    track = pghistory.track(pghistory.InsertEvent(), _UpdateEvent(), pghistory.DeleteEvent(), level=pgtrigger.Statement)
    decorated: type[models.Model] = track(model)
    return decorated


class _ChangedRows(pghistory.trigger.Event):
    """Finds the rows of an UPDATE that are different afterwards by set difference.

    pghistory joins old and new rows; PostgreSQL keeps the plan of that join for the whole session, made for the few
    rows of the first statement, and then takes hours for many.
    """

    def get_func_template_kwargs(self, model: models.Model) -> dict[str, Any]:
        changed = "(SELECT * FROM new_values EXCEPT SELECT * FROM old_values) AS new_values"
        return super().get_func_template_kwargs(model) | {"cond_new_values": changed}


class _UpdateEvent(pghistory.UpdateEvent):
    """pghistory's, with the trigger above."""

    def add_event_trigger(self, event_model: Any) -> None:
        trigger = _ChangedRows(  # type: ignore[no-untyped-call]  # pghistory's own has no types
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=self.row,
            operation=self.operation,
            condition=None,
            level=pgtrigger.Statement,
        )
        pgtrigger.register(trigger)(event_model.pgh_tracked_model)


@contextmanager
def recorded(command: str, *, by: str, why: str) -> Iterator[None]:
    """One transaction whose changes are kept in history with the command, who gave it and why.

    ``by`` is a person or a job (never empty); ``why`` is free text in the giver's words (never empty).
    Inside another command only the outer one is kept: it is what was asked for. A constraint of the database that
    refuses the change becomes ``Refused``, as do missing ``by`` and ``why``.
    """
    if not by.strip():
        raise Refused("by", "Say who makes this change.", code="by_missing")
    if not why.strip():
        raise Refused("why", "Say why this change is made; it is kept in the history.", code="why_missing")
    try:
        if getattr(_here, "command", None):
            with transaction.atomic():
                yield
            return
        _here.command = command
        try:
            with transaction.atomic(), pghistory.context(command=command, by=by.strip(), why=why.strip()):
                yield
        finally:
            _here.command = None
    except IntegrityError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
