"""Changing facts in two steps: first what it would change on the next statements, then the change itself."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core import signing
from django.db import transaction

from pos_billing.facts.errors import Refused
from pos_billing.facts.warnings import Warned, collected_warnings
from pos_billing.rating.facts import Subject
from pos_billing.statements.foreseen import Foreseen, foresee
from pos_billing.web.shared.forms import ChangeForm

SALT = "pos_billing.change"
GOOD_FOR_SECONDS = 3600


class Step(NamedTuple):
    """Where a two-step change stands. ``done`` is what the command returned, once it was carried out.

    ``unconfirmed`` says that the warnings were not ticked.
    """

    foreseen: Foreseen | None = None
    token: str = ""
    done: Any = None
    saved: bool = False
    unconfirmed: bool = False

    @property
    def context(self) -> dict[str, Any]:
        """What the template of the form needs of it."""
        return {"foreseen": self.foreseen, "token": self.token, "unconfirmed": self.unconfirmed}


class _NotSeen(Exception):
    """Takes a change back whose warnings are not those that were seen and confirmed."""


def step(
    form: ChangeForm,
    data: Mapping[str, Any],
    command: Callable[[], Any],
    subjects: Sequence[Subject] | None,
    as_of: date,
    *,
    here_only: bool = False,
    only_if_warned: bool = False,
) -> Step:
    """Take a valid form one step on: foresee the change, or, when exactly that was foreseen, carry it out.

    ``subjects`` and ``here_only`` are those of ``foresee``. Warnings are shown and must be confirmed. With
    ``only_if_warned`` a change that warns of nothing is carried out at once: nothing can have been billed for it yet.
    A refusal is said in the form, which then has errors.
    """
    try:
        unconfirmed = False
        if "save" in data or only_if_warned:
            seen = _seen(form, data.get("seen", "")) if "save" in data else ""
            confirmed = "confirmed" in data
            if seen is not None:
                done = _carried_out(command, seen, confirmed)
                if done is not None:
                    return Step(done=done[0], saved=True)
                unconfirmed = "save" in data and not confirmed
        foreseen = foresee(command, subjects, as_of, here_only=here_only)
        return Step(foreseen, _token(form, foreseen.warnings), unconfirmed=unconfirmed)
    except Refused as refused:
        form.refuse(refused)
        return Step()


def _carried_out(command: Callable[[], Any], seen: str, confirmed: bool) -> tuple[Any] | None:
    """Carry ``command`` out, unless it warns of what was not seen or not confirmed: then ``None``, and nothing is."""
    try:
        with transaction.atomic(), collected_warnings() as warnings:
            done = command()
            if warnings and not (confirmed and _digest(warnings) == seen):
                raise _NotSeen
        return (done,)
    except _NotSeen:
        return None


def _token(form: ChangeForm, warnings: Sequence[Warned]) -> str:
    """A signature of what a form asks for and what was warned of: what was foreseen is what is saved."""
    return signing.dumps({"asked": _asked(form), "warned": _digest(warnings)}, salt=SALT)


def _seen(form: ChangeForm, token: str) -> str | None:
    """The warnings' digest of ``token``, or ``None`` when it was not given out for exactly what the form asks for."""
    try:
        seen: Mapping[str, Any] = signing.loads(token, salt=SALT, max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        return None
    return str(seen["warned"]) if seen["asked"] == _asked(form) else None


def _asked(form: ChangeForm) -> dict[str, str]:
    return {name: str(value) for name, value in form.cleaned_data.items() if name != "why"}


def _digest(warnings: Sequence[Warned]) -> str:
    texts = "\n".join(sorted({warned.text for warned in warnings}))
    return hashlib.sha256(texts.encode()).hexdigest() if texts else ""
