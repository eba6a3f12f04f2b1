"""The day it is for the Seller whose pages these are: the edge at which time enters."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from pos_billing.plans.models import SellerSettings
from pos_billing.rating.months import month_of, next_month


def today(seller: SellerSettings) -> date:
    """The day in the Seller's time zone."""
    return timezone.now().astimezone(ZoneInfo(seller.time_zone)).date()


def next_statement_day(day: date) -> date:
    """The first day of the month after ``day``: when the next statements are issued."""
    return next_month(month_of(day))
