"""How a Seller numbers its statements."""

from datetime import date

from pos_billing.facts.errors import Refused


def number_in(number_format: str, as_of: date, number: int) -> str:
    """A statement's number, as the Seller writes them; the month has two digits.

    Raises ``Refused`` when the format cannot be filled in.
    """
    try:
        return number_format.format(year=as_of.year, month=f"{as_of.month:02d}", number=number)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise Refused(
            "number_format",
            f"{number_format!r} cannot be used ({error}): it may name {{year}}, {{month}}, {{number}}.",
            code="number_format_unusable",
        ) from error
