"""`pos_billing_doctor`: what the plugin changed in this host, what it is set to, and what is wrong."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context, schema_exists

from pos_billing.conf import declared, setting
from pos_billing.plugin import manifest
from pos_billing.sellers.schemas import seller_schemas, template_schema


class Command(BaseCommand):
    """Prints everything; fails when something is wrong, so that a deployment can stop there."""

    help = "Print what pos_billing changed in the host's settings, its own settings, and whatever is set up wrongly."
    requires_system_checks = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--without-database", action="store_true", help="Look at the settings only.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print section by section; the problems come last."""
        self._section("What install() changed", [f"{c.setting}: {c.done}" for c in settings.POS_BILLING_INSTALLED])
        self._section("Settings of the plugin", self._settings())
        self._section("Addresses", self._addresses())
        jobs = manifest()["jobs"]["scheduled"].items()
        self._section("Scheduled jobs", [f"{name}: {job['cron']}  {job['meaning']}" for name, job in jobs])
        self._section("Stripe events", manifest()["webhooks"]["events"])
        messages = run_checks()
        warnings = [self._line(message) for message in messages if message.level < ERROR]
        problems = [self._line(message) for message in messages if message.level >= ERROR]
        if not options["without_database"]:
            problems += self._database()
        self._section("Warnings", warnings)
        self._section("Problems", problems)
        if problems:
            raise CommandError(f"{len(problems)} to put right.")

    def _section(self, title: str, lines: list[str]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        for line in lines or ["none"]:
            self.stdout.write(f"  {line}")

    @staticmethod
    def _line(message: CheckMessage) -> str:
        return f"{message.id}: {message.msg} {message.hint or ''}".rstrip()

    def _settings(self) -> list[str]:
        """One line a setting: its value, and what it means."""
        lines = []
        for entry in declared().values():
            value = setting(entry.name.removeprefix("POS_BILLING_"))
            mark = "" if value == entry.default else " (yours)"
            lines.append(f"{entry.name} = {value!r}{mark}: {entry.meaning}")
        return lines

    def _addresses(self) -> list[str]:
        return [
            f"{side} hosts: {', '.join(manifest()['urls'][side]) or 'nothing of the plugin'}, "
            f"then {settings.POS_BILLING_HOST_URLS.get(side, 'nothing')}"
            for side in ("public", "tenant")
        ]

    def _database(self) -> list[str]:
        """Print the Sellers, and return what is behind in their schemas."""
        try:
            schemas = seller_schemas()
        except DatabaseError as error:
            return [f"The database does not answer, or was never migrated: {error}".strip()]
        template = [template_schema()] if schema_exists(template_schema()) else []
        problems = [] if template else ["There is no template to copy new Partners from: migrate_schemas makes it."]
        lines = []
        for schema in [*template, *schemas]:
            waiting = self._waiting_migrations(schema)
            lines.append(f"{schema}: {len(waiting)} migrations to run" if waiting else f"{schema}: up to date")
            if waiting:
                problems.append(f"Schema {schema} waits for {', '.join(waiting)}: migrate_schemas.")
        self._section("Schemas", lines)
        return problems

    def _waiting_migrations(self, schema: str) -> list[str]:
        """Return the migrations of the plugin and of the host that the schema does not have yet."""
        loader = MigrationLoader(None, load=False)
        loader.load_disk()
        with schema_context(schema):  # the template is no Seller
            applied = set(MigrationRecorder(connection).applied_migrations())
            return [
                f"{label}.{name}"
                for label, name in sorted(loader.disk_migrations)
                if (label, name) not in applied and router.allow_migrate("default", label)
            ]
