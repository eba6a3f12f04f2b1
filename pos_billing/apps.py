"""The app that stands in every Seller's schema: in `public` for the platform, in a tenant's for a Partner."""

from django.apps import AppConfig


class PosBillingConfig(AppConfig):
    """Plans, assignments, statements and payments of one Seller."""

    name = "pos_billing"
    label = "pos_billing"
    verbose_name = "Billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the plugin to Django, django-tenants and Oscar."""
        from django.apps import apps

        from pos_billing import checks  # noqa: F401  (registers them)
        from pos_billing.collection import start
        from pos_billing.notices import jobs  # noqa: F401  (its receiver sends notices)
        from pos_billing.plans import new_partners, ownership

        start.connect()
        self._show_triggers_to_migrate_schemas()
        new_partners.connect()
        ownership.connect()
        if apps.is_installed("django.contrib.sites"):
            from pos_billing.sellers import sites

            sites.connect()
        if apps.is_installed("oscar.apps.order"):
            from pos_billing.sellers.shop.signing import bind_orders_to_their_seller

            bind_orders_to_their_seller()

    @staticmethod
    def _show_triggers_to_migrate_schemas() -> None:
        """Let django-tenants' command find the triggers in migrations, as pgtrigger taught Django's own."""
        from django.core.management.commands import makemigrations
        from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand

        MigrateSchemasCommand.autodetector = makemigrations.Command.autodetector
