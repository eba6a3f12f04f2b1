"""The same import offered by django-import-export: upload, preview, confirm. There is no second way to import.

``web.staff.register_admin`` hangs it into the admin.
"""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from import_export import resources
from import_export.fields import Field
from import_export.results import Error, Result, RowResult
from tablib import Dataset

from pos_billing.facts.errors import Refused
from pos_billing.register.file_rows import table_rows
from pos_billing.register.format import COLUMNS
from pos_billing.register.report import Report
from pos_billing.register.run import import_rows

SHOWN = ("record", "rows", "added", "changed", "removed")


class RegisterResource(resources.Resource):  # type: ignore[misc]  # import-export has no types
    """Imports a table with a column ``record`` (docs/register-import.md): CSV, XLSX or whatever tablib reads.

    All of it or nothing. Bad rows come back as invalid rows, each with its number in the table (the first row below
    the header is 2, as in a spreadsheet) and its messages by column; a good file, as one row for each kind of records
    with how many facts it changes.
    """

    @classmethod
    def get_display_name(cls) -> str:
        return "Register of Instances"

    def get_user_visible_fields(self) -> list[Field]:
        """The columns a file may have, for the page that asks for it."""
        return [Field(column_name=name) for name in ("record", *sorted(COLUMNS - {"record"}))]

    def import_data(self, dataset: Dataset, dry_run: bool = False, raise_errors: bool = False, **given: Any) -> Result:
        """Preview (``dry_run``) or import the table. ``user`` and ``file_name`` come from the admin, ``why`` may.

        Raises what is wrong with the table as a whole when ``raise_errors`` is set, else it is a base error.
        """
        result = Result()
        result.total_rows = len(dataset)
        user = given.get("user")
        try:
            report = import_rows(
                table_rows(dataset.headers or (), dataset),
                str(given.get("file_name") or "upload"),
                _sha256(dataset),
                by=user.get_username() if user else str(given.get("by") or ""),
                why=str(given.get("why") or ""),
                preview=dry_run,
            )
        except Refused as refused:
            if raise_errors:
                raise
            result.append_base_error(Error(refused))
            return result
        if report.refused:
            _tell_problems(result, report, dataset)
        else:
            _tell_changes(result, report)
        return result


def _tell_problems(result: Result, report: Report, dataset: Dataset) -> None:
    """One invalid row for each bad row of the table, with all of its messages by column."""
    result.diff_headers = list(dataset.headers)
    by_row: dict[int, dict[str, list[str]]] = {}
    for problem in report.problems:
        by_row.setdefault(problem.number, {}).setdefault(problem.field or "record", []).append(problem.message)
    for number, messages in sorted(by_row.items()):
        row = dict(zip(dataset.headers, dataset[number - 2], strict=True)) if number >= 2 else {}
        result.append_invalid_row(number, row, ValidationError(messages))
    result.totals[RowResult.IMPORT_TYPE_INVALID] = len(by_row)


def _tell_changes(result: Result, report: Report) -> None:
    """One row for each kind of records: how many rows it has, how many facts are added, changed and removed."""
    result.diff_headers = list(SHOWN)
    for kind in dict.fromkeys([*report.rows, *report.changes]):
        counts = report.changes.get(kind)
        added, altered, removed = counts or (0, 0, 0)
        row = RowResult()
        changed = added or altered or removed
        row.import_type = RowResult.IMPORT_TYPE_UPDATE if changed else RowResult.IMPORT_TYPE_SKIP
        row.diff = [kind.replace("_", " "), str(report.rows.get(kind, 0)), str(added), str(altered), str(removed)]
        row.object_repr = kind
        result.append_row_result(row)
        result.totals[RowResult.IMPORT_TYPE_NEW] += added
        result.totals[RowResult.IMPORT_TYPE_UPDATE] += altered
        result.totals[RowResult.IMPORT_TYPE_DELETE] += removed
        if not changed:
            result.totals[RowResult.IMPORT_TYPE_SKIP] += report.rows.get(kind, 0)


def _sha256(dataset: Dataset) -> str:
    """The hash of the table's cells: an upload may be read from any format."""
    digest = hashlib.sha256()
    for row in (dataset.headers or (), *dataset):
        digest.update("\x1f".join("" if cell is None else str(cell) for cell in row).encode() + b"\x1e")
    return digest.hexdigest()
