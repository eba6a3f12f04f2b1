"""Prices over the included quantity, as rows of fields: up to how many units, what they cost, for how many of them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.template.loader import render_to_string

COLUMNS = ("up_to", "cents", "per")
MOST = 30
SPARE = 2
HIGHEST = 10**15
Row = tuple[str, str, str]


class TiersWidget(forms.Widget):
    """A table of text fields: the rows that are filled, and some empty ones below them."""

    is_rows = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        """The rows as they were typed; empty ones are left out."""
        rows = [
            tuple(str(data.get(f"{name}-{number}-{column}") or "").strip() for column in COLUMNS)
            for number in range(MOST)
        ]
        return [(up_to, cents, per) for up_to, cents, per in rows if up_to or cents or per]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether none of the fields was sent."""
        return not any(key.startswith(f"{name}-") for key in data)

    def format_value(self, value: Any) -> list[Row]:
        """Rows of text, of what was typed or of tiers as they are stored."""
        return [row if isinstance(row, tuple) else _typed(row) for row in value or ()]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        rows = [*self.format_value(value), *[("", "", "")] * SPARE][:MOST]
        return render_to_string(
            "pos_billing/parts/tiers.html", {"name": name, "rows": list(enumerate(rows)), "attrs": attrs or {}}
        )

    def id_for_label(self, id_: str) -> str:
        return ""


class TiersField(forms.Field):
    """Tiers as ``plans.pricing`` takes them; the row whose "up to" is empty is the last, for all that lies beyond."""

    widget = TiersWidget

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            label="Prices over the included quantity", required=required,
            help_text="By use only. Up to how many units over the included ones each price holds; leave it empty in "
            "the last row.",
        )  # fmt: skip

    def clean(self, value: Any) -> list[dict[str, int | None]]:
        """Raises ``ValidationError`` that names the row."""
        if not value:
            if self.required:
                raise forms.ValidationError("Give at least one price.")
            return []
        tiers: list[dict[str, int | None]] = []
        for number, (up_to, amount, per) in enumerate(value, 1):
            limit = _whole(up_to, f"Row {number}: write up to how many units as a whole number.") if up_to else None
            every = _whole(per or "1", f"Row {number}: write for how many units as a whole number, 1 or more.")
            tiers.append({"up_to": limit, "cents": _cents(amount, number), "per": every})
            if number < len(value) and not up_to:
                raise forms.ValidationError(f"Row {number}: say up to how many units; only the last row has no limit.")
        if tiers[-1]["up_to"] is not None:
            raise forms.ValidationError("Leave the limit of the last row empty: more use would have no price.")
        return tiers

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.widget.format_value(initial) != self.widget.format_value(data)

    @staticmethod
    def replaced(data: Mapping[str, Any], name: str, tiers: list[dict[str, Any]]) -> dict[str, Any]:
        """``data`` of a form with the rows of ``name`` replaced by these tiers."""
        kept = {key: value for key, value in data.items() if not key.startswith(f"{name}-")}
        for number, tier in enumerate(tiers):
            kept |= {f"{name}-{number}-{column}": text for column, text in zip(COLUMNS, _typed(tier), strict=True)}
        return kept


def _typed(tier: Mapping[str, Any]) -> Row:
    up_to = tier.get("up_to")
    return ("" if up_to is None else str(up_to), str(Decimal(tier["cents"]).scaleb(-2)), str(tier.get("per", 1)))


def _whole(text: str, message: str) -> int:
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdigit()) or not 1 <= int(digits) <= HIGHEST:
        raise forms.ValidationError(message)
    return int(digits)


def _cents(text: str, number: int) -> int:
    message = f"Row {number}: write the price as 2 or 2.50."
    try:
        cents = Decimal(text.replace(",", "").removeprefix("$")).scaleb(2)
    except InvalidOperation as error:
        raise forms.ValidationError(message) from error
    if not cents.is_finite() or cents < 0 or cents != int(cents):
        raise forms.ValidationError(message)
    return int(cents)
