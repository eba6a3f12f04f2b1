"""How far a statement reaches: forward by the timing of the plan (rule 8), back by the cut-off (rule 10)."""

from datetime import date
from typing import NamedTuple

from pos_billing.rating.months import month_of, next_month
from pos_billing.rating.terms import Timing


class Window(NamedTuple):
    """The months a run looks at: from ``first_month`` up to the end of each timing (not included)."""

    first_month: date
    arrears_end: date
    advance_end: date

    def end(self, timing: Timing, metered: bool) -> date:
        """The first day that is not billed yet. Usage is billed of closed months only (rule 7)."""
        return self.arrears_end if metered or timing is Timing.ARREARS else self.advance_end


def window(as_of: date, first_month: date = date.min, cut_off: date | None = None) -> Window:
    """The window of a run on ``as_of``.

    A run on any day of February covers arrears through 31 January and advance through 28 or 29 February.
    ``first_month`` leaves out earlier months (they were rated by an earlier run, and nothing touched them since);
    ``cut_off`` is the Seller's day before which closed months are not re-rated: the month that holds it still is.
    """
    month = month_of(as_of)
    earliest = first_month if cut_off is None else max(first_month, month_of(cut_off))
    return Window(earliest, month, next_month(month))
