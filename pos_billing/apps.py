"""The app that stands in every Seller's schema: in `public` for the platform, in a tenant's for a Partner."""

from django.apps import AppConfig


class PosBillingConfig(AppConfig):
    """Plans, assignments, statements and payments of one Seller."""

    name = "pos_billing"
    label = "pos_billing"
    verbose_name = "Billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let django-tenants' migrate command see the triggers that pgtrigger teaches Django's own command."""
        from django.core.management.commands import makemigrations
        from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand

        MigrateSchemasCommand.autodetector = makemigrations.Command.autodetector
