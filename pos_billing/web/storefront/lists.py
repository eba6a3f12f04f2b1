"""The client's list of Instances."""

from datetime import date
from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.utils.html import format_html

from pos_billing.instances.models import Environment, Instance
from pos_billing.plans.instances_seen import searched
from pos_billing.web.shared.charging import Charging
from pos_billing.web.templatetags.billing import day_tag


class ClientInstanceFilter(django_filters.FilterSet):
    """Search by name, address or Domain."""

    q = django_filters.CharFilter(label="Name or Domain", method="search")

    class Meta:
        model = Instance
        fields: list[str] = []

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def search(self, rows: QuerySet[Instance], name: str, value: str) -> QuerySet[Instance]:
        """Instances that hold the text."""
        return searched(rows, value, self.day)


class ClientInstanceTable(django_tables2.Table):
    """One row an Instance."""

    label = "Instances"
    name = django_tables2.Column(order_by=("name", "pk"), attrs={"td": {"class": "card-title"}})
    plan_name = django_tables2.Column(verbose_name="Plan", order_by=("plan_name", "pk"))
    environment = django_tables2.Column(order_by=("environment", "pk"))
    charged = django_tables2.Column(verbose_name="Charged", empty_values=(), orderable=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.charging: dict[int, Charging] = {}

    def render_name(self, record: Instance) -> str:
        return format_html('<span>{}<br><span class="soft small">{}</span></span>', record.name, record.url)

    def render_environment(self, value: str) -> str:
        return Environment(value).label

    def render_charged(self, record: Instance) -> str:
        found = self.charging.get(record.pk)
        if found is not None and found.charged:
            return format_html("since {}", day_tag(found.since))
        reason = found.reason if found is not None else ""
        return format_html('<span>Not charged<br><span class="soft small">{}</span></span>', reason)
