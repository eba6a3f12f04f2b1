"""The lines of a Stripe invoice from those of a statement: at most 250, and the sum unchanged. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

STRIPE_LINE_LIMIT = 250
DESCRIPTION_LIMIT = 500


class Billed(NamedTuple):
    """A statement line, as far as Stripe hears of it. ``cents`` may be negative; ``month`` is its first day."""

    line_id: int
    subject: str
    plan_id: int
    plan: str
    fee: str
    month: date
    cents: int
    adjusts: bool = False


class InvoiceLine(NamedTuple):
    """A line of the invoice. ``plan_id`` names the product it is sold as; ``None`` for carried amounts."""

    description: str
    cents: int
    plan_id: int | None = None
    line_ids: tuple[int, ...] = ()


class TooManyLines(ValueError):
    """More groups than Stripe takes lines, even when grouped as far as it goes."""


def invoice_lines(billed: Sequence[Billed], further: Iterable[InvoiceLine] = ()) -> tuple[InvoiceLine, ...]:
    """One invoice line for each statement line and each of ``further`` (brought forward, paid by hand).

    Above Stripe's limit, lines are grouped by plan and month, then by plan, then into one; the sum never changes.
    Groups that come out at zero are left out.
    """
    rest = tuple(line for line in further if line.cents)
    room = STRIPE_LINE_LIMIT - len(rest)
    if room < 1:
        raise TooManyLines(f"{len(rest)} carried amounts leave no room for lines")
    for grouping in (_each, _by_plan_and_month, _by_plan, _all):
        lines = grouping(billed)
        if len(lines) <= room:
            return (*lines, *rest)
    raise TooManyLines("one group is always few enough")


def _each(billed: Sequence[Billed]) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            _short(f"{b.subject}: {b.plan}, {b.fee}, {b.month:%B %Y}{' (adjustment)' if b.adjusts else ''}"),
            b.cents,
            b.plan_id,
            (b.line_id,),
        )
        for b in billed
    ]


def _by_plan_and_month(billed: Sequence[Billed]) -> list[InvoiceLine]:
    groups: dict[tuple[date, str, int], list[Billed]] = defaultdict(list)
    for b in billed:
        groups[b.month, b.plan, b.plan_id].append(b)
    return _sums((f"{plan}, {month:%B %Y}", plan_id, part) for (month, plan, plan_id), part in sorted(groups.items()))


def _by_plan(billed: Sequence[Billed]) -> list[InvoiceLine]:
    groups: dict[tuple[str, int], list[Billed]] = defaultdict(list)
    for b in billed:
        groups[b.plan, b.plan_id].append(b)
    return _sums((plan, plan_id, part) for (plan, plan_id), part in sorted(groups.items()))


def _all(billed: Sequence[Billed]) -> list[InvoiceLine]:
    return _sums([("Hosting", None, list(billed))])


def _sums(groups: Iterable[tuple[str, int | None, list[Billed]]]) -> list[InvoiceLine]:
    lines = []
    for title, plan_id, part in groups:
        cents = sum(b.cents for b in part)
        if cents:
            subjects = len({b.subject for b in part})
            described = _short(f"{title}: {len(part)} amounts for {subjects} Instances")
            lines.append(InvoiceLine(described, cents, plan_id, tuple(b.line_id for b in part)))
    return lines


def _short(text: str) -> str:
    return text if len(text) <= DESCRIPTION_LIMIT else text[: DESCRIPTION_LIMIT - 1] + "…"
