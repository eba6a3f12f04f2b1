"""The life of an Instance or dedicated environment as a picture: lanes of bars over a scale of months.

Only geometry is computed here; the template draws it as SVG, and tells the same as a list for those who do not see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pos_billing.instances.models import DedicatedEnvironment, Environment, Instance, Status
from pos_billing.rating.facts import Facts
from pos_billing.rating.months import month_of, next_month
from pos_billing.rating.spans import FOREVER, Span, overlap
from pos_billing.rating.terms import Plan
from pos_billing.rating.timeline import Segment
from pos_billing.wording import day, short_month

LEFT, WIDTH, TOP, LANE, BAR = 108, 760, 26, 30, 20
DOMAINS_DRAWN = 6
LETTER = 6.2
STATUS_LOOK = {"active": "good", "unpublished": "warn", "deleted": "bad"}


class Bar(NamedTuple):
    """One bar: where it stands, what is written in it, and what it says in full."""

    x: float
    y: int
    width: float
    look: str
    text: str
    full: str


class Tick(NamedTuple):
    """The beginning of a month on the scale."""

    x: float
    text: str


class Lane(NamedTuple):
    """A row of the picture: its name, and its bars."""

    name: str
    y: int
    bars: tuple[Bar, ...]


class Picture(NamedTuple):
    """Everything that is drawn. ``told`` says the same in words, lane by lane."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    now: float | None
    told: tuple[tuple[str, tuple[str, ...]], ...]


Piece = tuple[Span, str, str, str]
"""The days of a bar, its look, its short text, and what it says in full."""


def picture_of(
    subject: Instance | DedicatedEnvironment,
    facts: Facts,
    segments: Sequence[Segment],
    plans: Mapping[int, Plan],
    *,
    owned_from: date,
    now: date,
) -> Picture:
    """The picture from the day the Partner got the subject to the end of this month, or to the day it was gone."""
    end = min(facts.exists.end, next_month(month_of(now)))
    whole = Span(max(facts.exists.start, owned_from), max(end, owned_from + timedelta(days=31)))
    named: list[tuple[str, list[Piece]]] = []
    if isinstance(subject, Instance):
        named.append(("Status", _statuses(subject)))
        named.append(("Environment", _environments(subject)))
        named += _domains(subject)
        named.append(("Dedicated", _placements(subject)))
    named.append(("Plan", _plans(facts, plans)))
    named.append(("Billed", _billed(segments, plans, now)))
    drawn = [(name, _within(pieces, whole)) for name, pieces in named]
    drawn = [(name, pieces) for name, pieces in drawn if pieces]
    lanes = tuple(
        Lane(name, TOP + number * LANE, tuple(_bar(piece, whole, TOP + number * LANE) for piece in pieces))
        for number, (name, pieces) in enumerate(drawn)
    )
    told = tuple((name, tuple(f"{_days(piece[0])}: {piece[3]}" for piece in pieces)) for name, pieces in drawn)
    at_now = _x(now, whole) if now in whole else None
    return Picture(LEFT + WIDTH + 12, TOP + len(lanes) * LANE + 8, lanes, tuple(_ticks(whole)), at_now, told)


def _statuses(instance: Instance) -> list[Piece]:
    return [
        (row.span, STATUS_LOOK.get(row.status, "quiet"), Status(row.status).label, Status(row.status).label)
        for row in instance.statuses.order_by("days")
    ]


def _environments(instance: Instance) -> list[Piece]:
    return [
        (row.span, "plain", Environment(row.environment).label, Environment(row.environment).label)
        for row in instance.environments.order_by("days")
    ]


def _domains(instance: Instance) -> list[tuple[str, list[Piece]]]:
    """One lane for each of the first Domains; they overlap."""
    rows = [row for row in instance.domains.order_by("added_on", "host") if row.removed_on != row.added_on]
    pieces: list[Piece] = [
        (Span(row.added_on, row.removed_on or FOREVER), "plain", row.host, row.host) for row in rows[:DOMAINS_DRAWN]
    ]
    return [("Domains" if number == 0 else "", [piece]) for number, piece in enumerate(pieces)]


def _placements(instance: Instance) -> list[Piece]:
    return [
        (row.span, "plain", row.dedicated_environment.name, f"on {row.dedicated_environment.name}")
        for row in instance.placements.select_related("dedicated_environment").order_by("days")
    ]


def _plans(facts: Facts, plans: Mapping[int, Plan]) -> list[Piece]:
    return [
        (a.span, "quiet" if plans[a.plan].placeholder else "plain", plans[a.plan].name, plans[a.plan].name)
        for a in facts.assignments
    ]


def _billed(segments: Sequence[Segment], plans: Mapping[int, Plan], now: date) -> list[Piece]:
    pieces: list[Piece] = []
    for segment in segments:
        if segment.reason is None and segment.assigned is not None:
            text = f"charged under {plans[segment.assigned.plan].name}"
            text += ", reached back" if segment.reached_back else ""
            pieces.append((segment.span, "good", plans[segment.assigned.plan].name, text))
        elif segment.reason is not None:
            pieces.append((segment.span, "quiet", "", f"not charged: {segment.reason.value}"))
    return pieces


def _within(pieces: Iterable[Piece], whole: Span) -> list[Piece]:
    cut = [(overlap(span, whole), look, text, full) for span, look, text, full in pieces]
    return [(span, look, text, full) for span, look, text, full in cut if span is not None]


def _bar(piece: Piece, whole: Span, y: int) -> Bar:
    span, look, text, full = piece
    x, width = _x(span.start, whole), max(2.0, _x(span.end, whole) - _x(span.start, whole))
    room = int((width - 8) / LETTER)
    short = text if len(text) <= room else (text[: room - 1] + "…" if room >= 4 else "")
    return Bar(round(x, 1), y, round(width, 1), look, short, f"{_days(span)}: {full}")


def _x(at: date, whole: Span) -> float:
    return round(LEFT + WIDTH * (at - whole.start).days / whole.days, 1)


def _ticks(whole: Span) -> Iterable[Tick]:
    """First days of months, as many as can be read."""
    starts = []
    month = whole.start if whole.start.day == 1 else next_month(month_of(whole.start))
    while month < whole.end:
        starts.append(month)
        month = next_month(month)
    every = max(1, -(-len(starts) // 12))
    return (Tick(_x(month, whole), short_month(month)) for month in starts[::every])


def _days(span: Span) -> str:
    if span.end == FOREVER:
        return f"since {day(span.start)}"
    return f"{day(span.start)} to {day(span.end - timedelta(days=1))}"
