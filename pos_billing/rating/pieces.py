"""Charged days, cut by month, fee and price: what amounts are made of (rules 5, 6)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from pos_billing.rating.horizon import Window
from pos_billing.rating.months import month_of, next_month
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
    """The charged days of ``segments`` inside ``window``, cut by month and by the price that held on each day.

    Days on which a fee had no price yet make no piece: nothing is due for them.
    """
    for segment in segments:
        (start, stop), account, assigned = segment.span, segment.account, segment.assigned
        if segment.reason is not None or assigned is None or account is None:
            continue
        plan = catalogue[assigned.plan]
        begin = max(start, window.first_month)
        for fee in plan.fees:
            horizon = window.end(plan.timing, fee.metric is not None)
            first, end = begin, stop if stop < horizon else horizon
            while first < end:
                month = month_of(first)
                following = next_month(month)
                last = following if following < end else end
                for price in fee.prices:
                    held, until = price.span
                    if held < last and first < until:
                        days = Span(first if held < first else held, last if last < until else until)
                        yield Piece(account, fee, price, month, days, segment)
                first = last
