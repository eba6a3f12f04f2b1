"""The forms of plans, fees and prices."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from pos_billing.plans.models import ParentPlan, Plan, PlanBegins, PlanEnvironment, PlanTiming, UsageFee
from pos_billing.rating.metrics import METRICS
from pos_billing.sellers.schemas import is_platform
from pos_billing.web.shared.forms import ChangeForm, DayField, MoneyField


class TiersField(forms.CharField):
    """Tiers below the last one, a line each: ``50000: 2.00 per 100``. Cleaned to tiers as ``plans.pricing`` takes them.

    The number before the colon is the last unit over the included quantity that has this price.
    """

    LINE = re.compile(
        r"(?:up to )?([\d,]+) *: *\$?([\d,]+(?:\.\d{1,2})?)(?: +(?:per|for every) +([\d,]+))?", re.IGNORECASE
    )

    def __init__(self) -> None:
        super().__init__(
            label="Other prices before that one", required=False, widget=forms.Textarea(attrs={"rows": 3}),
            help_text="By use only. One a line, up to how many units over the included ones: 50000: 2.00 per 100. The "
            "price above holds for what lies beyond the last line.",
        )  # fmt: skip

    def clean(self, value: Any) -> list[dict[str, int | None]]:
        """Raises ``ValidationError`` that names the line."""
        tiers: list[dict[str, int | None]] = []
        for number, line in enumerate((super().clean(value) or "").splitlines(), 1):
            if not line.strip():
                continue
            found = self.LINE.fullmatch(line.strip())
            if found is None:
                raise forms.ValidationError(f"Line {number}: write it as 50000: 2.00 per 100.")
            up_to, amount, per = (part.replace(",", "") if part else None for part in found.groups())
            tiers.append({"up_to": int(up_to), "cents": int(Decimal(amount).scaleb(2)), "per": int(per or 1)})
        return tiers


class PlanForm(ChangeForm):
    """What a plan is called, what it serves, and the plan the Partner itself pays for under it.

    ``parents`` are those to choose from; ``None`` on the platform, whose plans have none.
    """

    name = forms.CharField(label="Name", max_length=200, help_text="As it stands on statements.")
    description = forms.CharField(label="Description", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    parent = forms.ModelChoiceField(
        ParentPlan.objects.none(),
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

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parents is None:
            del self.fields["parent"]
            self.fields["granted_to_all"].label = "Every Partner may have it"
        else:
            self.fields["parent"].queryset = parents

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
    """What a metered fee costs from a day on, over the included quantity."""

    included = forms.IntegerField(label="Included a month", min_value=0, help_text="Units that cost nothing.")
    cents = MoneyField(label="Price over it", help_text="In USD, for each number of units below.")
    per = forms.IntegerField(label="For every", min_value=1, initial=1, help_text="Units.")
    tiers = TiersField()
    day = DayField(label="From", help_text="A day in the past is fine: months already billed are corrected.")
    until = DayField(label="Until", required=False, help_text="Empty: until the next price that is known.")


class FeeForm(ChangeForm):
    """A further fee of a plan: flat, or metered with prices over the included quantity."""

    name = forms.CharField(label="Name", max_length=100, help_text="As it stands on statements.")
    metric = forms.ChoiceField(
        label="Kind", required=False,
        choices=[("", "Flat, each month"), *((m.code, f"By use: {m.name} ({m.unit})") for m in METRICS.values())],
    )  # fmt: skip
    cents = MoneyField(label="Price", help_text="In USD: a month for a flat fee; over the included quantity otherwise.")
    included = forms.IntegerField(label="Included a month", min_value=0, required=False, help_text="By use only.")
    per = forms.IntegerField(label="Price is for every", min_value=1, required=False, help_text="Units; by use only.")
    tiers = TiersField()
    day = DayField(label="From", help_text="A day in the past is fine.")

    def terms(self) -> dict[str, Any]:
        """What ``fee_add`` takes."""
        asked = self.cleaned_data
        if not asked["metric"]:
            return {"cents": asked["cents"]}
        last = {"up_to": None, "cents": asked["cents"], "per": asked["per"] or 1}
        return {"metric": asked["metric"], "included": asked["included"] or 0, "tiers": [*asked["tiers"], last]}


class GrantForm(ChangeForm):
    """A client that may have the plan."""

    account = forms.ModelChoiceField(None, label="Client", empty_label="Choose a client")

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts
        if is_platform():
            self.fields["account"].label, self.fields["account"].empty_label = "Partner", "Choose a Partner"


def price_form(fee: UsageFee) -> type[ChangeForm]:
    """The form that changes the price of ``fee``."""
    return UsagePriceForm if fee.metric else PriceForm


def price_asked(fee: UsageFee, asked: dict[str, Any]) -> dict[str, Any]:
    """What ``price_change`` takes for a valid ``price_form``."""
    days = {"day": asked["day"], "until": asked["until"]}
    if not fee.metric:
        return {"cents": asked["cents"], **days}
    last = {"cents": asked["cents"], "per": asked["per"]}
    return {"included": asked["included"], "tiers": [*asked["tiers"], last], **days}


def plan_initial(plan: Plan) -> dict[str, Any]:
    """What ``PlanForm`` shows of a plan."""
    return {name: getattr(plan, name) for name in PlanForm.FIELDS}
