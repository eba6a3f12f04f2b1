"""The example site as an app: it brings the commands of `make demo`, and no tables."""

from django.apps import AppConfig


class ExampleSiteConfig(AppConfig):
    """Commands and templates of the host."""

    name = "example_site"
    verbose_name = "Example site"
