"""What a format of statement numbers may be: placeholders and printable text, read by a pattern before it is used.

Placeholders are ``{year}`` (four digits), ``{month}`` (two; ``{month:02d}`` is the same) and, once, ``{number}`` or
``{number:0Nd}``, which has at least N digits. Python's own formatting never sees what somebody typed: it could be
asked for gigabytes of blanks. Two documents that differ in year, month or number differ in what is written, because
year and month have a fixed width.

>>> NumberFormat.read("A1-{year}-{number:05d}").written(date(2019, 2, 1), 42)
'A1-2019-00042'
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pos_billing.facts.errors import Refused

LONGEST = 60
CREDIT_NOTE_PREFIX = "CN-"
"""Begins the numbers of credit notes, and so of no statement."""
NUMBER_DIGITS = 10
"""As many digits as the count of documents can have."""

_PLACEHOLDER = re.compile(r"\{(?P<name>year|month|number)(?P<width>:0(?P<digits>[1-9]|1[0-2])d)?\}")
FORMAT_IN_POSTGRESQL = (
    r"^([^{}[:cntrl:]]|\{year\}|\{month(:02d)?\})*"
    r"\{number(:0([1-9]|1[0-2])d)?\}"
    r"([^{}[:cntrl:]]|\{year\}|\{month(:02d)?\})*$"
)
"""The same pattern for PostgreSQL's check of what is stored."""

_SAID = (
    "may hold printable text, {year}, {month} and, once, {number} or {number:06d} (1 to 12 digits), for example "
    "{year}-{number:06d}"
)


class Part(NamedTuple):
    """A piece of a format: ``name`` of a placeholder with its least number of digits, or ``""`` and a text."""

    name: str
    text: str
    digits: int = 0


class NumberFormat(NamedTuple):
    """A format that was read."""

    parts: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> "NumberFormat":
        """The parts of ``text``. Raises ``Refused`` (field ``number_format``), saying what a format may be."""
        parts: list[Part] = []
        place = 0
        for match in _PLACEHOLDER.finditer(text):
            parts += _plain(text[place : match.start()])
            parts.append(_placeholder(match))
            place = match.end()
        parts += _plain(text[place:])
        if [part.name for part in parts].count("number") != 1:
            raise Refused(
                "number_format",
                f"The format of numbers must use {{number}} once: it {_SAID}.",
                code="number_format_without_number",
            )
        if parts[0].text.upper().startswith(CREDIT_NOTE_PREFIX):
            raise Refused(
                "number_format",
                f"{CREDIT_NOTE_PREFIX} begins the numbers of credit notes: begin with something else.",
                code="number_format_of_credit_notes",
            )
        found = cls(tuple(parts))
        if found.longest > LONGEST:
            raise Refused(
                "number_format", f"Numbers of credit notes ({CREDIT_NOTE_PREFIX} before the statement's format) could "
                f"have {found.longest} characters, and at most {LONGEST} are kept: shorten the text.",
                code="number_format_too_long",
            )  # fmt: skip
        return found

    @property
    def longest(self) -> int:
        """The most characters that a number, or a credit note's, can have."""
        widths = {"year": 4, "month": 2}
        return len(CREDIT_NOTE_PREFIX) + sum(
            max(part.digits, NUMBER_DIGITS) if part.name == "number" else widths.get(part.name, len(part.text))
            for part in self.parts
        )

    def written(self, day: date, number: int) -> str:
        """The number of a document of ``day`` that is the ``number``-th."""
        values = {"year": f"{day.year:04d}", "month": f"{day.month:02d}"}
        return "".join(
            f"{number:0{part.digits}d}" if part.name == "number" else values.get(part.name, part.text)
            for part in self.parts
        )

    @property
    def pattern(self) -> str:
        """A regular expression, for Python and PostgreSQL alike, that every written number matches in whole."""
        return "^" + "".join(map(_pattern_of, self.parts)) + "$"

    @property
    def has_year(self) -> bool:
        """Whether numbers of two years differ for that alone."""
        return any(part.name == "year" for part in self.parts)

    def read_back(self, written: str) -> tuple[int, int | None] | None:
        """The count and the year in what this format could have written; ``None`` for anything else."""
        match = re.fullmatch(self.pattern[1:-1], written)
        if match is None:
            return None
        names = [part.name for part in self.parts if part.name]
        year = int(match[names.index("year") + 1]) if self.has_year else None
        return int(match[names.index("number") + 1]), year


def _placeholder(match: re.Match[str]) -> Part:
    name, digits = match["name"], int(match["digits"] or 0)
    if (name == "year" and digits) or (name == "month" and digits not in (0, 2)):
        raise Refused("number_format", f"{match[0]!r} cannot be used: a format {_SAID}.", code="number_format_unusable")
    return Part(name, match[0], digits)


def _plain(text: str) -> Sequence[Part]:
    if "{" in text or "}" in text:
        raise Refused("number_format", f"{text!r} cannot be used: a format {_SAID}.", code="number_format_braces")
    if not text.isprintable():
        raise Refused(
            "number_format",
            "Line breaks and other signs that cannot be printed have no place in a number.",
            code="number_format_not_printable",
        )
    return [Part("", text)] if text else []


def _pattern_of(part: Part) -> str:
    if part.name == "year":
        return "([0-9]{4})"
    if part.name == "month":
        return "(0[1-9]|1[0-2])"
    if part.name == "number":
        least = max(part.digits, 1)
        return f"([0-9]{{{least}}}|[1-9][0-9]{{{least},{max(least, NUMBER_DIGITS)}}})"
    return re.sub(r"([^\w\s])", r"\\\1", part.text)
