"""How a command says no."""

from django.core.exceptions import ValidationError


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
