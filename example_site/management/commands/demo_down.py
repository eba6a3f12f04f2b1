"""`demo_down`: stop what `demo_up` started; all data stay."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from example_site import embedded_postgres
from example_site.demo_steps import services


class Command(BaseCommand):
    """Stops the web site, the Stripe double and the embedded database server."""

    help = "Stop the demo; its data stay for the next time."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for service in (services.web_site(), services.stripe_double()):
            self.stdout.write(f"{service.name}: {'stopped' if service.stop() else 'was not running'}")
        if not os.environ.get("DATABASE_URL"):
            ran = embedded_postgres.stop(embedded_postgres.data_folder())
            self.stdout.write(f"database server: {'stopped' if ran else 'was not running'}")
