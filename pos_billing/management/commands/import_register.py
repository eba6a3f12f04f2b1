"""`import_register FILE`: bring a register file into the register; docs/register-import.md has its format."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.facts.errors import Refused
from pos_billing.register.run import import_register


class Command(BaseCommand):
    """All of the file or nothing: exits with 1 and lists every bad row when anything is refused."""

    help = "Import Partners, Instances, Domains, plans and assignments from a CSV, JSON or XLSX file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="Do the same work, tell the same, write nothing.")
        parser.add_argument("--create-partners", action="store_true", help="Make Partners that are not there yet.")
        parser.add_argument("--by", default=getpass.getuser(), help="Who imports it; kept in the history.")
        parser.add_argument("--why", default="", help="Why; kept in the history.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                report = import_register(
                    file,
                    path.name,
                    by=options["by"],
                    why=options["why"],
                    preview=options["preview"],
                    create_partners=options["create_partners"],
                    progress=self._progress,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(f"{path}: {refused.text}") from refused
        lines = report.lines()
        if report.refused:
            raise CommandError("\n".join(lines))
        for line in lines:
            self.stdout.write(line)

    def _progress(self, doing: str, rows: int) -> None:
        if self.verbosity_shown:
            self.stderr.write(f"{doing}{f': {rows} rows' if rows else ''}")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity_shown = options.get("verbosity", 1) > 0
        return super().execute(*args, **options)
