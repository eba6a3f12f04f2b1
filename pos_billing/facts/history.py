"""Who changed a fact and why: every command runs inside ``recorded``."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
import pgtrigger
from django.db import IntegrityError, models, transaction

from pos_billing.facts.errors import Refused, refusal_of

_here = threading.local()


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: PostgreSQL triggers copy every version of a row into ``<Model>Event``, with its context.

    The triggers fire once for each statement, not for each row: a file changes a hundred thousand rows at once.
    """
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), level=pgtrigger.Statement
    )(model)


@contextmanager
def recorded(command: str, *, by: str, why: str) -> Iterator[None]:
    """One transaction whose changes are kept in history with the command, who gave it and why.

    ``by`` is a person or a job (never empty); ``why`` is free text in the giver's words (never empty).
    Inside another command only the outer one is kept: it is what was asked for. A constraint of the database that
    refuses the change becomes ``Refused``, as do missing ``by`` and ``why``.
    """
    if not by.strip():
        raise Refused("by", "Say who makes this change.")
    if not why.strip():
        raise Refused("why", "Say why this change is made; it is kept in the history.")
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
