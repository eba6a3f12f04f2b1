"""The one clock of the house. Time enters here, at the edge of a page, a command or a job, and is passed on from there.

Nothing below an edge asks for it, and nothing else in the product reads a clock (``tests/architecture``). The setting
``POS_BILLING_CLOCK`` names the function that is asked, so that a test or a demonstration can live on another day.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils.module_loading import import_string

from pos_billing.conf import setting


def now() -> datetime:
    """The moment it is, aware."""
    moment: datetime = import_string(setting("CLOCK"))()
    return moment


def day_in(time_zone: str) -> date:
    """The day it is in the zone of that name, as ``Europe/Warsaw``."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def seller_day() -> date:
    """The day it is where the current Seller keeps its books (``SellerSettings.time_zone``)."""
    return day_in(apps.get_model("pos_billing", "SellerSettings").objects.values_list("time_zone", flat=True).get())
