"""A Seller's own settings."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.hosts import normalised
from pos_billing.plans.models import SellerSettings


def seller_settings_change(*, by: str, why: str, **values: Any) -> SellerSettings:
    """Change settings of the Seller whose schema is current; ``values`` are fields of ``SellerSettings``.

    Raises ``Refused`` for an unknown field or a value that cannot be: every field is checked, and the first wrong
    one is named.
    """
    with recorded("seller_settings_change", by=by, why=why):
        settings = SellerSettings.objects.select_for_update().get()
        for field, value in values.items():
            if field not in {f.name for f in SellerSettings._meta.concrete_fields} - {"id"}:
                raise Refused(field, f"There is no setting {field}.")
            setattr(settings, field, value)
        settings.platform_suffixes = [
            normalised(suffix.lstrip("."), "platform_suffixes") for suffix in settings.platform_suffixes
        ]
        _check(settings)
        settings.save()
        return settings


def _check(settings: SellerSettings) -> None:
    settings.clean_fields(exclude=["logo"])
    if settings.time_zone not in available_timezones():
        raise Refused("time_zone", f"{settings.time_zone!r} is no time zone. Write it as Europe/Warsaw, or UTC.")
    ZoneInfo(settings.time_zone)
    if settings.currency != "USD":
        raise Refused("currency", "Statements are in USD; other currencies are not offered.")
    number_in(settings.number_format, date(2019, 2, 1), 1)
    launch, first = settings.launch_on, settings.first_payment_on
    if launch and first and first < launch:
        raise Refused("first_payment_on", f"The first payment cannot fall before the launch on {launch}.")


def number_in(number_format: str, as_of: date, number: int) -> str:
    """A statement's number, as the Seller writes them. Raises ``Refused`` when the format cannot be filled in."""
    try:
        result = number_format.format(year=as_of.year, month=f"{as_of.month:02d}", number=number)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError) as error:
        raise Refused(
            "number_format", f"{number_format!r} cannot be filled in ({error}). Write it as {{year}}-{{number:06d}}."
        ) from error
    if "{number" not in number_format or len(result) > 60:
        raise Refused("number_format", "It must hold {number} and give at most 60 characters.")
    return result
