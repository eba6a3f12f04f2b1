"""The explanation of a line as it is kept: a snapshot, at issue, of the facts that made the amount.

Plain JSON, days as ``YYYY-MM-DD`` (an end is the first day that is not billed), money in cents. Sentences for people
are made of it by ``statements.explanation``. Nothing here depends on which run looked at the line, so that a preview
and the statement issued say the same.

- ``version``: which shape the rest has (``VERSION``)
- ``environment``, ``domain`` (the first custom one, for production), ``ends_on`` (deleted or removed)
- ``shares``: one for each price: ``spans``, ``days``, ``cents``, ``price``, ``assigned``
  (the assignments whose plan is charged; ``reached_back`` when it was made afterwards), ``usage`` and ``metric``
- ``corrects``: the lines of earlier statements that an adjustment corrects
- ``ahead``: the credit notes that gave (a part of) the correction already
- ``month``: for an adjustment, the days of the whole month and how each is treated now
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring_ascii as encoded
from typing import Any, NamedTuple

from pos_billing.rating.difference import Line
from pos_billing.rating.due import Share
from pos_billing.rating.facts import PRODUCTION, Assigned, Facts
from pos_billing.rating.months import next_month
from pos_billing.rating.spans import FOREVER, Span, overlap
from pos_billing.rating.terms import Catalogue, Price
from pos_billing.rating.timeline import Segment
from pos_billing.statements.billed import Ahead, EarlierLine

VERSION = 1
"""The shape of explanations as they are kept now. Lines never change, so that every shape there ever was must be
readable for ever: whoever changes it counts this up, and teaches ``statements.explanation`` to read both."""


def snapshot(
    line: Line,
    facts: Facts,
    segments: Sequence[Segment],
    catalogue: Catalogue,
    metric: str | None,
    corrected: Sequence[EarlierLine],
    ahead: Sequence[Ahead] = (),
) -> dict[str, Any]:
    """What ``line`` keeps of the facts, timeline and earlier lines it was made of."""
    month = line.key.month
    said: dict[str, Any] = {"version": VERSION, "shares": [_share(share, catalogue, metric) for share in line.shares]}
    if facts.exists.end <= next_month(month):
        said["ends_on"] = facts.exists.end.isoformat()
    if line.shares:
        said["environment"] = line.shares[0].segments[0].environment
        if facts.first_custom_domain and said["environment"] == PRODUCTION:
            said["domain"] = {
                "host": facts.first_custom_domain.host,
                "added_on": facts.first_custom_domain.added_on.isoformat(),
            }
    if corrected:
        said["corrects"] = [
            {"line": one.id, "statement": one.statement, "as_of": one.as_of.isoformat(), "cents": one.cents}
            for one in corrected
        ]
        if ahead:
            said["ahead"] = [{"credit_note": one.credit_note, "cents": one.cents} for one in ahead]
        said["month"] = _month(month, segments, catalogue)
    return said


class Template(NamedTuple):
    """An explanation without what names one subject: JSON text in pieces, with something of the subject after each.

    ``begins`` is the text before the first assignment; ``assigned`` says which one by its place among the subject's,
    whether it reached back, and the text that follows. Then comes the Domain, if ``ends`` (the text after it) is set.
    """

    begins: str
    assigned: tuple[tuple[int, bool, str], ...]
    ends: str

    def filled(self, assignments: Sequence[Sequence[Any]], domain: Sequence[Any] | None, catalogue: Catalogue) -> str:
        """The explanation of one subject. ``assignments``, ``domain``: its rows (``statements.reading.Known``)."""
        text = self.begins
        for place, reached_back, piece in self.assigned:
            _, start, _, plan, _, row_id, entered_on, by = assignments[place]
            reached = ', "reached_back": true' if reached_back else ""
            text += (
                f'{{"id": {row_id}, "plan": {_often(catalogue[plan].name)}, "from": "{_iso(start)}", '
                f'"by": {_often(by)}, "entered_on": "{_iso(entered_on)}"{reached}}}{piece}'
            )
        if self.ends and domain is not None:
            return f'{text}{{"host": {encoded(domain[2])}, "added_on": "{_iso(domain[1])}"}}{self.ends}'
        return text


_SLOT = "\x01"
_iso = lru_cache(maxsize=4096)(date.isoformat)
_often = lru_cache(maxsize=4096)(encoded)
"""For names that come back on every other line."""


def template(
    line: Line, facts: Facts, segments: Sequence[Segment], catalogue: Catalogue, places: Mapping[int, int]
) -> Template:
    """The snapshot of a flat ``line`` that corrects nothing, with the names of its subject left out.

    ``places`` are those of the subject's assignments, by id.
    """
    said = snapshot(line, facts, segments, catalogue, None, ())
    slots: list[tuple[int, bool]] = []
    for share, in_json in zip(line.shares, said["shares"], strict=True):
        assigned = [(places[s.assigned.id], s.reached_back) for s in share.segments if s.assigned is not None]
        slots += assigned
        in_json["assigned"] = [_SLOT] * len(assigned)
    with_domain = "domain" in said
    if with_domain:
        said["domain"] = _SLOT  # the last key of the snapshot that can stand in a line without a correction
    begins, *pieces = json.dumps(said).split(json.dumps(_SLOT))
    ends = pieces.pop() if with_domain else ""
    return Template(begins, tuple((*slot, piece) for slot, piece in zip(slots, pieces, strict=True)), ends)


def _share(share: Share, catalogue: Catalogue, metric: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "spans": [[span.start.isoformat(), span.end.isoformat()] for span in share.spans],
        "days": share.days,
        "cents": share.amount,
        "price": _price(share.price, metric),
        "assigned": [
            _assigned(segment.assigned, catalogue, segment.reached_back)
            for segment in share.segments
            if segment.assigned is not None
        ],
    }
    if metric is not None:
        said["metric"], said["usage"] = metric, share.usage
    return said


def _price(price: Price, metric: str | None) -> dict[str, Any]:
    said: dict[str, Any] = {"id": price.id, "from": price.span.start.isoformat()}
    if price.span.end != FOREVER:
        said["until"] = price.span.end.isoformat()
    if metric is None:
        return said | {"cents": price.cents}
    tiers = [{"up_to": tier.up_to, "cents": tier.cents, "per": tier.per} for tier in price.tiers]
    return said | {"included": price.included, "tiers": tiers}


def _assigned(assigned: Assigned, catalogue: Catalogue, reached_back: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": assigned.id,
        "plan": catalogue[assigned.plan].name,
        "from": assigned.span.start.isoformat(),
        "by": assigned.by,
    }
    if assigned.entered_on is not None:
        said["entered_on"] = assigned.entered_on.isoformat()
    if reached_back:
        said["reached_back"] = True
    return said


def _month(month: date, segments: Sequence[Segment], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every day of the month on which the subject exists: charged under which plan, or why not."""
    whole = Span(month, next_month(month))
    said = []
    for segment in segments:
        days = overlap(segment.span, whole)
        if days is None:
            continue
        part: dict[str, Any] = {"span": [days.start.isoformat(), days.end.isoformat()]}
        if segment.assigned is not None:
            part["plan"] = catalogue[segment.assigned.plan].name
        if segment.reason is not None:
            part["reason"] = segment.reason.value
        said.append(part)
    return said
