"""The day it is for a Seller. Time enters here and is passed on; nothing that reckons asks for it."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from pos_billing.plans.models import SellerSettings


def today(seller: SellerSettings) -> date:
    """The day in the Seller's time zone."""
    return timezone.now().astimezone(ZoneInfo(seller.time_zone)).date()


def seller_day() -> date:
    """The day that it is where the current Seller keeps its books."""
    return today(SellerSettings.objects.get())
