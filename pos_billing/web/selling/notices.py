"""What the Seller's Accounts were told about their payments: to whom, why, and whether the e-mail went out."""

import django_filters
import django_tables2
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from pos_billing.notices.models import Notice, NoticeKind
from pos_billing.notices.words import words_of
from pos_billing.web.shared.listing import DayColumn, Listing
from pos_billing.web.shared.page import page
from pos_billing.wording import moment

NOT_SENT = Q(sent_at=None)


class NoticeFilter(django_filters.FilterSet):
    """Search by Account, address or statement; one kind; those that did not go out."""

    q = django_filters.CharFilter(label="Account, address or statement", method="search")
    kind = django_filters.ChoiceFilter(label="Why", empty_label="Every reason", choices=NoticeKind.choices)
    sent = django_filters.ChoiceFilter(
        label="E-mail", method="chosen", empty_label="Sent or not",
        choices=[("sent", "Sent"), ("waits", "Not sent yet"), ("none", "No address")],
    )  # fmt: skip

    class Meta:
        model = Notice
        fields: list[str] = []

    def search(self, rows: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Notices whose Account, address or statement holds the text."""
        return rows.filter(
            Q(account__name__icontains=value) | Q(email__icontains=value) | Q(statement__number__icontains=value)
        )

    def chosen(self, rows: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Notices by what became of their e-mail."""
        return rows.filter({"sent": ~NOT_SENT, "waits": NOT_SENT & ~Q(email=""), "none": Q(email="")}[value])


class NoticeTable(django_tables2.Table):
    """One row a notice."""

    label = "Notices"
    made_on = DayColumn(verbose_name="Day", order_by=("made_on", "pk"), attrs={"td": {"class": "nowrap"}})
    account = django_tables2.Column(
        accessor="account__name", verbose_name="Account", order_by=("account__name", "pk"),
        attrs={"td": {"class": "card-title"}},
    )  # fmt: skip
    kind = django_tables2.Column(verbose_name="What and why", orderable=False)
    email = django_tables2.Column(verbose_name="E-mail", empty_values=(), orderable=False)

    def render_kind(self, record: Notice) -> str:
        said = words_of(record).subject
        if record.statement_id is not None:
            said = format_html(
                '<a href="{}">{}</a>', reverse("billing:collection", args=[record.statement_id]), said
            )  # fmt: skip
        return format_html('<span>{}<br><span class="soft small">{}</span></span>', said, record.get_kind_display())

    def render_email(self, record: Notice) -> str:
        if not record.email:
            return "No address: shown in the portal alone"
        if record.sent_at is not None:
            when = f"sent {moment(record.sent_at)}"
            return format_html('<span>{}<br><span class="soft small">{}</span></span>', record.email, when)
        why = record.send_error or "Waits to be sent"
        return format_html('<span>{} <span class="pill bad">Not sent</span><br>{}</span>', record.email, why)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The list of notices, the newest first; two queries, however many there are."""
    rows = Notice.objects.select_related("account", "statement")
    crumbs = [("Billing", reverse("billing:home")), ("Collection", reverse("billing:collections")), ("Notices", None)]
    return page(
        request, "pos_billing/portal/payment/notices.html", crumbs=crumbs,
        listing=Listing(request, rows, NoticeTable, NoticeFilter),
    )  # fmt: skip
