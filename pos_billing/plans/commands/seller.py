"""The Seller's own settings."""

import zoneinfo
from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import connection

from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.instances.hosts import normalised
from pos_billing.plans.commands.checks import sane_day
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.number_format import CREDIT_NOTE_PREFIX, NumberFormat
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
    numbers_begin_anew: bool
    platform_suffixes: Iterable[str]


NUMBERED = (
    ("pos_billing_statement", "pos_billing_statementcounter", ""),
    ("pos_billing_creditnote", "pos_billing_creditnotecounter", CREDIT_NOTE_PREFIX),
)
"""Tables of documents with numbers, the counter of each, and what its numbers begin with."""
DAYS = ("launch_on", "first_payment_on", "floor", "cut_off")


def seller_settings_change(*, by: str, why: str, **values: Unpack[SellerValues]) -> SellerSettings:
    """Change settings of this schema's Seller; those not named stay. Returns them.

    Raises ``Refused`` for a setting there is not, a time zone unknown to this machine, a currency other than USD, a
    first payment before the launch, a cut-off before the floor, a format of numbers that is not a valid one or could
    write a number that was issued already, and a suffix that is not a valid host name. Warns of Instances that the
    platform charges and, by an ending of the Partner's own, their clients do not pay.
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
        number_format = NumberFormat.read(row.number_format)
        if {"number_format", "numbers_begin_anew"} & set(values):
            _refuse_met(number_format, anew=row.numbers_begin_anew)
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


def _refuse_met(number_format: NumberFormat, *, anew: bool) -> None:
    """Refuse a format that could write a number again that a statement or a credit note has already.

    A number that was issued can come again only where its count, or its year, is still to come.
    """
    if anew and not number_format.has_year:
        raise Refused(
            "number_format",
            "Numbers that begin anew each year must name it: use {year} in the format.",
            code="numbers_anew_without_year",
        )
    for table, counter, prefix in NUMBERED:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT next_number, year FROM {counter} WHERE id = 1 FOR UPDATE")
            upcoming, current = cursor.fetchone()
            cursor.execute(
                f"SELECT number FROM {table} WHERE starts_with(number, %(prefix)s) "
                "AND substr(number, length(%(prefix)s) + 1) ~ %(pattern)s",
                {"prefix": prefix, "pattern": number_format.pattern},
            )
            issued = [number for (number,) in cursor.fetchall()]
        for written in issued:
            count, year = number_format.read_back(written.removeprefix(prefix)) or (0, None)
            to_come = count >= upcoming
            if year is not None and current is not None:
                to_come = year > current or (year == current and to_come) if anew else year >= current and to_come
            if to_come:
                raise Refused(
                    "number_format",
                    f"{written} was issued already, and the format would write it once more, for the document with "
                    f"the count {count}: change the text or the number of digits.",
                    code="number_format_meets_issued",
                )


def _suffixes(given: Iterable[str]) -> list[str]:
    """Endings of host names, normalised, each once."""
    found = []
    for suffix in given:
        try:
            found.append(normalised(suffix.strip().lstrip(".")))
        except Refused as refused:
            raise Refused("platform_suffixes", refused.text, code=refused.code) from refused
    return list(dict.fromkeys(found))
