"""The Seller's own settings."""

import zoneinfo
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any, TypedDict, Unpack

from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.instances.hosts import normalised
from pos_billing.plans.commands.checks import sane_day
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.numbering import number_in
from pos_billing.plans.own_endings import own_endings_warned


class SellerValues(TypedDict, total=False):
    """The settings of a Seller. ``None`` takes a day away."""

    name: str
    address: str
    email: str
    tax_note: str
    logo: Any
    brand_color: str
    time_zone: str
    currency: str
    launch_on: date | None
    first_payment_on: date | None
    floor: date | None
    cut_off: date | None
    payment_terms_days: int
    payment_note: str
    card_minimum_cents: int
    number_format: str
    platform_suffixes: Iterable[str]


DAYS = ("launch_on", "first_payment_on", "floor", "cut_off")


def seller_settings_change(*, by: str, why: str, **values: Unpack[SellerValues]) -> SellerSettings:
    """Change settings of this schema's Seller; those not named stay. Returns them.

    Raises ``Refused`` for a setting there is not, a time zone unknown to this machine, a currency other than USD, a
    first payment before the launch, a cut-off before the floor, a format of statement numbers that does not render or
    gives two statements one number, and a suffix that is not a valid host name. Warns of Instances that the platform
    charges and, by an ending of the Partner's own, their clients do not pay.
    """
    unknown = set(values) - set(SellerValues.__annotations__)
    if unknown:
        raise Refused(min(unknown), f"There is no such setting: {', '.join(sorted(unknown))}.", code="setting_unknown")
    with recorded("seller_settings_change", by=by, why=why), own_endings_warned("platform_suffixes"):
        row, _ = SellerSettings.objects.select_for_update().get_or_create(id=1, defaults={"name": "Seller"})
        for name, value in values.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        if "platform_suffixes" in values:
            row.platform_suffixes = _suffixes(values["platform_suffixes"])
        _refuse_nonsense(row)
        refuse_invalid(row)
        if values:
            row.save(update_fields=list(values))
    return row


def _refuse_nonsense(row: SellerSettings) -> None:
    if row.currency != "USD":
        raise Refused("currency", f"The currency is USD; {row.currency!r} cannot be billed.", code="currency_not_usd")
    if row.time_zone not in zoneinfo.available_timezones():
        raise Refused(
            "time_zone",
            f"{row.time_zone!r} is not a valid time zone: write UTC or a name like America/New_York.",
            code="time_zone_unknown",
        )
    for name in DAYS:
        if getattr(row, name) is not None:
            sane_day(name, getattr(row, name))
    if row.launch_on and row.first_payment_on and row.first_payment_on < row.launch_on:
        raise Refused(
            "first_payment_on",
            f"The first payment cannot fall before the launch on {row.launch_on}.",
            code="first_payment_before_launch",
        )
    if row.floor and row.cut_off and row.cut_off < row.floor:
        raise Refused(
            "cut_off",
            f"Nothing is charged before {row.floor}: a cut-off before that day does nothing.",
            code="cut_off_before_floor",
        )
    _refuse_number_format(row.number_format)


def _refuse_number_format(number_format: str) -> None:
    """Refuse a format that fails, is too long, or makes one number of two statements."""
    seen: dict[str, int] = {}
    for year, month, number in product((2019, 2020), (1, 11), (1, 2, 11, 12, 112, 999_999, 1_000_000)):
        text = number_in(number_format, date(year, month, 1), number)
        if seen.setdefault(text, number) != number:
            raise Refused(
                "number_format",
                f"Statements {seen[text]} and {number} would both be {text!r}.",
                code="number_format_repeats",
            )
    if "{number" not in number_format:
        raise Refused(
            "number_format",
            "Two statements would have one number: use {number} or {number:06d}.",
            code="number_format_without_number",
        )
    if max(map(len, seen)) > 60:
        raise Refused("number_format", "Numbers would be longer than 60 characters.", code="number_format_too_long")


def _suffixes(given: Iterable[str]) -> list[str]:
    """Endings of host names, normalised, each once."""
    found = []
    for suffix in given:
        try:
            found.append(normalised(suffix.strip().lstrip(".")))
        except Refused as refused:
            raise Refused("platform_suffixes", refused.text, code=refused.code) from refused
    return list(dict.fromkeys(found))
