"""The list of Instances: columns and filters."""

from datetime import date
from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html

from pos_billing.instances.models import Environment, Instance, Status
from pos_billing.plans.instances_seen import (
    in_environment,
    in_status,
    of_client,
    searched,
    waiting_for_a_plan,
    with_plan,
)
from pos_billing.plans.models import Plan
from pos_billing.plans.queries import seller_suffixes
from pos_billing.web.frame import Audience
from pos_billing.web.shared.charging import Charging
from pos_billing.web.templatetags.billing import day_tag

EXISTING, DELETED, NEEDS_PLAN = "existing", "deleted", "needs-plan"


class InstanceFilter(django_filters.FilterSet):
    """Search and filters, by what holds on ``day``."""

    q = django_filters.CharFilter(label="Name, client, address or Domain", method="search")
    environment = django_filters.ChoiceFilter(
        label="Environment", choices=Environment.choices, empty_label="Any", method="of_that_day"
    )
    plan = django_filters.ChoiceFilter(label="Plan", empty_label="Any", method="of_that_day")
    status = django_filters.ChoiceFilter(
        label="Status", choices=[choice for choice in Status.choices if choice[0] != Status.DELETED],
        empty_label="Any", method="of_that_day",
    )  # fmt: skip
    show = django_filters.ChoiceFilter(
        label="Show", method="chosen", empty_label="All",
        choices=[(EXISTING, "Not deleted"), (NEEDS_PLAN, "Waiting for a plan"), (DELETED, "Deleted")],
    )  # fmt: skip
    client = django_filters.NumberFilter(widget=forms.HiddenInput, method="of_that_day")

    class Meta:
        model = Instance
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        if not audience.resells:
            self.filters["q"].label = f"Name, uuid, {audience.buyer}, address or Domain"
        self.filters["plan"].extra["choices"] = list(Plan.objects.values_list("pk", "name"))

    def search(self, rows: QuerySet[Instance], name: str, value: str) -> QuerySet[Instance]:
        """Instances that hold the text."""
        return searched(rows, value, self.day)

    def of_that_day(self, rows: QuerySet[Instance], name: str, value: Any) -> QuerySet[Instance]:
        """Those of an environment, a status, a plan, or a client."""
        choose = {"environment": in_environment, "status": in_status, "plan": with_plan, "client": of_client}
        return choose[name](rows, value, self.day)

    def chosen(self, rows: QuerySet[Instance], name: str, value: str) -> QuerySet[Instance]:
        """Those that exist, that wait for a plan, or that are deleted."""
        if value == DELETED:
            return rows.exclude(deleted_on=None)
        if value == NEEDS_PLAN:
            return waiting_for_a_plan(rows, seller_suffixes(), self.day)
        return rows.filter(deleted_on=None)


class InstanceTable(django_tables2.Table):
    """One row an Instance; ``charging`` is read for the rows of the page alone."""

    label = "Instances"
    select = django_tables2.Column(
        verbose_name="Choose", empty_values=(), orderable=False, attrs={"td": {"class": "select"}}
    )
    name = django_tables2.Column(order_by=("name", "pk"), attrs={"td": {"class": "card-title"}})
    client = django_tables2.Column(order_by=("client", "pk"), empty_values=())
    plan_name = django_tables2.Column(verbose_name="Plan", order_by=("plan_name", "pk"), empty_values=())
    environment = django_tables2.Column(order_by=("environment", "pk"))
    charged = django_tables2.Column(verbose_name="Charged", empty_values=(), orderable=False)

    def __init__(self, *args: Any, selectable: bool, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if selectable else ("select",), **kwargs)
        self.columns["client"].column.verbose_name = audience.buyer_label
        self.charging: dict[int, Charging] = {}

    def render_select(self, record: Instance) -> str:
        return format_html(
            '<input type="checkbox" name="instance" value="{}" aria-label="Choose {}">', record.pk, record.name
        )

    def render_name(self, record: Instance) -> str:
        address = reverse("billing:instance", args=[record.pk])
        return format_html(
            '<span><a href="{}">{}</a><br><span class="soft small">{}</span></span>', address, record.name, record.url
        )

    def render_client(self, value: str | None) -> str:
        return value or format_html('<span class="soft">{}</span>', "none yet")

    def render_plan_name(self, value: str | None, record: Any) -> str:
        if value is None or record.placeholder:
            return format_html('<span class="pill warn">{}</span>', value or "none")
        return value

    def render_environment(self, value: str, record: Any) -> str:
        said = Environment(value).label if value else ""
        if record.status not in ("active", "deleted", None):
            return format_html('{}<br><span class="pill">{}</span>', said, record.status)
        return said

    def render_charged(self, record: Instance) -> str:
        found = self.charging.get(record.pk)
        if found is None:
            return "–"
        if found.charged:
            return format_html(
                '<span>since {}<br><span class="soft small">{}</span></span>', day_tag(found.since), found.because
            )
        return format_html(
            '<span><span class="pill">Not charged</span><br><span class="soft small">{}</span></span>', found.reason
        )
