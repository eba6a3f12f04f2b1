"""Why a line has its amount, in sentences for people: made of the line and its snapshot, used by web, PDF and CSV."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from pos_billing.rating.metrics import METRICS, Aggregation
from pos_billing.wording import day, day_count, money, month, quantity


class Explained(Protocol):
    """A line of a statement, issued or previewed: what sentences are made of. Money in cents."""

    month: date
    plan_name: str
    fee_name: str
    days: int
    days_in_month: int
    due_cents: int
    billed_cents: int
    credited_cents: int
    amount_cents: int
    explanation: Mapping[str, Any] | str


def sentences(line: Explained, currency: str = "USD") -> list[str]:
    """English sentences that account for ``line.amount_cents``, from what is charged to what it corrects."""
    said = json.loads(line.explanation) if isinstance(line.explanation, str) else line.explanation
    read = READERS.get(said.get("version"))
    if read is None:
        return [_unreadable(said)]
    return read(line, said, currency)


def _first_version(line: Explained, said: Mapping[str, Any], currency: str) -> list[str]:
    return [*_charged(line, said, currency), *_facts(said), *_corrected(line, said, currency)]


READERS: Mapping[Any, Callable[[Explained, Mapping[str, Any], str], list[str]]] = {1: _first_version}
"""How each version of a kept explanation (``snapshot.VERSION``) is read. None is ever taken away."""


def _unreadable(said: Mapping[str, Any]) -> str:
    if "version" not in said:
        return "No explanation was kept with this line; its amount stands as it was issued."
    return (
        f"This explanation is of version {said['version']}, which this release cannot read: a newer one wrote it. "
        "The amount stands as it was issued."
    )


def _charged(line: Explained, said: Mapping[str, Any], currency: str) -> Iterator[str]:
    """What each price makes of its days."""
    if not said.get("shares"):
        yield f"Nothing is due for {month(line.month)}."
        return
    for share in said["shares"]:
        days = f"{_days(share['spans'])}: {share['days']} of {day_count(line.days_in_month)}"
        if "metric" in share:
            yield from _metered(share, days, line.days_in_month, currency)
        else:
            yield _flat(share, days, line.days_in_month, currency)
    if len(said["shares"]) > 1:
        parts = " + ".join(money(share["cents"], currency) for share in said["shares"])
        yield f"Together {parts} = {money(line.due_cents, currency)}."


def _flat(share: Mapping[str, Any], days: str, of: int, currency: str) -> str:
    price = share["price"]
    since = f" (price since {day(_day(price['from']))})"
    if share["days"] == of:
        return f"{days} at {money(price['cents'], currency)} a month{since}."
    return (
        f"{days} at {money(price['cents'], currency)} a month{since}: {money(price['cents'], currency)} × "
        f"{share['days']} ÷ {of} = {money(share['cents'], currency)}."
    )


def _metered(share: Mapping[str, Any], days: str, of: int, currency: str) -> Iterator[str]:
    price, metric = share["price"], METRICS[share["metric"]]
    used = f"{quantity(share['usage'])} {metric.unit}"
    included = f"{quantity(price['included'])} included a month"
    yield f"{metric.name}, {days}: {used} used, {included} (terms since {day(_day(price['from']))})."
    if share["days"] != of:
        # A level counts for the share of the month it was held (rating.metrics.monthly); a flow counts as it is.
        limits = "the included quantity" + (" and the limits of the tiers" if len(price["tiers"]) > 1 else "")
        counted = f"the use, {limits}" if metric.aggregation is Aggregation.PEAK else limits
        yield f"For {share['days']} of {of} days that share of {counted} counts."
    if share["cents"]:
        yield f"Usage over it, at {_tiers(price['tiers'], metric.unit, currency)}: {money(share['cents'], currency)}."
    else:
        yield "Nothing was used over it."


def _tiers(tiers: list[Mapping[str, Any]], unit: str, currency: str) -> str:
    """``$0.02 per 1 calls up to 1,000, then …``."""
    said = []
    for tier in tiers:
        each = f"{money(tier['cents'], currency)} for every {quantity(tier['per'])} {unit}"
        said.append(each if tier["up_to"] is None else f"{each} up to {quantity(tier['up_to'])}")
    return ", then ".join(said)


def _facts(said: Mapping[str, Any]) -> Iterator[str]:
    """The facts behind the days: Domain, plan, deletion."""
    if "domain" in said:
        yield (
            f"Chargeable since its first custom Domain, {said['domain']['host']}, was added on "
            f"{day(_day(said['domain']['added_on']))}."
        )
    told = set()
    for share in said.get("shares", ()):
        for assigned in share["assigned"]:
            if assigned["id"] not in told:
                told.add(assigned["id"])
                yield _assigned(assigned)
    if "ends_on" in said:
        yield f"Not billed from {day(_day(said['ends_on']))} on, the day it was deleted."


def _assigned(assigned: Mapping[str, Any]) -> str:
    by = f" by {assigned['by']}" if assigned["by"] else ""
    entered = ""
    if assigned.get("entered_on", assigned["from"]) != assigned["from"]:
        entered = f" (entered on {day(_day(assigned['entered_on']))})"
    reached = "; it reaches back over the days before, on which no plan was chosen yet"
    return (
        f"Plan “{assigned['plan']}” assigned from {day(_day(assigned['from']))}{by}{entered}"
        f"{reached if assigned.get('reached_back') else ''}."
    )


def _corrected(line: Explained, said: Mapping[str, Any], currency: str) -> Iterator[str]:
    """What an adjustment corrects, and how the month is looked at now."""
    corrected = said.get("corrects")
    if not corrected:
        return
    given = f", of which credit notes gave {money(line.credited_cents, currency)} already"
    earlier = ", ".join(
        f"{money(one['cents'], currency)} on statement {one['statement']} of {day(_day(one['as_of']))}"
        for one in corrected
    )
    yield (
        f"Correction for {month(line.month)}: {money(line.due_cents, currency)} is due, "
        f"{money(line.billed_cents, currency)} was billed ({earlier}); the difference is "
        f"{money(line.amount_cents - line.credited_cents, currency)}{given if line.credited_cents else ''}."
    )
    if line.credited_cents:
        notes = ", ".join(f"{one['credit_note']} over {money(one['cents'], currency)}" for one in said["ahead"])
        yield f"Credited ahead of this correction: {notes}. What remains is {money(line.amount_cents, currency)}."
    for part in said.get("month", ()):
        if "reason" in part:
            yield f"{_days([part['span']])}: not charged – {part['reason']}."
        elif part["plan"] != line.plan_name:
            yield f"{_days([part['span']])}: charged under plan “{part['plan']}”."


def _days(spans: list[list[str]]) -> str:
    """``1–31 Dec 2018`` for each span; the end of a span is the day after its last."""
    return ", ".join(_span(_day(first), _day(end) - timedelta(days=1)) for first, end in spans)


def _span(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def _day(text: str) -> date:
    return date.fromisoformat(text)
