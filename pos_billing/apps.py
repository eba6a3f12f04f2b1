"""The app that stands in the public schema and in every tenant: what a Seller sells, bills and collects."""

from django.apps import AppConfig


class PosBillingConfig(AppConfig):
    name = "pos_billing"
    label = "pos_billing"
    verbose_name = "Billing"
    default_auto_field = "django.db.models.BigAutoField"
