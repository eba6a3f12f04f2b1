"""On which days a run may be made: those that have come, others only when they are said twice (rule 14)."""

from datetime import date

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller
from pos_billing.wording import day as day_text

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def refuse_absurd(field: str, day: date) -> date:
    """``day``; raises ``Refused`` for one that only a slip of the finger can have meant. At every door."""
    if not EARLIEST <= day <= LATEST:
        raise Refused(
            field, f"{day} cannot be meant: use a day from {EARLIEST:%Y} to {LATEST:%Y}.", code="run_day_absurd"
        )
    return day


def refuse_ahead(schema: str, as_of: date, said_again: date | None) -> None:
    """Raise ``Refused`` for a run of a day after today, by the Seller's clock, unless the day was said again.

    Statements cannot be taken back, and no run goes before the last one: one typed digit would bill decades ahead, for
    good. Previews may look ahead. Called where a person or a command asks; a worker knows its own day.
    """
    with in_seller(schema):
        today = clock.seller_day()
    if as_of > today and as_of != said_again:
        raise Refused(
            "ahead",
            f"{day_text(as_of)} is after today, {day_text(today)}. Statements of a day to come cannot be taken back, "
            "and no run can be made before it afterwards. If it is meant, type the day once more.",
            code="run_ahead",
        )
