"""Due minus billed: the only source of statement lines (rule 9)."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from pos_billing.rating.due import Due, Key, Share


class Billed(NamedTuple):
    """What statements say of a key: what they billed in cents, and the ids of their lines.

    ``ahead`` is what credit notes gave ahead of a correction that has not come yet.
    """

    amount: int
    lines: tuple[int, ...]
    ahead: int = 0


class LineKind(Enum):
    """Whether a line is the first of its key, or corrects earlier ones."""

    CHARGE = "charge"
    ADJUSTMENT = "adjustment"


class Line(NamedTuple):
    """One line to be written: ``amount = due − billed + credited`` in cents, with the lines it corrects.

    ``credited`` is the part of a correction that credit notes gave already: it is not given again.
    """

    key: Key
    kind: LineKind
    amount: int
    due: int
    billed: int
    corrects: tuple[int, ...]
    shares: tuple[Share, ...]
    credited: int = 0


NOTHING_DUE = Due(0, ())
NOTHING_BILLED = Billed(0, ())


def difference(due: Mapping[Key, Due], billed: Mapping[Key, Billed]) -> tuple[Line, ...]:
    """The lines that make ``billed`` equal to ``due``, in the order of their keys. Zero differences write nothing.

    A correction that credit notes gave ahead, in whole, is a line over nothing: it says that they are used up, so that
    a later correction upwards charges again what they gave.

    Both speak of the same subjects and months: what was billed of a month that ``due`` leaves out (the window's, rule
    10) must be left out of ``billed`` too, or it would be credited.
    """
    lines = []
    for key in sorted(due.keys() | billed.keys() if billed else due):
        owed, before = due.get(key, NOTHING_DUE), billed.get(key, NOTHING_BILLED)
        amount = owed.amount - before.amount
        if amount:
            kind = LineKind.ADJUSTMENT if before.lines else LineKind.CHARGE
            credited = min(before.ahead, max(0, -amount))
            lines.append(
                Line(key, kind, amount + credited, owed.amount, before.amount, before.lines, owed.shares, credited)
            )
    return tuple(lines)
