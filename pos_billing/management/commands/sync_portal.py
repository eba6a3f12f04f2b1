"""`manage.py sync_portal`: bring the register up to date with the Partner Portal, or show what that would change."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.partner_api.errors import PortalError
from pos_billing.partner_api.kinds import FindingOutcome
from pos_billing.partner_api.models import SyncStatus
from pos_billing.partner_api.settings import portal_settings
from pos_billing.sync.report import SyncReport
from pos_billing.sync.run import sync_portal


class Command(BaseCommand):
    help = (
        "Reads Partners, Instances, domains and plan types from the Partner Portal and tells the register what "
        "changed. Settings and credentials: docs/portal-sync.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--preview", action="store_true", help="Show what would change, and change nothing.")
        parser.add_argument("--partner", metavar="ID", help="Only the Partner with this id in the Portal.")
        parser.add_argument(
            "--by", default="sync_portal", help="Who is said to have started it (default: sync_portal)."
        )
        parser.add_argument(
            "--vanish-limit",
            type=int,
            metavar="PERCENT",
            help="Stop when more than so many of the known Instances are missing (default: the setting, 10).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = {} if options["vanish_limit"] is None else {"vanish_limit_percent": options["vanish_limit"]}
        try:
            report = sync_portal(
                portal_settings(**given),
                by=options["by"],
                clock=clock.now,
                partner=options["partner"],
                preview=options["preview"],
                progress=self._progress(options["verbosity"]),
            )
        except (PortalError, Refused) as refused:
            raise CommandError(str(refused)) from None
        self._show(report, preview=options["preview"])
        if report.status in (SyncStatus.STOPPED, SyncStatus.FAILED):
            raise CommandError(report.message)

    def _progress(self, verbosity: int) -> Any:
        """Progress on one line of a terminal; nothing of it in a file or a log."""
        if verbosity == 0 or not sys.stderr.isatty():
            return lambda text: None
        return lambda text: self.stderr.write(f"\r\033[K{text}", ending="")

    def _show(self, report: SyncReport, *, preview: bool) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        for outcome in FindingOutcome:
            entries = [entry for entry in report.entries if entry.outcome is outcome]
            if entries:
                self.stdout.write(self.style.MIGRATE_HEADING(f"{outcome.label} ({len(entries)})"))
            for entry in entries:
                reason = f" {entry.reason}" if entry.reason else ""
                self.stdout.write(f"  {entry.kind.label}: {entry.subject}. {entry.text}{reason}")
        counts = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in report.counts.items())
        self.stdout.write(f"{SyncStatus(report.status).label} ({report.day}): {counts}.")
        if preview:
            self.stdout.write("This was a preview: nothing was changed.")
