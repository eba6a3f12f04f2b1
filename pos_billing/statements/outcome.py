"""What came of a run or a preview."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
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
    unbillable: list[dict[str, Any]] = field(default_factory=list)
    """Subjects that cannot be billed as their facts are: ``subject``, ``month``, ``why``. The others are billed."""
    full_because: str = ""
    """Why every month was rated again though nobody asked for it, in words; empty otherwise."""
    _aside: PreviewWriter | None = None

    @property
    def lines(self) -> int:
        """How many lines the statements have."""
        return sum(statement.lines for statement in self.statements)

    @property
    def fingerprint(self) -> str:
        """What the statements say, as one short text: a run whose fingerprint is a preview's issues what it showed."""
        said = [
            (
                s.number,
                s.account,
                s.lines,
                s.adjustments,
                s.total,
                s.brought_forward,
                s.amount_due,
                s.due_on.isoformat(),
            )
            for s in self.statements
        ]
        return sha256(json.dumps(said).encode()).hexdigest()

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
