"""Oscar's context processors, where they need a shop's tables."""

from typing import Any

from django.http import HttpRequest

from pos_billing.sellers.schemas import is_platform


def notifications(request: HttpRequest) -> dict[str, Any]:
    """Count a user's unread notifications; the platform's host has no shop, hence none."""
    if is_platform():
        return {}
    from oscar.apps.communication.notifications.context_processors import notifications as of_shop

    found: dict[str, Any] = of_shop(request)
    return found
