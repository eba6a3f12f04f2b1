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


def held_back_before(cut_off: date | None, last_run: date | None) -> date | None:
    """The first day of the first month that may be rated (rule 10); ``None``: all may.

    The cut-off holds back closed months alone: none that a run still has to bill for the first time, were the cut-off
    to lie after it. ``last_run`` is the day of the newest run: it closed the months before its own.
    """
    if cut_off is None:
        return None
    return month_of(cut_off) if last_run is None else min(month_of(cut_off), month_of(last_run))


def window(as_of: date, first_month: date = date.min, cut_off: date | None = None) -> Window:
    """The window of a run on ``as_of``.

    A run on any day of February covers arrears through 31 January and advance through 28 or 29 February.
    ``first_month`` leaves out earlier months (they were rated by an earlier run, and nothing touched them since);
    ``cut_off`` is the day before which months are not rated (``held_back_before``): the month that holds it still is.
    """
    month = month_of(as_of)
    earliest = first_month if cut_off is None else max(first_month, month_of(cut_off))
    return Window(earliest, month, next_month(month))
