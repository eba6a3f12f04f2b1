"""How a command says no."""

from collections.abc import Mapping

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models


class Refused(ValidationError):
    """A command that was not carried out. Nothing was changed.

    ``field`` names the argument that is wrong, so that forms show the message beside it; ``message`` says what is
    wrong and what to do about it, in words for people.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__({field: [message]})
        self.field = field
        self.text = message

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


_constraints: dict[str, tuple[str, str]] = {}


def refused_by(constraints: Mapping[str, tuple[str, str]]) -> None:
    """Register what a violated database constraint means: ``{name: (field, message)}``."""
    _constraints.update(constraints)


def refusal_of(error: IntegrityError) -> Refused | None:
    """What a violated constraint says to people; ``None`` for one that nobody gave words to."""
    cause = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    return Refused(*_constraints[name]) if name in _constraints else None


def refuse_invalid(row: models.Model, **called: str) -> None:
    """Raise ``Refused`` for the first field of ``row`` that its model does not accept.

    ``called`` renames fields to the command's arguments: ``refuse_invalid(domain, added_on="day")``.
    """
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(called.get(field, "" if field == NON_FIELD_ERRORS else field), messages[0]) from error
