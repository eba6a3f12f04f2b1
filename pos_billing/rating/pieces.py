"""Charged days, cut by month, fee and price: what amounts are made of (rules 5, 6)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from pos_billing.rating.horizon import Window
from pos_billing.rating.months import months, next_month
from pos_billing.rating.spans import Span
from pos_billing.rating.terms import Catalogue, Fee, Price
from pos_billing.rating.timeline import Segment


class Piece(NamedTuple):
    """Days of one month charged to one account for one fee at one price."""

    account: int
    fee: Fee
    price: Price
    month: date
    span: Span
    segment: Segment


def pieces(segments: Iterable[Segment], catalogue: Catalogue, window: Window) -> Iterator[Piece]:
    """The charged days of ``segments`` inside ``window``, cut by month and by the price that held on each day."""
    for segment in segments:
        if segment.reason is not None or segment.assigned is None or segment.account is None:
            continue
        plan = catalogue[segment.assigned.plan]
        begin = max(segment.span.start, window.first_month)
        for fee in plan.fees:
            end = min(segment.span.end, window.end(plan.timing, fee.metric is not None))
            for month in months(begin, end):
                first, last = max(begin, month), min(end, next_month(month))
                for price in fee.prices:
                    start, stop = max(first, price.span.start), min(last, price.span.end)
                    if start < stop:
                        yield Piece(segment.account, fee, price, month, Span(start, stop), segment)
