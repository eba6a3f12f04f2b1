"""How a command says no."""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models


class Refused(ValidationError):
    """A command that was not carried out. Nothing was changed.

    ``field`` names the argument that is wrong, so that forms show the message beside it; ``message`` says what is
    wrong and what to do about it, in words for people; ``code`` says the same to programs. The sentence may be
    improved at any time, a code stays: docs/refusals.md lists them all.
    """

    code: str

    def __init__(self, field: str, message: str, *, code: str) -> None:
        super().__init__({field: [ValidationError(message, code=code)]})
        self.field = field
        self.text = message
        self.code = code

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


_constraints: dict[str, tuple[str, str]] = {}


def refused_by(constraints: Mapping[str, tuple[str, str]]) -> None:
    """Register what a violated database constraint means: ``{name: (field, message)}``. Its name is the code."""
    _constraints.update(constraints)


def refusal_of(error: IntegrityError) -> Refused | None:
    """What a violated constraint says to people; ``None`` for one that nobody gave words to."""
    cause = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    if name not in _constraints:
        return None
    field, message = _constraints[name]
    return Refused(field, message, code=name)


def refuse_invalid(row: models.Model, **called: str) -> None:
    """Raise ``Refused`` for the first field of ``row`` that its model does not accept.

    ``called`` renames fields to the command's arguments: ``refuse_invalid(domain, added_on="day")``.
    """
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        argument = called.get(field, "" if field == NON_FIELD_ERRORS else field)
        raise Refused(argument, messages[0], code="invalid_value") from error
