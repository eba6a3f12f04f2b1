"""Forms of everything that can be changed about an Instance: a field for each argument of the command."""

from typing import Any

from django import forms
from django.db.models import Q
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.instances.models import DedicatedEnvironment, Domain, Environment, Instance, Status
from pos_billing.plans.models import Plan
from pos_billing.rating.facts import PRODUCTION
from pos_billing.sellers.schemas import template_schema
from pos_billing.web.shared.forms import ChangeForm, DayField


def partners() -> Any:
    """All Partners, by name."""
    return get_tenant_model().objects.exclude(schema_name__in=[get_public_schema_name(), template_schema()]).order_by(
        "name", "pk"
    )  # fmt: skip


class InstanceForm(ChangeForm):
    """A change of one Instance."""

    def __init__(self, *args: Any, instance: Instance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance

    def values(self) -> dict[str, Any]:
        """What the command takes beside the Instance, who and why."""
        return {name: value for name, value in self.cleaned_data.items() if name != "why"}


class DatedForm(InstanceForm):
    """A change that takes effect on a day."""

    day = DayField(label="From", help_text="The first day it holds. A day in the past is fine.")


class RenameForm(InstanceForm):
    """What it is called."""

    name = forms.CharField(label="Name", max_length=200)


class TagsForm(InstanceForm):
    """Its tags."""

    tags = forms.CharField(label="Tags", required=False, help_text="At most five, with commas between them.")

    def clean_tags(self) -> list[str]:
        """The tags as a list."""
        return [tag.strip() for tag in self.cleaned_data["tags"].split(",") if tag.strip()]


class EnvironmentForm(DatedForm):
    """Its environment from a day on."""

    environment = forms.ChoiceField(label="Environment", choices=Environment.choices)


class TransferForm(DatedForm):
    """Another Partner has it from a day on."""

    partner = forms.ModelChoiceField(None, label="Partner", empty_label="Choose a Partner")
    plan_before = forms.ModelChoiceField(
        None,
        label="Plan for the days before",
        required=False,
        empty_label="None: decide later",
        help_text="What the former Partner pays for days with a custom Domain on which no plan was chosen yet. "
        "No later plan reaches them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners()
        self.fields["plan_before"].queryset = Plan.objects.filter(
            placeholder=False, environments__contains=[PRODUCTION]
        ).order_by("name", "pk")


class PlaceForm(DatedForm):
    """It stands on a dedicated environment from a day on."""

    dedicated_environment = forms.ModelChoiceField(
        None, label="Dedicated environment", empty_label="Choose one", help_text="Those of its own Partner."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dedicated_environment"].queryset = DedicatedEnvironment.objects.filter(
            Q(removed_on=None), partner__in=self.instance.ownerships.values("partner_id")
        ).order_by("name", "pk")


class DomainAddForm(InstanceForm):
    """A Domain it has."""

    host = forms.CharField(label="Host", max_length=300, help_text="For example www.example.com, in any spelling.")
    added_on = DayField(label="Added on", help_text="A production Instance is charged from its first custom one on.")


class OfDomainForm(InstanceForm):
    """A change of one of its Domains."""

    domain = forms.ModelChoiceField(None, label="Domain", empty_label="Choose a Domain")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].queryset = Domain.objects.filter(instance=self.instance).order_by("added_on", "host")


class DomainDayForm(OfDomainForm):
    """The day one of its Domains was really added."""

    added_on = DayField(label="Added on", help_text="Months that were billed are corrected by the next statement.")


class DomainRemoveForm(OfDomainForm):
    """One of its Domains is removed."""

    day = DayField(label="Removed on", help_text="It stays chargeable. On the day it was added: it was never there.")


class NewInstanceForm(ChangeForm):
    """A new Instance; it begins on Unbilled."""

    name = forms.CharField(label="Name", max_length=200)
    partner = forms.ModelChoiceField(None, label="Partner", empty_label="Choose a Partner")
    environment = forms.ChoiceField(label="Environment", choices=Environment.choices)
    status = forms.ChoiceField(
        label="Status", choices=[choice for choice in Status.choices if choice[0] != Status.DELETED]
    )
    created_on = DayField(label="Created on")
    uuid = forms.UUIDField(label="uuid", required=False, help_text="Empty: a new one is given.")
    data_center = forms.CharField(label="Data center", required=False, max_length=100)
    url = forms.CharField(label="Address", required=False, max_length=300)
    tags = forms.CharField(label="Tags", required=False, help_text="At most five, with commas between them.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners()

    clean_tags = TagsForm.clean_tags


class NewDedicatedForm(ChangeForm):
    """A new dedicated environment of a Partner."""

    name = forms.CharField(label="Name", max_length=200)
    partner = forms.ModelChoiceField(None, label="Partner", empty_label="Choose a Partner")
    created_on = DayField(label="Stands since")
    data_center = forms.CharField(label="Data center", required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners()


class RemoveForm(ChangeForm):
    """The server is given up."""

    day = DayField(label="From", help_text="Not billed from this day on; what stands on it bears its own fee again.")
