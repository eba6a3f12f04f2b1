"""`build_bootstrap`: make the head start for empty databases anew, or compare it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from example_site.bootstrap.build import build_script, write_script
from example_site.bootstrap.script import script_text


class Command(BaseCommand):
    """Needed after third-party packages changed their migrations; takes two minutes."""

    help = "Make example_site/bootstrap/third_party.sql.gz anew by migrating the third-party apps from nothing."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail when the result differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Migrating the third-party apps from nothing (two minutes) …")
        text = build_script()
        if options["check"]:
            if text != script_text():
                raise CommandError("The bootstrap script is not what the migrations lead to: make bootstrap")
            self.stdout.write("The bootstrap script is what the migrations lead to.")
        else:
            write_script(text)
            self.stdout.write("Written.")
