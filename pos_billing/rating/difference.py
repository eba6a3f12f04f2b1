"""Due minus billed: the only source of statement lines (rule 9)."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from pos_billing.rating.due import Due, Key, Share


class Billed(NamedTuple):
    """What statements say of a key: the sum of its lines in cents, and their ids."""

    amount: int
    lines: tuple[int, ...]


class LineKind(Enum):
    """Whether a line is the first of its key, or corrects earlier ones."""

    CHARGE = "charge"
    ADJUSTMENT = "adjustment"


class Line(NamedTuple):
    """One line to be written: ``amount = due − billed`` in cents, with the lines it corrects."""

    key: Key
    kind: LineKind
    amount: int
    due: int
    billed: int
    corrects: tuple[int, ...]
    shares: tuple[Share, ...]


NOTHING_DUE = Due(0, ())
NOTHING_BILLED = Billed(0, ())


def difference(due: Mapping[Key, Due], billed: Mapping[Key, Billed]) -> tuple[Line, ...]:
    """The lines that make ``billed`` equal to ``due``, in a fixed order. Zero differences write nothing."""
    lines = []
    for key in due.keys() | billed.keys() if billed else due.keys():
        owed, before = due.get(key, NOTHING_DUE), billed.get(key, NOTHING_BILLED)
        amount = owed.amount - before.amount
        if amount:
            kind = LineKind.ADJUSTMENT if before.lines else LineKind.CHARGE
            lines.append(Line(key, kind, amount, owed.amount, before.amount, before.lines, owed.shares))
    lines.sort(key=_order)
    return tuple(lines)


def _order(line: Line) -> Key:
    return line.key
