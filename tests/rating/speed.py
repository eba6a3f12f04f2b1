"""How long one Instance takes to be rated: ``python -m tests.rating.speed``.

The common case of a monthly run: one Instance with years of history, one flat fee, a window of one month, one line
to write. "As a run reads it": only the facts that hold in the window, as ``statements.reading`` gives them. Prints
microseconds an Instance, step by step, the best of several rounds.
"""

from datetime import date
from itertools import pairwise
from timeit import repeat

from pos_billing.rating.difference import difference
from pos_billing.rating.due import due
from pos_billing.rating.facts import Assigned, Facts, FirstCustomDomain, InEnvironment, Subject
from pos_billing.rating.horizon import window
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.timeline import timeline

AS_OF = date(2021, 3, 1)
UNBILLED = Plan(1, "Unbilled", True, Begins.FIRST_CUSTOM_DOMAIN, Timing.ARREARS, frozenset({"production"}), ())
PRICES = (
    Price(1, Span(date(2018, 1, 1), date(2019, 7, 1)), 11_000),
    Price(2, Span(date(2019, 7, 1), date(2020, 7, 1)), 11_500),
    Price(3, Span(date(2020, 7, 1), FOREVER), 12_000),
)
PLANS = tuple(
    Plan(number, f"Production {number}", False, Begins.FIRST_CUSTOM_DOMAIN, Timing.ARREARS,
         frozenset({"production"}), (Fee(number, "Hosting", None, PRICES),))
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
        Subject("instance", number), Span(days[0], FOREVER), assignments,
        (InEnvironment(Span(days[0], FOREVER), "production"),), FirstCustomDomain(date(2018, 12, 12), "shop.example"),
    )


def main() -> None:
    """Rate some thousand Instances several times and print the best."""
    instances = [instance(number) for number in range(5_000)]
    month = window(AS_OF, first_month=date(2021, 2, 1))
    read = [facts._replace(assignments=facts.assignments[-1:]) for facts in instances]
    timelines = [timeline(facts, CATALOGUE, AS_OF, since=month.first_month) for facts in instances]
    dues = [due(f.subject, segments, CATALOGUE, {}, month) for f, segments in zip(instances, timelines, strict=True)]
    assert all(len(difference(owed, {})) == 1 for owed in dues)
    steps = {
        "timeline, whole history": lambda: [timeline(f, CATALOGUE, AS_OF) for f in instances],
        "timeline, one month": lambda: [timeline(f, CATALOGUE, AS_OF, since=month.first_month) for f in instances],
        "due": lambda: [due(f.subject, s, CATALOGUE, {}, month) for f, s in zip(instances, timelines, strict=True)],
        "difference": lambda: [difference(owed, {}) for owed in dues],
        "timeline + due + difference": lambda: [
            difference(due(f.subject, timeline(f, CATALOGUE, AS_OF, since=month.first_month), CATALOGUE, {}, month), {})
            for f in instances
        ],
        "the same, as a run reads it": lambda: [
            difference(due(f.subject, timeline(f, CATALOGUE, AS_OF, since=month.first_month), CATALOGUE, {}, month), {})
            for f in read
        ],
    }
    for name, step in steps.items():
        seconds = min(repeat(step, number=1, repeat=7))
        print(f"{name:30} {seconds / len(instances) * 1e6:7.2f} µs an Instance")


if __name__ == "__main__":
    main()
