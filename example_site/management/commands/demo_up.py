"""`demo_up`: everything that `make demo` shows, step by step."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from example_site.demo_steps import STEPS, Demo


class Command(BaseCommand):
    """Can be run again at any time: what is done already stays."""

    help = "Prepare the database, load the demo's register, bill it, and serve the site in the background."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        demo = Demo(tell=lambda words: self.stdout.write(f"      {words}"))
        for number, (title, step) in enumerate(STEPS, start=1):
            self.stdout.write(self.style.MIGRATE_HEADING(f"[{number}/{len(STEPS)}] {title}"))
            self.stdout.flush()
            started = time.monotonic()
            done = step(demo)
            self.stdout.write(f"      {done} ({time.monotonic() - started:.1f} s)")
        self._print_logins(demo)

    def _print_logins(self, demo: Demo) -> None:
        self.stdout.write(self.style.SUCCESS("\nThe demo is up."))
        for login in demo.logins:
            self.stdout.write(f"\n  {login.who}\n    {login.address}\n    {login.email}  password: {login.password}")
        self.stdout.write("\nBrowsers find *.localhost on this machine by themselves. To stop it all: make demo-down")
