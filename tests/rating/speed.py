"""How long one Instance takes to be rated: ``python -m tests.rating.speed``.

The common case of a monthly run: one Instance with years of history, one flat fee, a window of one month, one line
to write; of the history, the facts that hold in the window, as ``statements.reading`` gives them. Prints microseconds
an Instance, step by step.
"""

from datetime import date
from itertools import pairwise
from timeit import repeat

from pos_billing.rating.difference import difference
from pos_billing.rating.due import due, usage_needed
from pos_billing.rating.facts import Assigned, Facts, FirstCustomDomain, InEnvironment, Subject
from pos_billing.rating.horizon import window
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.timeline import timeline

ROUND = 20
AS_OF = date(2021, 3, 1)
UNBILLED = Plan(1, "Unbilled", True, Begins.FIRST_CUSTOM_DOMAIN, Timing.ARREARS, frozenset({"production"}), ())
PRICES = (
    Price(1, Span(date(2018, 1, 1), date(2019, 7, 1)), 11_000),
    Price(2, Span(date(2019, 7, 1), date(2020, 7, 1)), 11_500),
    Price(3, Span(date(2020, 7, 1), FOREVER), 12_000),
)
PLANS = tuple(
    Plan(
        number,
        f"Production {number}",
        False,
        Begins.FIRST_CUSTOM_DOMAIN,
        Timing.ARREARS,
        frozenset({"production"}),
        (Fee(number, "Hosting", None, PRICES),),
    )
    for number in (2, 3, 4)
)
CATALOGUE = {plan.id: plan for plan in (UNBILLED, *PLANS)}


def instance(number: int) -> Facts:
    """A production Instance: Unbilled first, three plans since, its first custom Domain in December 2018."""
    days = (date(2018, 11, 5), date(2019, 1, 20), date(2019, 9, 1), date(2020, 4, 15), FOREVER)
    assignments = tuple(
        Assigned(Span(start, end), plan, account=7, id=number)
        for plan, (start, end) in enumerate(pairwise(days), start=1)
    )
    return Facts(
        Subject("instance", number),
        Span(days[0], FOREVER),
        assignments,
        (InEnvironment(Span(days[0], FOREVER), "production"),),
        FirstCustomDomain(date(2018, 12, 12), "shop.example"),
    )


def main() -> None:
    """Time each step in many short rounds; the best round is the one that nothing else disturbed."""
    facts, month = instance(1), window(AS_OF, first_month=date(2021, 2, 1))
    read = facts._replace(assignments=facts.assignments[-1:])
    segments = timeline(read, CATALOGUE, AS_OF, since=month.first_month)
    owed = due(read.subject, segments, CATALOGUE, {}, month)
    assert len(difference(owed, {})) == 1

    def rated() -> None:
        cut = timeline(read, CATALOGUE, AS_OF, since=month.first_month)
        usage_needed(cut, CATALOGUE, month)
        difference(due(read.subject, cut, CATALOGUE, {}, month), {})

    for name, step in (
        ("timeline, whole history", lambda: timeline(facts, CATALOGUE, AS_OF)),
        ("timeline, one month", lambda: timeline(read, CATALOGUE, AS_OF, since=month.first_month)),
        ("usage_needed", lambda: usage_needed(segments, CATALOGUE, month)),
        ("due", lambda: due(read.subject, segments, CATALOGUE, {}, month)),
        ("difference", lambda: difference(owed, {})),
        ("all of it, one month", rated),
    ):
        seconds = min(repeat(step, number=ROUND, repeat=3_000)) / ROUND
        print(f"{name:25} {seconds * 1e6:7.2f} µs an Instance")


if __name__ == "__main__":
    main()
