"""How a Seller numbers its documents: statements, and credit notes by the same rule with a prefix."""

from datetime import date

from pos_billing.plans.number_format import CREDIT_NOTE_PREFIX, NumberFormat


def number_in(number_format: str, as_of: date, number: int) -> str:
    """A statement's number, as the Seller writes them; the month has two digits.

    Raises ``Refused`` when ``number_format`` is not a valid one.
    """
    return NumberFormat.read(number_format).written(as_of, number)


def credit_note_number_in(number_format: str, issued_on: date, number: int) -> str:
    """A credit note's number: written as a statement's would be, after ``CN-``."""
    return CREDIT_NOTE_PREFIX + number_in(number_format, issued_on, number)
