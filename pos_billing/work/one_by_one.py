"""One Seller after the other: what fails for one is said with its name, and the others go on."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.db import connection

from pos_billing.facts.errors import Refused

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Work over several Sellers that some of them did not get; which, and why, is in the message."""


def reason_of_failure(schema: str, do: Callable[[], Any]) -> str:
    """Do something for one Seller; why it failed, in words for people, or nothing when it went well.

    Whatever goes wrong ends here: a traceback goes to the log, the sentence to whoever asked.
    """
    try:
        do()
    except Refused as refused:
        return refused.text
    except Exception as error:
        log.exception("Seller %s: failed", schema)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        said = str(error).strip().splitlines()
        return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
    return ""


def each_seller(schemas: Iterable[str], do: Callable[[str], Any]) -> None:
    """``do`` for each of ``schemas``. Raises ``SomeFailed`` at the end, if it failed for one, so that it is seen."""
    failed = {}
    for schema in schemas:
        reason = reason_of_failure(schema, partial(do, schema))
        if reason:
            failed[schema] = reason
    if failed:
        raise SomeFailed("; ".join(f"{schema}: {reason}" for schema, reason in failed.items()))
