"""What the forms of the Billing section have in common: money, days, and why."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms

from pos_billing.facts.errors import Refused


class MoneyField(forms.DecimalField):
    """An amount people write as ``110`` or ``110.50``; cleaned to integer cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 10_000_000, "decimal_places": 2, **kwargs})
        self.widget.attrs.update({"inputmode": "decimal", "step": "0.01"})

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(2))

    def prepare_value(self, value: Any) -> Any:
        return str(Decimal(value).scaleb(-2)) if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day, chosen with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs})


class ChangeForm(forms.Form):
    """A change of facts: it always says why."""

    why = forms.CharField(
        label="Why", max_length=500, widget=forms.TextInput, help_text="Kept in the history beside your name."
    )

    field_order: list[str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = self.fields.pop("why")  # it is asked last

    def carry_out(self, command: Callable[..., Any], *arguments: Any, by: str, **values: Any) -> Any:
        """Carry out ``command`` with the form's reason; a refusal is said beside its field. Returns what it returns,
        or ``None`` when it was refused (then the form has errors)."""
        try:
            return command(*arguments, by=by, why=self.cleaned_data["why"], **values)
        except Refused as refused:
            self.refuse(refused)
            return None

    def refuse(self, refused: Refused) -> None:
        """Show why a command was refused, beside the field it names."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.text)


def who(request: Any) -> str:
    """How history names the person of a request."""
    return request.user.email or request.user.get_username()
