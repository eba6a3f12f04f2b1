"""Importing a register file: all of it or nothing, every bad row told, the same file twice changes nothing."""

from collections.abc import Iterable
from contextlib import suppress
from typing import BinaryIO

from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.models import RegisterImport
from pos_billing.plans.ownership import follow_staged
from pos_billing.register.assignments import import_assignments
from pos_billing.register.file_rows import Given, Progress, given_rows, sha256_of
from pos_billing.register.hosting import import_dedicated_environments, import_domains, import_placements
from pos_billing.register.instances import import_instances
from pos_billing.register.report import Problem, Report
from pos_billing.register.selling import import_partners, import_sellers, import_sold
from pos_billing.register.staging import Staged
from pos_billing.sellers.schemas import in_seller
from pos_billing.work.locks import LockSpace, wait_for


class _Undone(Exception):
    """Takes everything back: the file was refused, or it was a preview."""


def import_register(
    file: BinaryIO,
    name: str,
    *,
    by: str,
    why: str = "",
    preview: bool = False,
    create_partners: bool = False,
    progress: Progress = lambda doing, rows: None,
) -> Report:
    """Import a register file (CSV, JSON or XLSX, by the ending of ``name``); docs/register-import.md has its format.

    Everything is one transaction, recorded with ``by`` and ``why``. When anything is refused, nothing is written and
    the report holds every bad row. A preview does the same work and takes it back. Returns the report; raises
    ``Refused`` (field ``file``) for a file that cannot be read at all.
    """
    sha256 = sha256_of(file)
    return import_rows(
        given_rows(file, name),
        name,
        sha256,
        by=by,
        why=why,
        preview=preview,
        create_partners=create_partners,
        progress=progress,
    )


def import_rows(
    rows: Iterable[Given],
    name: str,
    sha256: str,
    *,
    by: str,
    why: str = "",
    preview: bool = False,
    create_partners: bool = False,
    progress: Progress = lambda doing, rows: None,
) -> Report:
    """The same for rows that were read already."""
    report = Report(name, sha256, preview)
    why = why.strip() or f"Import of {name}"
    with in_seller(get_public_schema_name()), suppress(_Undone), recorded("register_import", by=by, why=why):
        staged = Staged(report, progress)
        wait_for(LockSpace.REGISTER_IMPORT)  # two imports at once would each miss what the other adds
        try:
            _import(staged, rows, by=by, why=why, create_partners=create_partners)
        except Refused as refused:
            if refused.field == "file":
                raise
            report.problems.append(Problem("file", 0, refused.field, refused.text))
        report.problems.sort(key=lambda problem: (problem.number, problem.kind))
        if report.refused or preview:
            raise _Undone
        RegisterImport.objects.create(file_name=name[-255:], sha256=sha256, by=by, report=report.as_json())
    return report


def _import(staged: Staged, rows: Iterable[Given], *, by: str, why: str, create_partners: bool) -> None:
    """The steps, in the order in which each finds what it needs."""
    staged.copy(rows)
    import_partners(staged, create=create_partners)
    staged.make_tables()
    import_sellers(staged, by=by, why=why)
    import_sold(staged, by=by, why=why)
    staged.progress("instances", staged.report.rows.get("instance", 0))
    import_instances(staged)
    staged.progress("domains", staged.report.rows.get("domain", 0))
    import_domains(staged)
    import_dedicated_environments(staged)
    import_placements(staged)
    staged.progress("plans follow ownership", 0)
    staged.report.add("assignment", follow_staged(by=by))
    import_assignments(staged, by=by)
