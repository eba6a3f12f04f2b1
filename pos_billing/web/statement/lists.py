"""The list of statements: columns, filters, sorting."""

from datetime import date
from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html

from pos_billing.collection.money.queries import standing_of, with_state
from pos_billing.collection.money.state import State, state_of
from pos_billing.statements.models import Statement
from pos_billing.web.shared.listing import DayColumn, MoneyColumn
from pos_billing.web.statement.access import StatementAccess
from pos_billing.wording import quantity

LOOK = {State.PAID: "good", State.PAST_DUE: "bad", State.DISPUTED: "bad", State.DUE: "info"}


def pill(state: State) -> str:
    """How a statement's payment stands, as a mark."""
    return format_html('<span class="pill {}">{}</span>', LOOK.get(state, ""), state.label)


class StatementSearch(django_filters.FilterSet):
    """Search by number or client."""

    q = django_filters.CharFilter(label="Number or client", method="search")

    class Meta:
        model = Statement
        fields: list[str] = []

    def search(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """Statements whose number or client holds the text."""
        return rows.filter(Q(number__icontains=value) | Q(account__name__icontains=value))


class StatementFilter(StatementSearch):
    """Search, from a day, up to a day, by how the payment stands on ``today``."""

    since = django_filters.DateFilter(
        label="Issued from", field_name="as_of", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label="Issued until", field_name="as_of", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )

    state = django_filters.ChoiceFilter(
        label="Payment", method="standing", empty_label="Any", choices=[(s.value, s.label) for s in State]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def standing(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """Statements in one state."""
        return with_state(rows, self.today).filter(payment_state=value)


class StatementTable(django_tables2.Table):
    """One row a statement; the number leads to it."""

    label = "Statements"
    number = django_tables2.Column(order_by=("sequence",), attrs={"td": {"class": "card-title nowrap"}})
    account = django_tables2.Column(verbose_name="Client", accessor="account__name", order_by=("account__name", "-pk"))
    as_of = DayColumn(verbose_name="TableWriter", order_by=("as_of", "pk"))
    due_on = DayColumn(verbose_name="Due", order_by=("due_on", "pk"))
    line_count = django_tables2.Column(
        verbose_name="Lines", order_by=("line_count", "pk"), attrs={"td": {"class": "number"}}
    )
    total_cents = MoneyColumn(verbose_name="Total", order_by=("total_cents", "pk"))
    amount_due_cents = MoneyColumn(verbose_name="Amount due", order_by=("amount_due_cents", "pk"))
    state = django_tables2.Column(verbose_name="Payment", empty_values=(), orderable=False)
    files = django_tables2.Column(
        verbose_name="Files", empty_values=(), orderable=False, attrs={"td": {"class": "nowrap"}}
    )

    def __init__(self, *args: Any, access: StatementAccess, today: date, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if access.with_client else ("account",), **kwargs)
        self.access = access
        self.today = today

    def render_state(self, record: Statement) -> str:
        return pill(state_of(standing_of(record), self.today))

    def render_line_count(self, value: int) -> str:
        return quantity(value)

    def render_number(self, value: str, record: Statement) -> str:
        return format_html('<a href="{}">{}</a>', self.access.url("", statement=record.pk), value)

    def render_files(self, record: Statement) -> str:
        return format_html(
            '<a href="{}">PDF<span class="for-readers"> of statement {}</span></a>&ensp;'
            '<a href="{}">CSV<span class="for-readers"> of statement {}</span></a>',
            self.access.url("-pdf", statement=record.pk),
            record.number,
            self.access.url("-csv", statement=record.pk),
            record.number,
        )
