"""Migrating one schema without replaying the history of apps that have nothing to do in it.

Before it runs a migration, Django rebuilds in memory every model as it stood then; dj-stripe's history alone makes
that more than a minute a schema. An app can be left out of it, and is then taken as its models stand today, when in
this schema

- the app is not installed (shared apps in a Partner's schema), or all its migrations are applied already, and
- nothing that still has to be replayed names one of its migrations or refers to one of its models before it exists.

Leaving out is all that happens here: tables, `django_migrations` and signals are Django's own business as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migrations = Mapping[tuple[str, str], Any]


def apps_to_leave_out(database: str) -> set[str]:
    """Return the labels of the apps whose history need not be replayed in the connection's schema."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connections[database]).applied_migrations())
    unapplied = {label for label, name in loader.disk_migrations if (label, name) not in applied}
    left_out = {
        label
        for label in loader.migrated_apps
        if label not in unapplied or not router.allow_migrate(database, label)
    }
    while kept := _must_be_replayed(left_out, loader.disk_migrations):
        left_out -= kept
    return left_out


def _must_be_replayed(left_out: set[str], migrations: Migrations) -> set[str]:
    """Return the apps among `left_out` that the others cannot do without."""
    named = set()
    for (label, _), migration in migrations.items():
        if label not in left_out:
            neighbours = [*migration.dependencies, *migration.run_before]
            named |= {other for other, name in neighbours if not name.startswith("__")}
    leaning = {label for label in left_out if _apps_referred_to(apps.get_app_config(label)) - left_out - {label}}
    return (named | leaning) & left_out


def _apps_referred_to(app: AppConfig) -> set[str]:
    """Return the labels of the migrated apps that the app's models refer to, by key or by inheritance."""
    labels = set()
    for model in app.get_models(include_auto_created=True, include_swapped=True):
        related = [field.related_model for field in model._meta.local_fields + model._meta.local_many_to_many]
        labels |= {other._meta.app_label for other in [*related, *model._meta.all_parents] if other is not None}
    without_history = {label for label, module in settings.MIGRATION_MODULES.items() if module is None}
    return {label for label in labels - without_history if _has_migrations(label)}


def _has_migrations(label: str) -> bool:
    """Say whether the app keeps a history at all."""
    return MigrationLoader(None, load=False).migrations_module(label)[0] is not None


@contextmanager
def history_left_out(labels: set[str]) -> Iterator[None]:
    """Let Django take the apps for apps without migrations inside the block."""
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {**before, **dict.fromkeys(labels)}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before


class Command(migrate.Command):
    """Django's `migrate` for one schema; the plugin makes it TENANT_BASE_MIGRATE_COMMAND."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate with as little history as this schema needs."""
        left_out = apps_to_leave_out(options["database"]) - {options["app_label"]}
        if options["prune"] or options["run_syncdb"]:
            left_out = set()
        with history_left_out(left_out):
            super().handle(*args, **options)
