"""The template: a migrated schema without users that new Partners' schemas are copied from.

It has no row in the tenant model, so nothing bills it or lists it; `migrate_schemas` migrates it before the Partners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django_tenants.migration_executors import get_executor
from django_tenants.utils import get_public_schema_name, schema_context, schema_exists

from pos_billing.sellers.clone import CannotCopy, schema_copy
from pos_billing.sellers.schemas import template_schema

Progress = Callable[[str], None]


def migrating_executor(codename: str | None = None) -> type:
    """Return django-tenants' executor, made to migrate the template too; the plugin's GET_EXECUTOR_FUNCTION."""

    class WithTemplate(get_executor(codename)):  # type: ignore[misc]  # the setting chooses the class
        """Whenever all tenants are migrated, the template goes first."""

        def run_migrations(self, tenants: Iterable[str] | None = None) -> None:
            tenants = list(tenants or [])
            if not self.options.get("schema_name") and get_public_schema_name() not in tenants:
                create_template_schema()
                tenants = [template_schema(), *(name for name in tenants if name != template_schema())]
            super().run_migrations(tenants=tenants)

    return WithTemplate


def create_template_schema() -> None:
    """Create the template's schema, empty, unless it is there."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(template_schema())}")


def migrate_schema(schema: str, **options: Any) -> None:
    """Run the migrations that a Partner's schema, or the template, does not have yet."""
    call_command("migrate_schemas", tenant=True, schema_name=schema, interactive=False, **{"verbosity": 0, **options})


def schema_from_template(schema: str, progress: Progress) -> None:
    """Make the schema of a new Partner: copy the template, then migrate for real.

    A copy carries the template's list of applied migrations; what was added since the template was last migrated is
    therefore applied here, and not taken for done.
    """
    if not schema_exists(template_schema()):
        progress("making the template, once")
        create_template_schema()
        migrate_schema(template_schema())
    _refuse_users()
    for step in schema_copy(template_schema(), schema):
        progress(f"copied {step}")
    progress("migrating")
    migrate_schema(schema)


def _refuse_users() -> None:
    """Raise when somebody could sign in at every new Partner."""
    with schema_context(template_schema()):
        if get_user_model().objects.exists():
            raise CannotCopy(
                f"The template {template_schema()!r} holds users, who could sign in at every new Partner: delete them."
            )
