"""Half-open spans of days: the start day counts, the end day does not (rule 1)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

FOREVER = date.max
"""The end of a span that has no end yet."""


class Span(NamedTuple):
    """The days ``start <= day < end``. ``end`` is ``FOREVER`` while it is open."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the span holds; zero when it is empty."""
        start, end = self
        return (end - start).days if start < end else 0

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end


def overlap(one: Span, other: Span) -> Span | None:
    """The days both spans hold, or ``None``."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same days in the fewest spans, in order. Days held twice count once."""
    result: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return tuple(result)
