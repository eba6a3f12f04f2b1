"""Oscar's context processors, where they need a shop's tables."""

from pos_billing.sellers.schemas import is_platform


def notifications(request):
    """Count a user's unread notifications; the platform's host has no shop, hence none."""
    if is_platform():
        return {}
    from oscar.apps.communication.notifications.context_processors import notifications as of_shop

    return of_shop(request)
