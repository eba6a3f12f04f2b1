"""Billed, cost and profit: the margin report, and the part of it that concerns one subject."""

from collections.abc import Iterator
from datetime import date

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pos_billing.facts import clock
from pos_billing.facts.tables import cell, csv_lines, units
from pos_billing.plans.models import SellerSettings
from pos_billing.rating.facts import Subject
from pos_billing.rating.months import month_of, previous_month
from pos_billing.statements.margin import Margin, margins, totals
from pos_billing.statements.models import StatementLine
from pos_billing.web.shared.page import page

MONTHS_SHOWN = 12
ROWS_PER_PAGE = 50


def months_back(month: date, number: int) -> date:
    """The month ``number`` months before ``month``."""
    for _ in range(number):
        month = previous_month(month)
    return month


def recent_margins(schema: str, subject: Subject, now: date) -> list[Margin]:
    """What a subject was billed and cost in the last twelve months, newest first."""
    last = month_of(now)
    with transaction.atomic():
        return list(margins(schema, months_back(last, MONTHS_SHOWN), last, [subject]))


class MonthForm(forms.Form):
    """One month."""

    month = forms.DateField(
        label="Month",
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )


def chosen_month(request: HttpRequest, schema: str, now: date) -> date:
    """The month asked for; otherwise the newest that has statements; otherwise the last closed one."""
    form = MonthForm(request.GET)
    if form.is_valid():
        return month_of(form.cleaned_data["month"])
    newest = StatementLine.objects.aggregate(newest=Max("month"))["newest"]
    return newest or previous_month(month_of(now))


class MonthRows:
    """The subjects of a Partner's month, for a paginator: only those of its page are read."""

    def __init__(self, schema: str, month: date, number: int) -> None:
        self.schema, self.month, self.number = schema, month, number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, rows: slice) -> list[Margin]:
        return list(margins(self.schema, self.month, self.month, rows=rows))


@require_safe
def margin(request: HttpRequest) -> HttpResponse:
    """By month, and by Instance within one month."""
    schema = request.tenant.schema_name
    now = clock.seller_day()
    month = chosen_month(request, schema, now)
    here = next(iter(totals(schema, month, month)), None)
    rows = MonthRows(schema, month, 0 if here is None else here.subjects)
    with transaction.atomic():
        shown = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "pos_billing/portal/margin.html",
        month=month,
        here=here,
        page=shown,
        months_url=f"{reverse('billing:margin-months')}?month={month:%Y-%m}",
        form=MonthForm(initial={"month": month}),
        csv_url=f"{reverse('billing:margin-csv')}?month={month:%Y-%m}",
        crumbs=[("Billing", reverse("billing:home")), ("Margin", None)],
    )


@require_safe
def margin_months(request: HttpRequest) -> HttpResponse:
    """The twelve months up to the one shown: a piece of the report, fetched by it, because it adds up every line."""
    schema = request.tenant.schema_name
    seller = SellerSettings.objects.get()
    month = chosen_month(request, schema, clock.day_in(seller.time_zone))
    by_month = totals(schema, months_back(month, MONTHS_SHOWN - 1), month)
    return render(request, "pos_billing/portal/margin_months.html", {"by_month": by_month, "seller": seller})


@require_safe
def margin_csv(request: HttpRequest) -> HttpResponse:
    """A month by Instance as CSV; amounts in the currency's units."""
    schema = request.tenant.schema_name
    month = chosen_month(request, schema, clock.seller_day())
    with transaction.atomic():
        rows = list(margins(schema, month, month))
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="margin-{month:%Y-%m}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _lines(rows: list[Margin]) -> Iterator[str]:
    yield from csv_lines([("month", "kind", "name", "billed", "cost", "profit")])
    yield from csv_lines(
        (f"{row.month:%Y-%m}", row.subject.kind, cell(row.name), units(row.billed), units(row.cost), units(row.profit))
        for row in rows
    )
