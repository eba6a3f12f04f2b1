"""Reading a register file row by row: CSV, JSON or XLSX, without holding more of it than must be."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile

from pos_billing.facts.errors import Refused

SUFFIXES = (".csv", ".json", ".xlsx")


class Given(NamedTuple):
    """A row as it stands in the file: its kind (as written), its number there, and its filled cells."""

    kind: str
    number: int
    cells: Mapping[str, Any]


Progress = Callable[[str, int], None]
"""Called with what is being done and how many rows of it are done."""


def given_rows(file: BinaryIO, name: str) -> Iterator[Given]:
    """The rows of a register file, by the ending of its ``name``. Raises ``Refused`` for what cannot be read at all."""
    readers = {".csv": _csv, ".json": _json, ".xlsx": _xlsx}
    reader = readers.get(Path(name).suffix.lower())
    if reader is None:
        raise Refused("file", f"{name} is not one of {', '.join(SUFFIXES)}.", code="file_type_unknown")
    return reader(file)


def table_rows(headers: Iterable[Any], rows: Iterable[Iterable[Any]], first: int = 2) -> Iterator[Given]:
    """The rows of a table that has a column ``record``; ``first`` is the number of its first row."""
    columns = _columns(headers)
    if "record" not in columns:
        raise Refused(
            "file",
            "The first row must name the columns, one of them record: the kind of each row.",
            code="record_column_missing",
        )
    for number, row in enumerate(rows, first):
        cells = _filled(columns, row)
        if cells:
            yield Given(str(cells.pop("record", "")).strip().lower(), number, cells)


def sha256_of(file: BinaryIO) -> str:
    """The hash of the whole file; it is at its beginning afterwards."""
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()


def _csv(file: BinaryIO) -> Iterator[Given]:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        reader = csv.reader(text, strict=True)
        headers = next(reader, None)
        if headers is None:
            raise Refused("file", "The file is empty.", code="file_empty")
        columns = _columns(headers)
        if "record" not in columns:
            raise Refused(
                "file",
                "The first line must name the columns, one of them record: the kind of each row.",
                code="record_column_missing",
            )
        for row in reader:
            if len(row) > len(columns):
                yield Given("", reader.line_num, {"": f"{len(row)} cells, but {len(columns)} columns"})
                continue
            cells = _filled(columns, row)
            if cells:
                yield Given(str(cells.pop("record", "")).strip().lower(), reader.line_num, cells)
    except UnicodeDecodeError as error:
        raise Refused("file", f"The file is not UTF-8 text ({error}).", code="file_not_utf8") from error
    except csv.Error as error:
        raise Refused("file", f"Line {reader.line_num} is not valid CSV: {error}.", code="file_not_csv") from error
    finally:
        text.detach()


def _json(file: BinaryIO) -> Iterator[Given]:
    try:
        content = json.load(file)
    except ValueError as error:
        raise Refused("file", f"The file is not valid JSON: {error}.", code="file_not_json") from error
    if not isinstance(content, dict) or not all(isinstance(rows, list) for rows in content.values()):
        raise Refused(
            "file",
            'Write {"instance": [{…}, …], "domain": [{…}, …]}: a list for each kind of records.',
            code="json_malformed",
        )
    for kind, rows in content.items():
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                yield Given(kind.strip().lower(), number, {"": "is not an object"})
                continue
            names = [str(name).strip().lower() for name in row]
            yield Given(kind.strip().lower(), number, _filled(names, row.values()))


def _xlsx(file: BinaryIO) -> Iterator[Given]:
    """Every sheet: those with a column ``record``, and those named like a kind."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise Refused("file", f"The file is not an XLSX workbook: {error}.", code="file_not_xlsx") from error
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            columns = _columns(next(rows, ()))
            for number, row in enumerate(rows, 2):
                cells = _filled(columns, row)
                if cells:
                    yield Given(str(cells.pop("record", sheet.title)).strip().lower(), number, cells)
    finally:
        book.close()


def _columns(headers: Iterable[Any]) -> list[str]:
    columns = ["" if header is None else str(header).strip().lower() for header in headers]
    for name in columns:
        if name and columns.count(name) > 1:
            raise Refused("file", f"The column {name} is there twice.", code="column_twice")
    return columns


def _filled(columns: list[str], row: Iterable[Any]) -> dict[str, Any]:
    filled = {}
    for name, cell in zip(columns, row, strict=False):
        value = cell.strip() if isinstance(cell, str) else cell
        if value is not None and value != "":
            filled[name] = value
    return filled
