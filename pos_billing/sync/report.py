"""What a sync reports: the same values whether it was a preview or not."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from pos_billing.partner_api.kinds import FindingOutcome, Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding and what became of it. ``subject`` names the Instance, Partner or part of the Portal."""

    kind: Kind
    outcome: FindingOutcome
    subject: str
    text: str
    day: date | None = None
    reason: str = ""
    instance_id: int | None = None


@dataclass(slots=True)
class SyncReport:
    """The result of a sync. ``status`` is a ``SyncStatus``; ``message`` says why it stopped or failed.

    ``counts`` are numbers for people; ``sync_id`` is the row of the log, ``None`` for a preview.
    """

    day: date
    status: str = ""
    message: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    sync_id: int | None = None

    def outcomes(self) -> Counter[FindingOutcome]:
        """How many findings came to each outcome."""
        return Counter(entry.outcome for entry in self.entries)

    def count_entries(self) -> None:
        """Add to ``counts`` how many findings there are of each kind and outcome."""
        for outcome, number in sorted(self.outcomes().items()):
            self.counts[outcome.value] = number
        for kind, number in sorted(Counter(entry.kind for entry in self.entries).items()):
            self.counts[kind.value] = number
