"""The app of the host's tenant model."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Partner and Host."""

    name = "example_site.partners"
    label = "partners"
    verbose_name = "Partners"
    default_auto_field = "django.db.models.BigAutoField"
