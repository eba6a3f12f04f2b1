"""What an import found and did: every bad row, and how many facts it changed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pos_billing.facts.changes import Rows

NOTES_SHOWN = 100


class Problem(NamedTuple):
    """A row that is refused. ``number`` is the line of a CSV file, the row of a sheet, the place in a JSON list."""

    kind: str
    number: int
    field: str
    message: str

    def __str__(self) -> str:
        column = f", {self.field}" if self.field else ""
        return f"{self.kind} row {self.number}{column}: {self.message}"


@dataclass
class Report:
    """``rows`` counts the file's rows by kind, ``changes`` the rows written by kind. Nothing stands when there are
    problems, or in a preview."""

    file_name: str
    sha256: str = ""
    preview: bool = False
    rows: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Rows] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    partners_created: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What was done and should be known: a plan that a later assignment ends."""

    @property
    def refused(self) -> bool:
        """Whether anything of the file is refused, and therefore all of it."""
        return bool(self.problems)

    @property
    def changed(self) -> int:
        """How many rows were written (or would be, in a preview)."""
        return sum(rows.total for rows in self.changes.values()) + len(self.partners_created)

    def add(self, kind: str, rows: Rows) -> None:
        """Count rows written for a kind."""
        before = self.changes.get(kind, Rows())
        self.changes[kind] = Rows(*(one + other for one, other in zip(before, rows, strict=True)))

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Add problems; in the end they are sorted by kind and row."""
        self.problems.extend(problems)

    def note(self, kind: str, number: int, message: str) -> None:
        """Say something about a row that was not refused."""
        self.notes.append(Problem(kind, number, "", message))

    def as_json(self) -> dict[str, Any]:
        """What is kept of the import."""
        return {
            "rows": self.rows,
            "changes": {kind: rows._asdict() for kind, rows in self.changes.items() if rows.total},
            "partners_created": self.partners_created,
            "problems": [problem._asdict() for problem in self.problems],
            "notes": [note._asdict() for note in self.notes],
        }

    def lines(self) -> list[str]:
        """The report for people, one line each."""
        count = sum(self.rows.values())
        told = [f"{self.file_name}: {count} rows ({_listed(self.rows)})"]
        if self.refused:
            told += [str(problem) for problem in self.problems]
            told.append(f"{len(self.problems)} problems: nothing was imported.")
        elif not self.changed:
            told.append("Everything in it was known already: nothing changed.")
        else:
            made = {kind: rows.total for kind, rows in self.changes.items() if rows.total}
            verb = "would be written" if self.preview else "written"
            told += [f"Partner {name} created." for name in self.partners_created]
            told.append(f"{self.changed} rows {verb} ({_listed(made)}).")
            told += [str(note) for note in self.notes[:NOTES_SHOWN]]
            if len(self.notes) > NOTES_SHOWN:
                told.append(f"And {len(self.notes) - NOTES_SHOWN} more plans that a later assignment ends.")
        return told


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count) or "none"
