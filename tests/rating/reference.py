"""The rules of billing once more, day by day: slow, plain, and written without looking at ``pos_billing.rating``.

Only the frozen values of facts and terms are shared with it. Every day is asked by itself, as a person would.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import floor as whole
from typing import NamedTuple

from pos_billing.rating.facts import Assigned, Facts
from pos_billing.rating.terms import Begins, Plan, Timing

ONE = timedelta(days=1)
LEVELS = {"db_objects", "storage_mb", "domains"}


class Day(NamedTuple):
    """What the rules say of one day: ``why_not`` is ``None`` when it is charged."""

    why_not: str | None
    plan: int | None
    account: int | None
    reached_back: bool


def on(dated, when: date):
    """The fact that holds on a day."""
    found = [fact for fact in dated if fact.span.start <= when < fact.span.end]
    assert len(found) <= 1
    return found[0] if found else None


def day(facts: Facts, plans: Mapping[int, Plan], when: date, as_of: date, floor: date | None) -> Day:
    """Rules 2, 3, 4 and 10, for one day."""
    assigned = on(facts.assignments, when)
    lived_in = on(facts.environments, when)
    default = "dedicated" if facts.subject.kind == "dedicated" else "production"
    environment = lived_in.environment if lived_in else default
    domain = facts.first_custom_domain
    has_domain = domain is not None and domain.added_on <= when
    placed = on(facts.placements, when)
    if placed and not plans[placed.plan].placeholder and "dedicated" in plans[placed.plan].environments:
        return Day("ON_DEDICATED_ENVIRONMENT", None, None, False)
    if assigned is None:
        return Day("NOT_ASSIGNED", None, None, False)
    plan, reached = plans[assigned.plan], False
    if plan.placeholder:
        if environment == "production" and not has_domain:
            return Day("NO_CUSTOM_DOMAIN", None, None, False)
        chosen = first_choice(facts, plans, when, as_of) if environment == "production" else None
        if chosen is None or isinstance(chosen, str):
            return Day(chosen or "UNBILLED", None, None, False)
        assigned, plan, reached = chosen, plans[chosen.plan], True
    elif environment not in plan.environments:
        return Day("PLAN_DOES_NOT_SERVE", None, None, False)
    elif environment == "production" and plan.begins is Begins.FIRST_CUSTOM_DOMAIN and not has_domain:
        return Day("NO_CUSTOM_DOMAIN", None, None, False)
    if floor is not None and when < floor:
        return Day("BEFORE_FLOOR", None, None, False)
    return Day(None, plan.id, assigned.account, reached)


def first_choice(facts: Facts, plans: Mapping[int, Plan], when: date, as_of: date) -> Assigned | str | None:
    """Walk on from an Unbilled day to the first day of a billed plan, as long as the payer stays the same.

    ``"CHANGED_HANDS"`` when the walk meets another payer, or a day on which nobody pays, that has come; ``None`` when
    no plan reaches back for any other reason.
    """
    payer = on(facts.assignments, when).account
    last = max(min(fact.span.end, as_of + ONE) for fact in facts.assignments)
    while when <= last:
        here = on(facts.assignments, when)
        if here is None:  # nobody pays here: somebody else's Instance, unless it is gone
            return "CHANGED_HANDS" if when <= as_of and when < facts.exists.end else None
        if here.span.start > as_of:
            return None  # not known to begin yet
        if here.account is not None:
            if payer is not None and here.account != payer:
                return "CHANGED_HANDS"  # another payer's days
            payer = here.account
        plan = plans[here.plan]
        if not plan.placeholder and "production" in plan.environments:
            return here if plan.begins is Begins.FIRST_CUSTOM_DOMAIN else None
        when += ONE
    return None


def half_up(amount: Fraction) -> int:
    """To whole cents, halves up (amounts are never negative here)."""
    return whole(amount + Fraction(1, 2))


def cost_of(units: Fraction, tiers) -> Fraction:
    """Graduated tiers, from limit to limit; the limits may be parts of a unit."""
    total, position = Fraction(0), Fraction(0)
    for tier in tiers:
        reached = units if tier.up_to is None else min(units, tier.up_to)
        while position < reached:  # unit by unit
            part = min(Fraction(1), reached - position)
            total += part * tier.cents / tier.per
            position += part
    return total


def due(
    facts: Facts,
    plans: Mapping[int, Plan],
    daily: Mapping[tuple[str, date], int],
    as_of: date,
    floor: date | None = None,
    first_month: date = date.min,
) -> dict[tuple[int, int, date], int]:
    """Rules 5 to 8 and 10: cents by account, fee and month."""
    this_month = as_of.replace(day=1)
    next_month = (this_month + 31 * ONE).replace(day=1)
    counted: dict[tuple, list[date]] = {}
    when = max(facts.exists.start, first_month)
    while when < min(facts.exists.end, next_month):
        said = day(facts, plans, when, as_of, floor)
        if said.why_not is None:
            plan = plans[said.plan]
            for fee in plan.fees:
                closed = fee.metric is not None or plan.timing is Timing.ARREARS
                price = on(fee.prices, when)
                if price is not None and when < (this_month if closed else next_month):
                    terms = (fee, price.cents, price.included, price.tiers)
                    counted.setdefault((said.account, when.replace(day=1), terms), []).append(when)
        when += ONE
    result: dict[tuple[int, int, date], int] = {}
    for (account, month, (fee, cents, included, tiers)), days in counted.items():
        of = ((month + 31 * ONE).replace(day=1) - month).days
        part = Fraction(len(days), of)
        if fee.metric is None:
            amount = half_up(cents * part)
        else:
            quantities = [daily.get((fee.metric, each), 0) for each in days]
            used = max(quantities) * part if fee.metric in LEVELS else Fraction(sum(quantities))
            scaled = [tier._replace(up_to=None if tier.up_to is None else tier.up_to * part) for tier in tiers]
            amount = half_up(cost_of(used - included * part, scaled))
        key = (account, fee.id, month)
        result[key] = result.get(key, 0) + amount
    return result
