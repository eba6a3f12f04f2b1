"""Template tags of the billing pages: money, days, months, and where a link stands."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import CheckboxInput
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pos_billing import wording
from pos_billing.web.frame import accounts_of

register = template.Library()

register.filter("day", wording.day)
register.filter("long_day", wording.long_day)
register.filter("month", wording.month)
register.filter("short_month", wording.short_month)
register.filter("quantity", wording.quantity)
register.filter("day_count", wording.day_count)


@register.filter
def money(cents: int | None, currency: str = "USD") -> str:
    """Cents as money; a dash where there is no amount."""
    return "–" if cents is None else wording.money(cents, currency or "USD")


@register.filter
def signed_money(cents: int, currency: str = "USD") -> str:
    """Cents as money, with a plus sign above zero."""
    return wording.signed_money(cents, currency or "USD")


@register.filter
def counted(number: int, noun: str) -> str:
    """``3|counted:"Instance"`` → ``3 Instances``; the plural may be given: ``"entry,entries"``."""
    one, _, many = noun.partition(",")
    return wording.count(number, one, many or None)


@register.filter
def day_tag(value: date | None) -> SafeString | str:
    """A day inside ``<time>``, so that programs can read it too; a dash where there is none."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), wording.day(value))


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A moment inside ``<time>``; a dash where there is none."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), wording.moment(value))


@register.filter
def up_to(value: date | None) -> str:
    """The last day of half-open days that end with ``value``: people read ``1 to 31 January``, not ``1 February``."""
    return "" if value is None else wording.day(value - timedelta(days=1))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query string of this page with some parameters changed; an empty value leaves one out."""
    parameters: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.filter
def heading_attributes(column: Any) -> SafeString:
    """Attributes of a column's heading: how it is aligned and, where the list is sorted by it, in which order."""
    attributes = {"class": (column.attrs["td"].get("class") or "").replace("card-title", "").strip()}
    if column.is_ordered:
        attributes["aria-sort"] = "descending" if column.order_by_alias.is_descending else "ascending"
    return flatatt({name: value for name, value in attributes.items() if value})


@register.filter
def cell_attributes(column: Any) -> SafeString:
    """Attributes of a column's cells, among them the label that a card shows where there is no heading."""
    attributes = {name: value for name, value in column.attrs["td"].items() if value}
    return flatatt({**attributes, "data-label": str(column.header)})


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether a form field is one box to tick (its label stands behind it)."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag(takes_context=True)
def billing_accounts(context: dict[str, Any]) -> list[Any]:
    """The client Accounts whose pages the visitor of a storefront may see."""
    request = context.get("request")
    return accounts_of(request.user) if request is not None and hasattr(request, "user") else []
