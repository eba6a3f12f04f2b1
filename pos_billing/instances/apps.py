"""The app that stands in the public schema alone: the register of Instances."""

from django.apps import AppConfig


class InstancesConfig(AppConfig):
    name = "pos_billing.instances"
    label = "pos_billing_instances"
    verbose_name = "Register of Instances"
    default_auto_field = "django.db.models.BigAutoField"
