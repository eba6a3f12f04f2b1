"""Warnings of a change: what may be done, but should be known first. A refusal says no, a warning asks once more.

A command says them with ``warn`` while it works; whoever carries it out for a person collects them with
``collected_warnings``, shows them with the consequence, and has them confirmed. Nobody listens to a file or a job:
then they are not kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Warned(NamedTuple):
    """One warning: a stable ``code``, the argument it is about, and a sentence for people."""

    code: str
    field: str
    text: str


_collected: ContextVar[list[Warned] | None] = ContextVar("collected_warnings", default=None)


def warn(code: str, field: str, text: str) -> None:
    """Say a warning about the argument ``field`` of the command that is being carried out."""
    collected = _collected.get()
    if collected is not None:
        collected.append(Warned(code, field, text))


def listened_to() -> bool:
    """Whether anybody collects warnings: what costs queries is only worked out then."""
    return _collected.get() is not None


@contextmanager
def collected_warnings() -> Iterator[list[Warned]]:
    """The warnings that commands say inside the block."""
    found: list[Warned] = []
    token = _collected.set(found)
    try:
        yield found
    finally:
        _collected.reset(token)
