"""The form that gives a plan: to which subjects, which plans and clients there are to choose from."""

from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from pos_billing.instances.models import Environment, Instance
from pos_billing.plans.instances_seen import own_dedicated, own_instances, with_state
from pos_billing.plans.models import Account, Plan
from pos_billing.plans.undecided import days_between_payers
from pos_billing.rating.facts import DEDICATED, Subject
from pos_billing.web.frame import Audience, audience_of
from pos_billing.web.selling.instance_lists import InstanceFilter
from pos_billing.web.shared.forms import ChangeForm, DayField

NAMED = 12
MOST_AT_ONCE = 20_000


class Chosen(NamedTuple):
    """What a plan is to be given to; ``fields`` are the hidden inputs that name it again."""

    rows: list[Any]
    subjects: tuple[Subject, ...]
    fields: tuple[tuple[str, str], ...]
    noun: str
    environments: frozenset[str]

    @property
    def mixed(self) -> bool:
        """Whether they are in several environments: then few plans, or none, serve them all."""
        return len(self.environments) > 1

    def in_environment(self, environment: str) -> str:
        """The query string that chooses those of one environment alone."""
        if any(name == "instance" for name, _ in self.fields):
            ids = [("instance", str(row.pk)) for row in self.rows if row.environment == environment]
            return urlencode(ids)
        return urlencode([*((n, v) for n, v in self.fields if n != "environment"), ("environment", environment)])

    @property
    def named(self) -> list[str]:
        """The first of their names."""
        return [row.name for row in self.rows[:NAMED]]

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(0, len(self.rows) - NAMED)


def chosen_subjects(request: HttpRequest, data: Any, now: date) -> Chosen:
    """Those ticked (``instance``), all that a filter finds (``all`` with the filter), or one dedicated environment.

    Only this Partner's own; anything else is left out.
    """
    if data.get("dedicated", "").isdigit():
        rows = list(own_dedicated(request.tenant).filter(pk=data["dedicated"]))
        subjects = tuple(Subject("dedicated", row.pk) for row in rows)
        fields = (("dedicated", data["dedicated"]),)
        return Chosen(rows, subjects, fields, "dedicated environment", frozenset({DEDICATED}))
    instances = with_state(own_instances(request.tenant, now), now).filter(deleted_on=None)
    if data.get("all"):
        names = [*InstanceFilter.base_filters, "all"]
        fields = tuple((name, data[name]) for name in names if data.get(name))
        rows = list(InstanceFilter(data, queryset=instances, day=now, audience=audience_of(request)).qs[:MOST_AT_ONCE])
    else:
        ids = [value for value in data.getlist("instance") if value.isdigit() and len(value) < 19]
        fields = tuple(("instance", value) for value in ids)
        # Days that changed hands are decided by who sold them, although the Instance may be another Partner's by now.
        left = {one.instance for one in days_between_payers(now, [int(value) for value in ids])}
        former = with_state(Instance.objects.filter(pk__in=left), now)
        rows = list({row.pk: row for row in [*instances.filter(pk__in=ids), *former]}.values())
    subjects = tuple(Subject("instance", row.pk) for row in rows)
    return Chosen(rows, subjects, fields, "Instance", frozenset(row.environment for row in rows))


class Served(NamedTuple):
    """An environment among those chosen: how many are in it, which plans serve it, how to choose these alone."""

    environment: str
    number: int
    plans: tuple[str, ...]
    query: str


def served(chosen: Chosen, now: date) -> list[Served]:
    """For a mixed choice: each environment with the plans that serve it."""
    if not chosen.mixed:
        return []
    plans = list(open_plans(now).order_by("name").values_list("name", "environments"))
    return [
        Served(
            str(Environment(environment).label), sum(row.environment == environment for row in chosen.rows),
            tuple(name for name, serves in plans if environment in serves), chosen.in_environment(environment),
        )
        for environment in Environment.values if environment in chosen.environments
    ]  # fmt: skip


def open_plans(now: date) -> QuerySet[Plan]:
    """Billed plans that are not archived on ``now``."""
    return Plan.objects.filter(Q(archived_on=None) | Q(archived_on__gt=now), placeholder=False)


class AssignForm(ChangeForm):
    """Which plan, who pays, from which day."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label="Plan",
        empty_label="Choose a plan",
        help_text="Plans that serve what you chose. Its parent plan is assigned for you at the platform.",
    )
    account = forms.ModelChoiceField(
        Account.objects.none(), label="Client", empty_label="Choose a client", help_text="Who pays."
    )
    day = DayField(label="From", help_text="The first day under this plan. A day in the past is fine.")
    until = DayField(
        label="Until",
        required=False,
        help_text="The first day it does not hold any more; empty: until the next change.",
    )
    replace_later = forms.BooleanField(
        label="Replace what was assigned for later days",
        required=False,
        help_text="Otherwise this one holds until the next of them.",
    )

    def __init__(self, *args: Any, chosen: Chosen, now: date, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        serving = open_plans(now).filter(environments__contains=sorted(chosen.environments))
        self.fields["plan"].queryset = serving.order_by("name")
        self.fields["account"].queryset = Account.objects.filter(Q(closed_on=None) | Q(closed_on__gt=now)).order_by(
            "name"
        )
        self.fields["day"].initial = now
        if not audience.resells:
            self.fields["plan"].help_text = "Plans that serve what you chose."
        self.fields["account"].label = audience.buyer_label
        self.fields["account"].empty_label = f"Choose a {audience.buyer}"
        if len(chosen.rows) == 1 and chosen.noun == "Instance":
            self.fields["account"].initial = chosen.rows[0].account_id

    def clean_until(self) -> date | None:
        """The end comes after the beginning."""
        until, day = self.cleaned_data["until"], self.cleaned_data.get("day")
        if until is not None and day is not None and until <= day:
            raise forms.ValidationError("Choose a day after the first one, or leave it empty.")
        return until
