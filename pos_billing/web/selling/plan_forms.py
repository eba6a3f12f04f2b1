"""The forms of plans, fees and prices."""

from datetime import date
from typing import Any

from django import forms

from pos_billing.plans.models import ParentPlan, Plan, PlanBegins, PlanEnvironment, PlanTiming, Price, UsageFee
from pos_billing.rating.metrics import METRICS
from pos_billing.web.frame import Audience
from pos_billing.web.selling.tiers import TiersField
from pos_billing.web.shared.forms import ChangeForm, DayField, MoneyField
from pos_billing.wording import day as day_text
from pos_billing.wording import money


class ParentField(forms.ModelChoiceField):
    """A parent plan, with what it costs a month today beside its name; ``data-cents`` is for the page's script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ParentPlan.objects.none(), widget=_ParentSelect(attrs={"data-costs": ""}), **kwargs)
        self.cents: dict[int, int] = {}

    def priced(self, cents: dict[int, int]) -> None:
        """What the parent plans cost, in cents a month by id."""
        self.cents = cents
        self.widget.cents = cents

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({money(self.cents.get(obj.pk, 0))} a month)"


class _ParentSelect(forms.Select):
    cents: dict[int, int] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-cents"] = self.cents.get(int(str(value)), 0)
        return option


class PlanForm(ChangeForm):
    """What a plan is called, what it serves, and the plan the Partner itself pays for under it.

    ``parents`` are those to choose from, ``parent_cents`` what they cost a month; ``None`` on the platform, whose
    plans have none.
    """

    name = forms.CharField(label="Name", max_length=200, help_text="As it stands on statements.")
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    parent = ParentField(
        label="Parent plan",
        empty_label="Choose a plan of the platform",
        help_text="What the platform bills you for Instances under this plan. Only plans granted to you are listed.",
    )
    environments = forms.MultipleChoiceField(
        label="Serves",
        choices=PlanEnvironment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="A plan for dedicated environments serves nothing else.",
    )
    begins = forms.ChoiceField(label="Billing begins", choices=PlanBegins.choices)
    timing = forms.ChoiceField(label="Billed", choices=PlanTiming.choices)
    granted_to_all = forms.BooleanField(label="Every client may have it", required=False, initial=True)

    FIELDS = ("name", "description", "parent", "environments", "begins", "timing", "granted_to_all")

    def __init__(self, *args: Any, parents: Any, parent_cents: dict[int, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parents is None:
            del self.fields["parent"]
            self.fields["granted_to_all"].label = "Every Partner may have it"
        else:
            self.fields["parent"].queryset = parents
            self.fields["parent"].priced(parent_cents or {})

    def terms(self) -> dict[str, Any]:
        """What ``plan_create`` and ``plan_change`` take of it."""
        return {name: self.cleaned_data[name] for name in self.FIELDS if name in self.fields}


class NewPlanForm(PlanForm):
    """A plan with its first fee."""

    cents = MoneyField(label="Price a month", help_text="In USD, for example 150 or 149.50. Further fees come later.")
    from_day = DayField(label="Price holds from", help_text="A day in the past is fine.")


class PriceForm(ChangeForm):
    """What a flat fee costs from a day on."""

    cents = MoneyField(label="Price a month", help_text="In USD.")
    day = DayField(label="From", help_text="A day in the past is fine: months already billed are corrected.")
    until = DayField(label="Until", required=False, help_text="Empty: until the next price that is known.")


class UsagePriceForm(ChangeForm):
    """What a metered fee costs from a day on, filled with what holds on the day ``filled_for``.

    What is left as it was shown stays as it is: ``asked`` names what was touched alone. When another price holds on
    the day that is asked for, the form is filled anew with that one, and what was touched stays as it was typed.
    """

    included = forms.IntegerField(label="Included a month", min_value=0, help_text="Units that cost nothing.")
    tiers = TiersField()
    day = DayField(label="From", help_text="A day in the past is fine: months already billed are corrected.")
    until = DayField(label="Until", required=False, help_text="Empty: until the next price that is known.")
    filled_for = forms.DateField(widget=forms.HiddenInput, required=False)

    def touched(self, shown: Price) -> dict[str, Any]:
        """Of included quantity and tiers those that differ from what was shown."""
        asked = self.cleaned_data
        values = {"included": asked["included"], "tiers": asked["tiers"]}
        return {name: value for name, value in values.items() if value != getattr(shown, name)}


class FeeForm(ChangeForm):
    """A further fee of a plan: flat, or metered with prices over the included quantity."""

    name = forms.CharField(label="Name", max_length=100, help_text="As it stands on statements.")
    metric = forms.ChoiceField(
        label="Kind", required=False,
        choices=[("", "Flat, each month"), *((m.code, f"By use: {m.name} ({m.unit})") for m in METRICS.values())],
    )  # fmt: skip
    cents = MoneyField(label="Price a month", required=False, help_text="In USD; for a flat fee only.")
    included = forms.IntegerField(
        label="Included a month", min_value=0, required=False, help_text="Units that cost nothing; by use only."
    )
    tiers = TiersField(required=False)
    day = DayField(label="From", help_text="A day in the past is fine.")

    def clean(self) -> dict[str, Any]:
        """A flat fee has a price a month; one by use has prices over the included quantity."""
        asked = super().clean() or {}
        if asked.get("metric"):
            if not asked.get("tiers") and "tiers" not in self.errors:
                self.add_error("tiers", "Give at least one price.")
            if asked.get("cents"):
                self.add_error("cents", "A fee by use has no price a month: write what its units cost below.")
        elif asked.get("cents") is None and "cents" not in self.errors:
            self.add_error("cents", "Give the price a month.")
        elif asked.get("tiers") or asked.get("included"):
            self.add_error("metric", "Choose what is counted: a flat fee has no prices by use.")
        return asked

    def terms(self) -> dict[str, Any]:
        """What ``fee_add`` takes."""
        asked = self.cleaned_data
        if not asked["metric"]:
            return {"cents": asked["cents"]}
        return {"metric": asked["metric"], "included": asked["included"] or 0, "tiers": asked["tiers"]}


class GrantForm(ChangeForm):
    """A client that may have the plan."""

    account = forms.ModelChoiceField(None)

    def __init__(self, *args: Any, accounts: Any, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts
        self.fields["account"].label = audience.buyer_label
        self.fields["account"].empty_label = f"Choose a {audience.buyer}"


def price_on(fee: UsageFee, day: date) -> Price | None:
    """The price of a day, or the first one there is: what ``price_change`` takes for what it is not told."""
    return fee.prices.filter(days__contains=day).first() or fee.prices.order_by("days").first()


def price_form(fee: UsageFee, data: Any, day: date) -> ChangeForm:
    """The form that changes the price of ``fee``, filled with what holds on ``day``."""
    now = price_on(fee, day)
    if not fee.metric:
        return PriceForm(data, initial={"day": day, "cents": now and now.cents})
    shown = {"included": now and now.included, "tiers": now and now.tiers, "day": day, "filled_for": day}
    return UsagePriceForm(data, initial=shown)


def price_asked(fee: UsageFee, form: ChangeForm) -> dict[str, Any] | None:
    """What ``price_change`` takes for a valid ``price_form``.

    ``None`` when another price holds on the asked day than the one that was shown: the form is filled with it, and
    its error on the day says so.
    """
    asked = form.cleaned_data
    days = {"day": asked["day"], "until": asked["until"]}
    if not isinstance(form, UsagePriceForm):
        return {"cents": asked["cents"], **days}
    shown = price_on(fee, asked["filled_for"] or asked["day"])
    holds = price_on(fee, asked["day"])
    if shown is None or holds is None:
        return {"included": asked["included"], "tiers": asked["tiers"], **days}
    touched = form.touched(shown)
    if (shown.included, shown.tiers) != (holds.included, holds.tiers):
        data = {**form.data.dict(), "filled_for": asked["day"].isoformat()}
        if "included" not in touched:
            data["included"] = str(holds.included)
        if "tiers" not in touched:
            data = TiersField.replaced(data, "tiers", holds.tiers)
        form.data = data
        form.add_error(
            "day",
            f"On {day_text(asked['day'])} another price holds. What you did not change shows that one now: look again.",
        )
        return None
    return {**(touched or {"included": asked["included"]}), **days}


def plan_initial(plan: Plan) -> dict[str, Any]:
    """What ``PlanForm`` shows of a plan."""
    return {name: getattr(plan, name) for name in PlanForm.FIELDS}
