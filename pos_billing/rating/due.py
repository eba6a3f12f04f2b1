"""What is due: amounts by account, subject, fee and month, each carrying its own explanation (rules 5, 6, 7)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from pos_billing.rating.facts import Subject
from pos_billing.rating.horizon import Window
from pos_billing.rating.metrics import aggregate, monthly
from pos_billing.rating.months import days_in_month
from pos_billing.rating.pieces import Piece, pieces
from pos_billing.rating.proration import prorate
from pos_billing.rating.spans import Span, joined
from pos_billing.rating.terms import Catalogue, Price
from pos_billing.rating.tiers import overage
from pos_billing.rating.timeline import Segment


class Key(NamedTuple):
    """What amounts are compared by: never two different things under one key, never one thing under two."""

    account: int
    subject: Subject
    fee: int
    month: date


class Share(NamedTuple):
    """One price's part of an amount: ``amount`` cents for ``days`` of the ``days_in_month``.

    ``usage`` is the quantity metered on those days (``None`` for a flat fee).
    """

    price: Price
    spans: tuple[Span, ...]
    days: int
    days_in_month: int
    usage: int | None
    amount: int
    segments: tuple[Segment, ...]


class Due(NamedTuple):
    """An amount in cents with the shares it is the sum of."""

    amount: int
    shares: tuple[Share, ...]


Usage = Mapping[tuple[str, Span], int]
"""Quantities of one subject by metric and span, aggregated over the days of the span."""


def usage_needed(segments: Iterable[Segment], catalogue: Catalogue, window: Window) -> tuple[tuple[str, Span], ...]:
    """The metrics and spans whose usage ``due`` will ask for, each once."""
    metered = [each for each in segments if each.assigned is not None and catalogue[each.assigned.plan].metered]
    if not metered:  # most subjects: nothing is cut in vain
        return ()
    return tuple({(p.fee.metric, p.span): None for p in pieces(metered, catalogue, window) if p.fee.metric is not None})


def due(
    subject: Subject, segments: Iterable[Segment], catalogue: Catalogue, usage: Usage, window: Window
) -> dict[Key, Due]:
    """What each account owes for the subject, by fee and month of the window.

    ``usage`` answers what ``usage_needed`` asked; a span without an entry had no usage.
    Days at equal terms are added before the one rounding, so that splitting a span changes nothing.
    """
    grouped: dict[Key, list[Piece]] = {}
    for piece in pieces(segments, catalogue, window):
        key = Key(piece.account, subject, piece.fee.id, piece.month)
        grouped.setdefault(key, []).append(piece)
    return {key: _due(alike, usage) for key, alike in grouped.items()}


def _due(charged: list[Piece], usage: Usage) -> Due:
    """The amount of the pieces of one key: a share for each terms of the price."""
    if len(charged) == 1:
        share = _share(charged, usage)
        return Due(share.amount, (share,))
    by_terms: dict[tuple[object, ...], list[Piece]] = {}
    for piece in charged:
        by_terms.setdefault(piece.price.terms, []).append(piece)
    shares = tuple(_share(alike, usage) for alike in by_terms.values())
    return Due(sum(share.amount for share in shares), shares)


def _share(alike: list[Piece], usage: Usage) -> Share:
    """The amount of pieces that share a key and the terms of their price."""
    first = alike[0]
    price, metric, of = first.price, first.fee.metric, days_in_month(first.month)
    spans: tuple[Span, ...] = (first.span,)
    segments: tuple[Segment, ...] = (first.segment,)
    days = first.span.days
    if len(alike) > 1:
        spans = joined(piece.span for piece in alike)
        segments = tuple(dict.fromkeys(piece.segment for piece in alike))
        days = sum(span.days for span in spans)
    if metric is None:
        return Share(price, spans, days, of, None, prorate(price.cents, days, of), segments)
    quantity = aggregate(metric, (usage.get((metric, piece.span), 0) for piece in alike))
    amount = overage(monthly(metric, quantity, days, of), price.included, price.tiers, days, of)
    return Share(price, spans, days, of, quantity, amount, segments)
