"""How a Seller numbers its documents: statements, and credit notes by the same rule with a prefix.

Numbers have no gaps. They go on for ever, or begin anew with each year where the Seller's settings say so
(``numbers_begin_anew``; the format then names the year).
"""

from datetime import date
from typing import NamedTuple

from pos_billing.facts.errors import Refused
from pos_billing.plans.number_format import CREDIT_NOTE_PREFIX, NumberFormat


class Numbers(NamedTuple):
    """What the next document gets: ``sequence`` counts all there ever were, ``number`` is written into its number."""

    sequence: int
    number: int
    year: int | None

    def on(self, day: date, *, anew: bool) -> "Numbers":
        """The same for a document of ``day``: with ``anew``, the first of a year has the number 1.

        Raises ``Refused`` for a day in a year whose numbers are closed, because a later year's have begun.
        """
        if not anew or self.year is None or day.year == self.year:
            return self._replace(year=max(day.year, self.year or day.year))
        if day.year < self.year:
            raise Refused(
                "day",
                f"Numbers begin anew each year, and those of {self.year} have begun: choose a day from then on.",
                code="numbers_of_year_closed",
            )
        return self._replace(number=1, year=day.year)

    def after(self, documents: int) -> "Numbers":
        """What comes after so many documents of the same day."""
        return self._replace(sequence=self.sequence + documents, number=self.number + documents)


def number_in(number_format: str, as_of: date, number: int) -> str:
    """A statement's number, as the Seller writes them; the month has two digits.

    Raises ``Refused`` when ``number_format`` is not a valid one.
    """
    return NumberFormat.read(number_format).written(as_of, number)


def credit_note_number_in(number_format: str, issued_on: date, number: int) -> str:
    """A credit note's number: written as a statement's would be, after ``CN-``."""
    return CREDIT_NOTE_PREFIX + number_in(number_format, issued_on, number)
