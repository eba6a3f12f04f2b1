"""Migrating one schema without replaying the history of apps that have nothing to do in it.

Before it runs a migration, Django rebuilds in memory every model as it stood then; dj-stripe's history alone makes
that more than a minute a schema. An app can be left out of it, and is then taken as its models stand today, when in
this schema

- the app is not installed (shared apps in a Partner's schema), or all its migrations are applied already, and
- its models refer to no app that still has to be replayed.

Leaving out is all that happens here: tables, `django_migrations` and signals are Django's own business as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def apps_to_leave_out(database: str, asked_for: str | None = None) -> set[str]:
    """Return the labels of the apps whose history need not be replayed in the connection's schema.

    The app that was asked for by name is never one of them.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connections[database]).applied_migrations())
    unapplied = {label for label, name in loader.disk_migrations if (label, name) not in applied}
    migrated = set(loader.migrated_apps)
    left_out = {label for label in migrated if label not in unapplied or not router.allow_migrate(database, label)}
    left_out.discard(asked_for or "")
    while leaning := {label for label in left_out if _apps_referred_to(label) & (migrated - left_out)}:
        left_out -= leaning
    return left_out


def _apps_referred_to(label: str) -> set[str]:
    """Return the labels of the apps that the app's models refer to, by key or by inheritance."""
    app: AppConfig = apps.get_app_config(label)
    labels = set()
    for model in app.get_models(include_auto_created=True, include_swapped=True):
        related = [field.related_model for field in model._meta.local_fields + model._meta.local_many_to_many]
        labels |= {other._meta.app_label for other in [*related, *model._meta.all_parents] if other is not None}
    return labels - {label}


@contextmanager
def history_left_out(labels: set[str]) -> Iterator[None]:
    """Let Django take the apps for apps without migrations inside the block.

    Migrations of the other apps may depend on one of theirs by name; Django resolves only "the first one" of an app
    without migrations, so that is what they say meanwhile.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    classes = {type(migration) for (label, _), migration in loader.disk_migrations.items() if label not in labels}
    before = settings.MIGRATION_MODULES, [(each, each.dependencies, each.run_before) for each in classes]
    settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, **dict.fromkeys(labels)}
    for each in classes:
        each.dependencies = list(_named_as_first(each.dependencies, labels))
        each.run_before = [key for key in each.run_before if key[0] not in labels]
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before[0]
        for each, dependencies, run_before in before[1]:
            each.dependencies, each.run_before = dependencies, run_before


def _named_as_first(dependencies: Iterable[tuple[str, str]], labels: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the dependencies, those on the given apps as "the first one" of the app."""
    for key in dependencies:
        yield (key[0], "__first__") if key[0] in labels else key


class Command(migrate.Command):
    """Django's `migrate` for one schema; the plugin makes it TENANT_BASE_MIGRATE_COMMAND."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate with as little history as this schema needs."""
        left_out = apps_to_leave_out(options["database"], asked_for=options["app_label"])
        if options["prune"] or options["run_syncdb"]:
            left_out = set()
        with history_left_out(left_out):
            super().handle(*args, **options)
