"""Puts the platform's admin site in the place of Django's default one."""

from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Everything that registers with `admin.site` lands in the platform's admin."""

    default_site = "example_site.platform.site.PlatformAdminSite"
