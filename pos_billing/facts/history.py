"""Who changed a fact and why: every command runs inside ``recorded``."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import models, transaction

from pos_billing.facts.errors import Refused


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Class decorator: PostgreSQL triggers copy every version of a row into ``<Model>Event``, with its context."""
    track = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return track(model)


@contextmanager
def recorded(command: str, *, by: str, why: str) -> Iterator[None]:
    """One transaction whose changes are kept in history with the command, who gave it and why.

    ``by`` is a person or a job (never empty); ``why`` is free text in the giver's words (never empty).
    Raises ``Refused`` when either is missing.
    """
    if not by.strip():
        raise Refused("by", "Say who makes this change.")
    if not why.strip():
        raise Refused("why", "Say why this change is made; it is kept in the history.")
    with transaction.atomic(), pghistory.context(command=command, by=by.strip(), why=why.strip()):
        yield
