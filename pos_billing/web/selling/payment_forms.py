"""The forms of money: a payment, a credit note, a refund, a payment taken back."""

from datetime import date
from typing import Any

from django import forms

from pos_billing.collection.models import CreditNoteKind, Payment, PaymentKind, ReversalKind
from pos_billing.collection.money.by_hand import AskOnce
from pos_billing.collection.money.credit_notes import creditable_lines
from pos_billing.facts.errors import Refused
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.web.shared.forms import ChangeForm, DayField, MoneyField
from pos_billing.wording import day as written_day
from pos_billing.wording import money, month

BY_HAND = [choice for choice in PaymentKind.choices if choice[0] != PaymentKind.CARD]
LINES_SHOWN = 60


class PaymentForm(ChangeForm):
    """Money that came by hand. What a person should look at twice is asked once, above the button."""

    cents = MoneyField(label="Amount", help_text="More than this pays other open statements.")
    received_on = DayField(label="Received on")
    kind = forms.ChoiceField(label="How", choices=BY_HAND)
    reference = forms.CharField(label="Reference", max_length=200, required=False, help_text="As the bank shows it.")
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def refuse(self, refused: Refused) -> None:
        """A question becomes a note; sending the form again answers it."""
        super().refuse(refused)
        if isinstance(refused, AskOnce):
            self.errors.pop("confirmed", None)
            self.add_error(None, f"{refused.text} Send it again to record it all the same.")
            self.data = self.data.copy()
            self.data["confirmed"] = refused.answer


class CreditForm(ChangeForm):
    """What a credit note is, and how much it takes back of which lines."""

    kind = forms.ChoiceField(
        label="What it is", widget=forms.RadioSelect, initial=CreditNoteKind.AHEAD,
        choices=[
            (CreditNoteKind.AHEAD, "Ahead of a correction: it is taken off the correction when the fact is put right"),
            (CreditNoteKind.GOODWILL, "Goodwill: it stays, whatever is corrected later"),
        ],
    )  # fmt: skip
    cents = MoneyField(
        label="Amount", required=False, help_text="Spread over all lines. Leave it empty to say it line by line."
    )
    day = DayField(label="Day")
    lines: dict[int, int]

    def of_statement(self, statement: Statement) -> None:
        """Ask for the amount of each line as well, where there are few enough of them."""
        self.lines = creditable_lines(statement)
        if len(self.lines) > LINES_SHOWN:
            self.fields["cents"].required = True
            self.fields["cents"].help_text = "Spread over all lines."
            self.lines = {}
        last = {name: self.fields.pop(name) for name in ("day", "why")}
        for line in StatementLine.objects.filter(pk__in=self.lines).order_by("pk"):
            self.fields[f"line_{line.pk}"] = MoneyField(
                label=f"{line.subject_name}, {month(line.month)}, {line.fee_name}", required=False,
                help_text=f"Up to {money(self.lines[line.pk])}.",
            )  # fmt: skip
        self.fields |= last

    def clean(self) -> dict[str, Any]:
        """Either an amount, or lines with theirs."""
        said = super().clean() or {}
        parts = {pk: said.get(f"line_{pk}") for pk in self.lines}
        lines = {pk: cents for pk, cents in parts.items() if cents}
        if lines and said.get("cents"):
            self.add_error("cents", "Say either one amount, or amounts of lines.")
        elif not lines and not said.get("cents") and "cents" not in self.errors:
            self.add_error("cents", "Say how much is credited, here or line by line.")
        said["lines"] = lines or None
        return said


class RefundForm(ChangeForm):
    """How much of which payment is given back."""

    payment = forms.ModelChoiceField(label="Payment", queryset=Payment.objects.none(), empty_label=None)
    cents = MoneyField(label="Amount", help_text="A credit note over it is issued, and its number printed on it.")
    note_kind = forms.ChoiceField(label="The credit note is", choices=CreditNoteKind.choices, required=False)
    day = DayField(label="Day")

    def clean_note_kind(self) -> str:
        """Ahead of a correction, if nothing is said."""
        return self.cleaned_data["note_kind"] or CreditNoteKind.AHEAD


class ReversalForm(ChangeForm):
    """A payment that was none."""

    payment = forms.ModelChoiceField(label="Payment", queryset=Payment.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label="What happened", choices=[c for c in ReversalKind.choices if c[0] != ReversalKind.DISPUTE_LOST]
    )
    day = DayField(label="Day")


class GiveBackForm(ChangeForm):
    """How much of the Account's credit is given back, of which payment."""

    payment = forms.ModelChoiceField(label="Payment", queryset=Payment.objects.none(), empty_label=None)
    cents = MoneyField(label="Amount", help_text="Not more than the credit, nor than is left of the payment.")
    day = DayField(label="Day")


def not_ahead(form: ChangeForm, today: date) -> bool:
    """Whether the days of a form have come; says so beside the field where one has not."""
    for name in ("day", "received_on"):
        if form.cleaned_data.get(name) and form.cleaned_data[name] > today:
            form.add_error(name, f"This day has not come: today is {written_day(today)}.")
    return not form.errors
