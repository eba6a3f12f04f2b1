"""Tables for spreadsheets: CSV written line by line, money without fractions, no text that becomes a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What csv.writer writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Each row as a line of CSV. Text comes through ``cell`` first, money through ``units``."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow(list(row))


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that looks like it is led by an apostrophe."""
    return f"'{text}" if text[:1] in FORMULA else text


def units(cents: int) -> str:
    """Integer cents as ``-70.97``, without any arithmetic on fractions."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"
