"""How money, days and quantities are written for people. The only place where cents become a text on a page.

Language follows the request (``LANGUAGE_CODE``); Babel knows how it writes numbers and dates.
"""

from datetime import date, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, to_locale

MINUS, PLUS = "\N{MINUS SIGN}", "+"


def locale() -> Locale:
    """The Babel locale of the active language; English where Babel does not know it."""
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def money(cents: int, currency: str = "USD") -> str:
    """``cents`` (integer) of ``currency`` as text: ``$1,234.50``; below zero with a true minus sign: ``−$5.00``."""
    written = format_currency(Decimal(abs(cents)).scaleb(-2), currency, locale=locale())
    return f"{MINUS}{written}" if cents < 0 else written


def signed_money(cents: int, currency: str = "USD") -> str:
    """Like ``money``, with a plus sign before amounts above zero: for corrections."""
    return f"{PLUS}{money(cents, currency)}" if cents > 0 else money(cents, currency)


def day(value: date | None) -> str:
    """A day as text: ``12 Dec 2018``; an empty text for ``None``. The order is the same in every language."""
    return "" if value is None else format_date(value, "d MMM y", locale=locale())


def long_day(value: date | None) -> str:
    """A day as text with the month written out: ``12 December 2018``."""
    return "" if value is None else format_date(value, "d MMMM y", locale=locale())


def month(value: date) -> str:
    """The month that holds the day ``value``: ``December 2018``."""
    return format_date(value, "LLLL y", locale=locale())


def short_month(value: date) -> str:
    """The month that holds the day ``value``, short: ``Dec 2018``."""
    return format_date(value, "LLL y", locale=locale())


def moment(value: datetime | None) -> str:
    """A moment as text, in UTC: ``12 Dec 2018, 14:03 UTC``."""
    return "" if value is None else format_datetime(value, "d MMM y, HH:mm 'UTC'", locale=locale())


def quantity(value: int) -> str:
    """A whole number with its thousands set apart: ``12,500``."""
    return format_decimal(value, locale=locale())


def day_count(days: int) -> str:
    """``1 day``, ``20 days``."""
    return f"{quantity(days)} day" if days == 1 else f"{quantity(days)} days"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``1 Instance``, ``3 Instances``."""
    return f"{quantity(number)} {one if number == 1 else many or one + 's'}"
