"""`import_usage FILE`: bring daily usage logs into the register; docs/register-import.md has the format."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.facts.errors import Refused
from pos_billing.register.usage import import_usage


class Command(BaseCommand):
    """All of the file or nothing: exits with 1 and lists every bad row when anything is refused."""

    help = "Import usage logs (uuid, metric, day, quantity) from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preview", action="store_true", help="Do the same work, tell the same, write nothing.")
        parser.add_argument("--by", default=getpass.getuser(), help="Who imports it; kept with the import.")
        parser.add_argument("--why", default="", help="Why; kept with the import.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        shown = options["verbosity"] > 0

        def progress(doing: str, rows: int) -> None:
            if shown:
                self.stderr.write(f"{doing}: {rows} rows")

        try:
            with path.open("rb") as file:
                report = import_usage(
                    file,
                    path.name,
                    by=options["by"],
                    why=options["why"],
                    preview=options["preview"],
                    progress=progress,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(f"{path}: {refused.text}") from refused
        lines = report.lines()
        if report.refused:
            raise CommandError("\n".join(lines))
        if shown:
            for line in lines:
                self.stdout.write(line)
