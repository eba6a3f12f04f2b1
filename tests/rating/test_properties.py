"""What DESIGN promises of every amount, on random facts: each promise that is pure has its test here."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_billing.rating.difference import difference
from pos_billing.rating.facts import Subject
from pos_billing.rating.horizon import window
from pos_billing.rating.months import month_of, next_month
from pos_billing.rating.spans import FOREVER, Span
from pos_billing.rating.timeline import NotCharged, timeline
from tests.rating import reference, strategies
from tests.rating.builders import Ledger, amounts

thorough = settings(max_examples=100, deadline=None)
facts, catalogues, daily, floors = (
    strategies.facts(),
    strategies.catalogues(),
    strategies.daily(),
    st.one_of(st.none(), strategies.days),
)
as_ofs = strategies.runs()
LATE = date(2020, 6, 15)


def owed(subject, plans, used, on, floor=None, first=date.min):
    """What is due, as ``{(account, fee, month): cents}``."""
    seen = window(on, first)
    segments = timeline(subject, plans, on, floor, since=first)
    found = amounts(segments, subject, plans, seen, used)
    return {(key.account, key.fee, key.month): each.amount for key, each in found.items()}


def days_of(segments):
    """Each day of the timeline up to the summer, with its segment."""
    for segment in segments:
        day = segment.span.start
        while day < min(segment.span.end, LATE):
            yield day, segment
            day += timedelta(days=1)


def test_the_random_facts_are_eventful():
    """What is promised below of random facts is worth something only if the rules have work with them."""
    seen: Counter[str] = Counter()

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(facts, catalogues, daily, as_ofs)
    def look(subject, plans, used, on):
        segments = timeline(subject, plans, on)
        due = amounts(segments, subject, plans, window(on), used).values()
        seen.update({each.reason.name if each.reason else f"reached {each.reached_back}" for each in segments})
        seen["several prices"] += any(len(each.shares) > 1 for each in due)
        seen["overage"] += any(share.usage and share.amount for each in due for share in each.shares)
        seen["due"] += any(each.amount for each in due)

    look()
    assert seen["due"] > 40
    assert all(seen[reason.name] > 10 for reason in NotCharged if reason is not NotCharged.BEFORE_FLOOR), seen
    assert all(seen[event] > 5 for event in ("reached True", "overage")), seen
    assert seen["several prices"] > 2, seen


@thorough
@given(facts, catalogues, as_ofs, floors)
def test_the_timeline_says_of_every_day_what_the_rules_say(subject, plans, on, floor):
    """Against the day-by-day reference: reason, plan, payer and reach of each single day."""
    for day, segment in days_of(timeline(subject, plans, on, floor)):
        expected = reference.day(subject, plans, day, on, floor)
        assert (segment.reason.name if segment.reason else None) == expected.why_not, day
        if segment.reason is None:
            assert (segment.assigned.plan, segment.account, segment.reached_back) == expected[1:], day


@thorough
@given(facts, catalogues, daily, as_ofs, floors)
def test_what_is_due_is_what_the_rules_say(subject, plans, used, on, floor):
    assert owed(subject, plans, used, on, floor) == reference.due(subject, plans, used, on, floor)


@thorough
@given(facts, catalogues, as_ofs, floors)
def test_the_timeline_is_exactly_the_days_the_subject_exists(subject, plans, on, floor):
    segments = timeline(subject, plans, on, floor)
    day = subject.exists.start
    for before, segment in zip([None, *segments], segments, strict=False):
        assert segment.span.start == day < segment.span.end
        assert before is None or before[1:] != segment[1:]  # neighbours differ in more than their days
        day = segment.span.end
    assert day == max(subject.exists.start, subject.exists.end)


@thorough
@given(facts, catalogues, as_ofs, floors)
def test_every_charged_day_has_a_payer_a_plan_that_serves_it_and_lies_after_the_floor(subject, plans, on, floor):
    for segment in timeline(subject, plans, on, floor):
        if segment.reason is None:
            assert segment.account is not None
            assert segment.account == segment.assigned.account
            assert not plans[segment.assigned.plan].placeholder
            assert segment.environment in plans[segment.assigned.plan].environments
            assert floor is None or segment.span.start >= floor


@thorough
@given(facts, catalogues, as_ofs)
def test_the_reach_touches_only_unbilled_days_of_the_same_payer(subject, plans, on):
    for day, segment in days_of(timeline(subject, plans, on)):
        if segment.reached_back:
            here = reference.on(subject.assignments, day)
            assert plans[here.plan].placeholder
            assert here.account in (None, segment.account)
            assert day < segment.assigned.span.start <= on


@thorough
@given(facts, catalogues, daily, as_ofs, st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(subject, plans, used, on, random):
    def shuffled(several):
        return tuple(random.sample(several, len(several)))

    other = subject._replace(
        assignments=shuffled(subject.assignments),
        environments=shuffled(subject.environments),
        placements=shuffled(subject.placements),
    )
    repriced = {
        plan.id: plan._replace(fees=shuffled([fee._replace(prices=shuffled(fee.prices)) for fee in plan.fees]))
        for plan in random.sample(list(plans.values()), len(plans))
    }
    assert timeline(other, repriced, on) == timeline(subject, plans, on)
    assert owed(other, repriced, used, on) == owed(subject, plans, used, on)


@thorough
@given(facts, catalogues, daily, as_ofs, st.sets(strategies.days, max_size=3))
def test_splitting_a_span_where_nothing_changes_changes_no_amount(subject, plans, used, on, cuts):
    """Assignments, environments, placements and prices, each cut in two rows that say the same."""

    def cut(dated):
        for row in dated:
            edges = [row.span.start, *sorted(day for day in cuts if row.span.start < day < row.span.end), row.span.end]
            for start, end in pairwise(edges):
                yield row._replace(span=Span(start, end))

    known = subject._replace(  # a plan assigned from as_of on would begin a second time, later
        assignments=tuple(row for row in subject.assignments if row.span.start <= on)
    )
    split = known._replace(
        assignments=tuple(cut(known.assignments)),
        environments=tuple(cut(known.environments)),
        placements=tuple(cut(known.placements)),
    )
    repriced = {
        plan.id: plan._replace(fees=tuple(fee._replace(prices=tuple(cut(fee.prices))) for fee in plan.fees))
        for plan in plans.values()
    }
    assert owed(split, repriced, used, on) == owed(known, plans, used, on)


@thorough
@given(facts, catalogues, daily, as_ofs, strategies.days.map(month_of))
def test_leaving_out_earlier_months_changes_nothing_of_the_others(subject, plans, used, on, first):
    whole = {key: amount for key, amount in owed(subject, plans, used, on).items() if key[2] >= first}
    assert owed(subject, plans, used, on, first=first) == whole


@thorough
@given(catalogues, strategies.days, strategies.days)
def test_a_full_month_is_the_price(plans, created, day):
    """Of a flat fee at one price; the month that follows the first day lies whole in the timeline."""
    month = next_month(month_of(max(created, day)))
    for plan in plans.values():
        forever = tuple(
            fee._replace(prices=(fee.prices[0]._replace(span=Span(date.min, FOREVER)),))
            for fee in plan.fees
            if fee.metric is None and fee.prices
        )
        priced = {plan.id: plan._replace(fees=forever, environments=frozenset({"staging"}))}
        subject = strategies.Facts(
            Subject("instance", 1),
            Span(created, FOREVER),
            (strategies.Assigned(Span(created, FOREVER), plan.id, 7),),
            (strategies.InEnvironment(Span(created, FOREVER), "staging"),),
        )
        found = owed(subject, priced, {}, next_month(month))
        for fee in forever:
            assert plan.placeholder or found[(7, fee.id, month)] == fee.prices[0].cents


@thorough
@given(facts, catalogues, daily, as_ofs, floors)
def test_shares_add_up_and_are_whole_cents(subject, plans, used, on, floor):
    seen = window(on)
    for key, each in amounts(timeline(subject, plans, on, floor), subject, plans, seen, used).items():
        assert type(each.amount) is int
        assert each.amount >= 0
        assert each.amount == sum(share.amount for share in each.shares)
        assert len({share.price.terms for share in each.shares}) == len(each.shares)
        assert sum(share.days for share in each.shares) <= each.shares[0].days_in_month
        for share in each.shares:
            assert type(share.amount) is int
            assert share.days == sum(span.days for span in share.spans) > 0
            assert all(key.month <= span.start < span.end <= next_month(key.month) for span in share.spans)


@thorough
@given(facts, catalogues, daily, as_ofs)
def test_a_difference_once_billed_is_none(subject, plans, used, on):
    ledger = Ledger()
    ledger.plans = plans
    lines = ledger.issue(subject, on, used)
    assert all(line.amount == line.due - line.billed != 0 for line in lines)
    assert [line.key for line in lines] == sorted(line.key for line in lines)
    assert ledger.issue(subject, on, used) == ()
    assert difference(ledger.due(subject, on, used), ledger.billed()) == ()


@settings(max_examples=100, deadline=None)
@given(facts, catalogues, st.lists(st.tuples(as_ofs, daily, st.booleans()), min_size=1, max_size=7), st.data())
def test_whatever_changes_between_runs_the_lines_sum_up_to_what_is_due(subject, plans, steps, data):
    """Facts, prices and usage are corrected in any way between runs made on any days, in order."""
    ledger = Ledger()
    for on, used, change in sorted(steps, key=lambda step: step[0]):
        if change:
            subject, plans = data.draw(strategies.changed(subject, plans))
        ledger.plans = plans
        ledger.issue(subject, on, used)
        due = {key: each.amount for key, each in ledger.due(subject, on, used).items() if each.amount}
        billed = {key: each.amount for key, each in ledger.billed().items() if each.amount}
        assert billed == due
        for number, line in enumerate(ledger.lines, start=1):
            earlier = tuple(n for n, other in enumerate(ledger.lines[: number - 1], start=1) if other.key == line.key)
            assert line.corrects == earlier
            assert (line.kind.value == "adjustment") == bool(earlier)


@settings(max_examples=60, deadline=None)
@given(facts, catalogues, daily, st.lists(as_ofs, min_size=1, max_size=6))
def test_how_often_a_seller_runs_makes_no_difference_in_the_end(subject, plans, used, days):
    """Arrears or advance, monthly or daily or once: the same facts end in the same sums."""
    often, once = Ledger(), Ledger()
    often.plans = once.plans = plans
    for on in sorted(days):
        often.issue(subject, on, used)
    once.issue(subject, max(days), used)
    sums = [{k: b.amount for k, b in each.billed().items() if b.amount} for each in (often, once)]
    assert sums[0] == sums[1]
