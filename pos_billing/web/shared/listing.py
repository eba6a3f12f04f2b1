"""A list of rows on a page: filtered, sorted and cut to one page, with all queries made at once.

A page often reads another schema than the one it is rendered in (a Partner's page shows statements of the platform).
So everything is fetched when the listing is made, inside ``in_seller``; rendering it makes no query.
"""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import QuerySet
from django.http import HttpRequest

from pos_billing.web.templatetags.billing import day_tag
from pos_billing.wording import money

PER_PAGE = 25


class Listing:
    """``table`` (one page of it), ``filter`` (its form) and ``filtered`` (whether anything was asked for).

    ``by_key`` is for rows with costly annotations: they are worked out for the page alone.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        table: type[django_tables2.Table],
        filters: type[django_filters.FilterSet] | None = None,
        *,
        per_page: int = PER_PAGE,
        by_key: bool = False,
        filter_options: Mapping[str, Any] | None = None,
        **table_options: Any,
    ) -> None:
        self.filter = filters(request.GET, queryset=rows, **(filter_options or {})) if filters is not None else None
        chosen = self.filter.qs if self.filter is not None else rows
        self.filtered = self.filter is not None and any(request.GET.get(name) for name in self.filter.form.fields)
        self.table = table(chosen, order_by=request.GET.getlist("sort"), request=request, **table_options)
        try:
            self.table.paginate(page=request.GET.get("page", 1), per_page=per_page)
        except PageNotAnInteger:
            self.table.paginate(page=1, per_page=per_page)
        except EmptyPage:
            self.table.paginate(page=self.table.paginator.num_pages, per_page=per_page)
        self.records = self._fetched(rows) if by_key else list(self.table.page.object_list.data)
        self.count = self.table.paginator.count

    def _fetched(self, rows: QuerySet[Any]) -> list[Any]:
        """The page in two steps: the keys of its rows, then those rows alone with all their annotations.

        In one step PostgreSQL would work out the annotations of every row that is skipped.
        """
        shown = self.table.page.object_list
        keys = list(shown.data.values_list("pk", flat=True))
        found = {row.pk: row for row in rows.filter(pk__in=keys)}
        shown.data = [found[key] for key in keys]
        return shown.data

    def __bool__(self) -> bool:
        return self.count > 0


class MoneyColumn(django_tables2.Column):
    """Cents, written as money and aligned with each other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": {"td": {"class": "money"}}, **kwargs})

    def render(self, value: int, record: Any) -> str:
        return money(value, getattr(record, "currency", "USD"))


class DayColumn(django_tables2.Column):
    """A day, readable for people and programs; a dash where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": {"td": {"class": "nowrap"}}, **kwargs})

    def render(self, value: Any) -> str:
        return day_tag(value)
