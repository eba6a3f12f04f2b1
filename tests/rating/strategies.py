"""Random facts: valid ones (what PostgreSQL lets stand), eventful, and wild in everything else."""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import strategies as st

from pos_billing.rating.facts import Assigned, Facts, FirstCustomDomain, InEnvironment, Placed, Subject
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.terms import Begins, Fee, Plan, Price, Timing
from pos_billing.rating.tiers import Tier
from tests.rating.builders import UNBILLED

Draw = Callable[[st.SearchStrategy], object]

FIRST, LAST = date(2019, 11, 1), date(2020, 4, 1)
"""Five months with a year's end and a leap February: short enough for many changes to meet in one month."""

_DAYS = (LAST - FIRST).days
_BORDERS = [30, 60, 61, 92, 120, 121]
"""1 and 31 December, 1 January, 1 and 29 February, 1 March, as days since the first."""


def _day(number: int) -> date:
    return FIRST + timedelta(number)


_numbers = st.one_of(st.integers(0, _DAYS), st.sampled_from(_BORDERS))
days = _numbers.map(_day)
cents = st.one_of(st.integers(1, 200_00), st.sampled_from([0, 1, 25_00, 110_00, 10_000_000_00]))
ALWAYS = Span(date(2019, 1, 1), FOREVER)


def often(draw: Draw) -> bool:
    """Three times in four."""
    return draw(st.sampled_from([True, True, True, False]))


@st.composite
def spans(draw, most: int = 5) -> list[Span]:
    """Disjoint spans in order, mostly neighbours, from the first day on as often as not, the last one open."""
    numbers = set(draw(st.lists(_numbers, min_size=draw(st.integers(1, 3)), max_size=most)))
    cuts = [_day(number) for number in sorted(numbers | {0} if often(draw) else numbers)]
    left_out = draw(st.integers(0, 2**most)) if not often(draw) else 0
    return [
        Span(start, end)
        for nth, (start, end) in enumerate(zip(cuts, [*cuts[1:], FOREVER], strict=True))
        if not left_out >> nth & 1
    ]


@st.composite
def tiers(draw) -> tuple[Tier, ...]:
    """Some graduated tiers, the last open."""
    bounds = sorted(set(draw(st.lists(st.integers(1, 400), max_size=2))))
    return tuple(Tier(bound, draw(st.integers(1, 9)), draw(st.sampled_from([1, 3, 10]))) for bound in [*bounds, None])


@st.composite
def fees(draw, number: int) -> Fee:
    """A flat or metered fee: at one price for ever, or at several, with and without days between them."""
    metric = draw(st.sampled_from([None, None, "api_calls", "storage_mb"]))
    held = draw(spans(3)) if draw(st.booleans()) else [ALWAYS]
    return Fee(
        number,
        "fee",
        metric,
        tuple(
            Price(number * 10 + nth, span, draw(cents))
            if metric is None
            else Price(number * 10 + nth, span, 0, draw(st.integers(0, 900)), draw(tiers()))
            for nth, span in enumerate(held)
        ),
    )


@st.composite
def catalogues(draw) -> dict[int, Plan]:
    """Unbilled and three billed plans; most of them serve production and reach back."""
    plans = [UNBILLED] + [
        Plan(
            number,
            f"Plan {number}",
            False,
            Begins.FIRST_CUSTOM_DOMAIN if often(draw) else Begins.ASSIGNMENT,
            draw(st.sampled_from(Timing)),
            frozenset(
                draw(
                    st.sampled_from(
                        [
                            ("production", "staging", "dedicated"),
                            ("production",),
                            ("production", "dedicated"),
                            ("staging",),
                        ]
                    )
                )
            ),
            tuple(draw(fees(number * 10 + nth)) for nth in range(draw(st.integers(1, 2)))),
        )
        for number in (2, 3, 4)
    ]
    return {plan.id: plan for plan in plans}


@st.composite
def assignments(draw) -> tuple[Assigned, ...]:
    """Unbilled and billed stretches in any order, mostly ending on a plan; mostly one payer, or not known yet."""
    held, one_payer = draw(spans(6)), draw(st.booleans())
    found = []
    for nth, span in enumerate(held, start=1):
        last = nth == len(held) and often(draw)
        plan = draw(st.sampled_from([2, 3, 4] if last else [1, 1, 1, 2, 3, 4]))
        account = 7 if one_payer else draw(st.sampled_from([7, 8]))
        found.append(Assigned(span, plan, None if plan == 1 and not often(draw) else account, id=nth))
    return tuple(found)


@st.composite
def facts(draw) -> Facts:
    """One subject: mostly a production Instance with a custom Domain, Unbilled for a while, then on a plan."""
    created = FIRST if often(draw) else draw(days)
    exists = Span(created, FOREVER if often(draw) else max(created, draw(days)))
    if draw(st.sampled_from([False] * 9 + [True])):
        return Facts(Subject("dedicated", 5), exists, draw(assignments()))
    environments = (
        [(ALWAYS, "production")]
        if often(draw)
        else [(span, draw(st.sampled_from(["production", "staging"]))) for span in draw(spans(3))]
    )
    return Facts(
        Subject("instance", 1),
        exists,
        draw(assignments()),
        tuple(InEnvironment(*each) for each in environments),
        FirstCustomDomain(draw(days), "shop.example") if often(draw) or often(draw) else None,
        () if often(draw) else tuple(Placed(span, 5, draw(st.sampled_from([1, 2, 3, 4]))) for span in draw(spans(3))),
    )


@st.composite
def daily(draw) -> dict[tuple[str, date], int]:
    """Quantities of the metered metrics: much the same every day, with exceptions."""
    quantities = {
        (metric, _day(number)): usual
        for metric, usual in (("api_calls", draw(st.integers(0, 60))), ("storage_mb", draw(st.integers(0, 900))))
        for number in range(_DAYS)
    }
    return quantities | draw(
        st.dictionaries(st.tuples(st.sampled_from(["api_calls", "storage_mb"]), days), st.integers(0, 1500), max_size=3)
    )


@st.composite
def changed(draw, before: Facts, plans: dict[int, Plan]) -> tuple[Facts, dict[int, Plan]]:
    """The same subject after one correction of a fact: any field of it, or the price of a plan."""
    field = draw(st.sampled_from([*Facts._fields[1:], "price"]))
    if field != "price":
        return before._replace(**{field: getattr(draw(facts()), field)}), plans
    number = draw(st.sampled_from([2, 3, 4]))
    repriced = tuple(
        fee._replace(prices=draw(fees(fee.id).filter(lambda other, fee=fee: other.metric == fee.metric)).prices)
        for fee in plans[number].fees
    )
    return before, plans | {number: plans[number]._replace(fees=repriced)}


def runs() -> st.SearchStrategy[date]:
    """Days on which a Seller makes a run: mostly late in the story, often the 1st of a month."""
    late = st.integers(_DAYS - 30, _DAYS + 70).map(_day)
    return st.one_of(late, late.map(lambda day: day.replace(day=1)), days)
