"""Facts written short, so that a test reads like the story it tells. Days are ISO strings, money is cents."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from pos_billing.rating.difference import Billed, Line, difference
from pos_billing.rating.due import Due, Key, due, usage_needed
from pos_billing.rating.facts import Assigned, Facts, FirstCustomDomain, InEnvironment, Placed, Subject
from pos_billing.rating.horizon import window
from pos_billing.rating.metrics import aggregate
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.tiers import Tier
from pos_billing.rating.timeline import Segment, timeline

ACME, BOLT = 7, 8
"""Two Accounts."""

UNBILLED = Plan(
    1,
    "Unbilled",
    True,
    Begins.FIRST_CUSTOM_DOMAIN,
    Timing.ARREARS,
    frozenset({"production", "staging", "dev", "qa", "dedicated"}),
    (),
)


def day(text: str | None) -> date:
    """``2019-02-01`` as a day; ``None`` is the open end."""
    return FOREVER if text is None else date.fromisoformat(text)


def span(start: str, end: str | None = None) -> Span:
    """``[start, end)``."""
    return Span(day(start), day(end))


def chained(*changes: tuple) -> list[tuple[Span, tuple]]:
    """Values that each hold from their day until the next one's: ``("2019-01-01", value…)``."""
    ends = [change[0] for change in changes[1:]] + [None]
    return [(span(change[0], end), change[1:]) for change, end in zip(changes, ends, strict=True)]


def flat(number: int, *prices: tuple[str, int | None], name: str = "Hosting") -> Fee:
    """A flat fee with prices ``(from day, cents)``; ``None`` cents: no price from that day on."""
    return Fee(
        number,
        name,
        None,
        tuple(
            Price(number * 100 + nth, days, cents)
            for nth, (days, (cents,)) in enumerate(chained(*prices))
            if cents is not None
        ),
    )


def metered(number: int, metric: str, *prices: tuple[str, int, tuple[Tier, ...]]) -> Fee:
    """A metered fee with prices ``(from day, included, tiers)``."""
    return Fee(
        number,
        metric,
        metric,
        tuple(
            Price(number * 100 + nth, days, 0, included, tiers)
            for nth, (days, (included, tiers)) in enumerate(chained(*prices))
        ),
    )


def plan(
    number: int,
    *fees: Fee | int,
    serves: str = "production",
    begins: Begins = Begins.FIRST_CUSTOM_DOMAIN,
    timing: Timing = Timing.ARREARS,
) -> Plan:
    """A billed plan. An integer is a flat fee of so many cents a month, for ever."""
    given = tuple(flat(number * 10, ("2000-01-01", fee)) if isinstance(fee, int) else fee for fee in fees)
    return Plan(number, f"Plan {number}", False, begins, timing, frozenset(serves.split()), given)


P110 = plan(110, 110_00)
P200 = plan(200, 200_00)
P25 = plan(25, 25_00)
STAGING20 = plan(20, 20_00, serves="staging")
SERVER = plan(900, 900_00, serves="dedicated")
PLANS = (UNBILLED, P110, P200, P25, STAGING20, SERVER)


def catalogue(*plans: Plan) -> dict[int, Plan]:
    """The plans by id, together with those of this module."""
    return {each.id: each for each in (*PLANS, *plans)}


def assignments(*changes: tuple) -> tuple[Assigned, ...]:
    """``("2019-01-20", plan[, account])``, each until the next; ``None`` for a plan: nobody pays."""
    return tuple(
        Assigned(days, values[0].id, values[1] if len(values) > 1 else ACME, id=nth)
        for nth, (days, values) in enumerate(chained(*changes), start=1)
        if values[0] is not None
    )


def instance(
    *changes: tuple,
    created: str = "2018-11-05",
    deleted: str | None = None,
    domain: str | None = None,
    environments: Iterable[tuple[str, str]] | None = None,
    placed: Iterable[tuple] = (),
    number: int = 1,
) -> Facts:
    """An Instance with its assignments; ``domain`` is the day of its first custom Domain.

    ``placed`` are the days on a dedicated environment, with its plan there (otherwise ``SERVER``).
    """
    lived_in = environments or [(created, "production")]
    return Facts(
        Subject("instance", number),
        span(created, deleted),
        assignments(*changes),
        tuple(InEnvironment(days, name) for days, (name,) in chained(*lived_in)),
        None if domain is None else FirstCustomDomain(day(domain), "shop.example"),
        tuple(Placed(span(start, end), 5, under[0].id if under else SERVER.id) for start, end, *under in placed),
    )


def dedicated(*changes: tuple, created: str = "2018-11-05", removed: str | None = None) -> Facts:
    """A dedicated environment with its assignments."""
    return Facts(Subject("dedicated", 5), span(created, removed), assignments(*changes))


Daily = Mapping[tuple[str, date], int]


def amounts(segments: Iterable[Segment], facts: Facts, plans: Mapping[int, Plan], seen, daily: Daily) -> dict[Key, Due]:
    """What is due, with the daily quantities aggregated as the statements do it."""
    usage = {
        (metric, days): aggregate(metric, [n for (m, on), n in daily.items() if m == metric and on in days])
        for metric, days in usage_needed(segments, plans, seen)
    }
    return due(facts.subject, segments, plans, usage, seen)


class Row(NamedTuple):
    """A line as a test compares it."""

    month: str
    amount: int
    kind: str = "charge"


class Ledger:
    """A Seller with one subject: bills it on one day after another, and keeps what was billed."""

    def __init__(self, *plans: Plan, floor: str | None = None, cut_off: str | None = None) -> None:
        self.plans = catalogue(*plans)
        self.floor = None if floor is None else day(floor)
        self.cut_off = None if cut_off is None else day(cut_off)
        self.lines: list[Line] = []

    def due(self, facts: Facts, as_of: str | date, daily: Daily | None = None, first: str | None = None):
        """What is due on ``as_of`` by key."""
        on = day(as_of) if isinstance(as_of, str) else as_of
        seen = window(on, day(first) if first else date.min, self.cut_off)
        return amounts(timeline(facts, self.plans, on, self.floor), facts, self.plans, seen, daily or {})

    def billed(self, first: date = date.min) -> dict[Key, Billed]:
        """What the statements so far say, by key, from the month ``first`` on."""
        result: dict[Key, Billed] = {}
        for number, line in enumerate(self.lines, start=1):
            if line.key.month >= first:
                before = result.get(line.key, Billed(0, ()))
                result[line.key] = Billed(before.amount + line.amount, (*before.lines, number))
        return result

    def issue(self, facts: Facts, as_of: str | date, daily: Daily | None = None) -> tuple[Line, ...]:
        """One statement: the difference between what is due and what has been billed."""
        on = day(as_of) if isinstance(as_of, str) else as_of
        lines = difference(self.due(facts, on, daily), self.billed(window(on, cut_off=self.cut_off).first_month))
        self.lines += lines
        return lines

    def bill(self, facts: Facts, as_of: str, daily: Daily | None = None) -> list[Row]:
        """The lines of one statement, by month."""
        lines = self.issue(facts, as_of, daily)
        return sorted(Row(line.key.month.isoformat()[:7], line.amount, line.kind.value) for line in lines)


def charged(facts: Facts, as_of: str, *plans: Plan, **options) -> dict[str, int]:
    """What is due of everything up to ``as_of``, in cents, summed by month."""
    result: dict[str, int] = {}
    for key, owed in Ledger(*plans, **options).due(facts, as_of).items():
        month = key.month.isoformat()[:7]
        result[month] = result.get(month, 0) + owed.amount
    return result
