"""The app of the pages: it has no tables; it mounts the "Billing" section of Oscar's dashboard."""

from typing import Any

from django.conf import settings
from oscar.core.application import OscarDashboardConfig


class WebConfig(OscarDashboardConfig):
    """The Billing section: its URLs, each guarded by the role it asks for, and its place in Oscar's navigation."""

    name = "pos_billing.web"
    label = "pos_billing_web"
    verbose_name = "Billing pages"
    namespace = "billing"
    default = True

    def ready(self) -> None:
        """Append the section to Oscar's dashboard navigation, where the host has one."""
        from pos_billing.web.portal.navigation import oscar_section

        navigation = getattr(settings, "OSCAR_DASHBOARD_NAVIGATION", None)
        if navigation is not None and not any(entry.get("billing") for entry in navigation):
            navigation.append(oscar_section())

    def get_urls(self) -> list[Any]:
        """The URLs below the dashboard's ``billing/``."""
        from pos_billing.web.portal.urls import urlpatterns

        return self.post_process_urls(urlpatterns)

    def get_url_decorator(self, pattern: Any) -> Any:
        """Guard a page by the role its name asks for; a page that names none cannot be mounted."""
        from pos_billing.web.portal.access import guard

        return guard(pattern.name)
