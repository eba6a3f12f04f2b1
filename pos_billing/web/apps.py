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
        from pos_billing.web.pages import oscar_section

        navigation = getattr(settings, "OSCAR_DASHBOARD_NAVIGATION", None)
        if navigation is not None and not any(entry.get("billing") for entry in navigation):
            navigation.append(oscar_section())

    def get_urls(self) -> list[Any]:
        """The URLs below the dashboard's ``billing/``, each guarded by what its row in the table of pages asks for."""
        from pos_billing.web.frame import PARTNER
        from pos_billing.web.pages import patterns

        return patterns(PARTNER)
