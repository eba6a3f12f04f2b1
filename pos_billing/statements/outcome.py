"""What came of a run or a preview."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pos_billing.statements.drafts import DraftLine, DraftStatement
from pos_billing.statements.writers import PreviewWriter


@dataclass
class RunOutcome:
    """What came of a run or a preview. Money in cents. ``run_id`` is ``None`` for a preview."""

    schema: str
    as_of: date
    preview: bool
    full: bool
    statements: list[DraftStatement] = field(default_factory=list)
    run_id: int | None = None
    subjects: int = 0
    not_charged: Counter[str] = field(default_factory=Counter)
    """Subjects with days of the newest closed month that were not charged, by the reason why not."""
    missed: int = 0
    missed_named: list[dict[str, Any]] = field(default_factory=list)
    """Lines of a full run that an incremental run would not have found; none, if all is well."""
    full_because: str = ""
    """Why every month was rated again though nobody asked for it, in words; empty otherwise."""
    _aside: PreviewWriter | None = None

    @property
    def lines(self) -> int:
        """How many lines the statements have."""
        return sum(statement.lines for statement in self.statements)

    @property
    def total(self) -> int:
        """The sum of the statements' totals."""
        return sum(statement.total for statement in self.statements)

    @property
    def adjustments(self) -> int:
        """How many lines correct earlier ones."""
        return sum(statement.adjustments for statement in self.statements)

    def drafts(self, account: int | None = None) -> Iterator[DraftLine]:
        """The lines of a preview in the order of its statements' lines; of one Account, or of all."""
        if self._aside is None:
            raise ValueError("The lines of a run that was made are in the table of statement lines.")
        return self._aside.lines(account)
