"""What the Seller collects: open statements with how their collection stands, and one statement's money in full."""

from datetime import date
from typing import Any

import django_filters
import django_tables2
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from pos_billing.collection.models import Allocation, Collection, Payment, ReconcileReport, Refund
from pos_billing.collection.money.leftovers import leftovers
from pos_billing.collection.money.queries import open_statements, standing_of, standings
from pos_billing.collection.money.refunds import refundable_cents
from pos_billing.collection.money.state import state_of
from pos_billing.facts import clock
from pos_billing.notices.models import Notice
from pos_billing.notices.words import words_of
from pos_billing.plans.models import CollectionMethod
from pos_billing.statements.models import Statement
from pos_billing.web.selling.payment_actions import actions_for
from pos_billing.web.shared.listing import DayColumn, Listing, MoneyColumn
from pos_billing.web.shared.page import page
from pos_billing.web.statement.lists import StatementSearch, pill
from pos_billing.wording import day as written_day

DIFFERS_SHOWN = 20


def how_it_stands(statement: Statement) -> str:
    """The collection of a statement in a sentence; empty when there is nothing to say."""
    collection: Collection | None = getattr(statement, "collection", None)
    if collection is None:
        return ""
    if collection.paused_why:
        return f"Paused: {collection.paused_why}"
    if collection.blocked_because:
        return collection.blocked_because
    if collection.action_required:
        return "Waits for the card's holder to confirm the payment."
    if collection.declines:
        again = (
            f" Next try on {written_day(collection.next_attempt_on)}."
            if collection.next_attempt_on else " It is not tried again by itself."
        )  # fmt: skip
        return f"{collection.decline_message}{again}"
    return ""


class CollectionFilter(StatementSearch):
    """Search; what needs somebody."""

    show = django_filters.ChoiceFilter(
        label="Show", method="chosen", empty_label="All that is open",
        choices=[("past_due", "Past due"), ("declined", "Declined"), ("confirm", "To be confirmed"),
                 ("stopped", "Paused or in trouble")],
    )  # fmt: skip

    def chosen(self, rows: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        """Statements of one kind."""
        kinds = {
            "past_due": Q(due_on__lt=clock.seller_day()),
            "declined": Q(collection__declines__gt=0),
            "confirm": Q(collection__action_required=True),
            "stopped": ~Q(collection__blocked_because="") & Q(collection__isnull=False)
            | Q(collection__paused_why__gt=""),
        }
        return rows.filter(kinds[value])


class CollectionTable(django_tables2.Table):
    """One row an open statement."""

    label = "Open statements"
    number = django_tables2.Column(order_by=("sequence",), attrs={"td": {"class": "card-title nowrap"}})
    account = django_tables2.Column(accessor="account__name", verbose_name="Client", order_by=("account__name", "pk"))
    due_on = DayColumn(verbose_name="Due", order_by=("due_on", "pk"))
    state = django_tables2.Column(verbose_name="State", empty_values=(), orderable=False)
    outstanding = MoneyColumn(verbose_name="To pay", order_by=("outstanding", "pk"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def render_number(self, value: str, record: Statement) -> str:
        return format_html('<a href="{}">{}</a>', reverse("billing:collection", args=[record.pk]), value)

    def render_state(self, record: Statement) -> str:
        mark, said = pill(state_of(standing_of(record), self.today)), how_it_stands(record)
        return format_html('<span>{} <span class="soft small">{}</span></span>', mark, said)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """The list of open statements, and what the last reconciliation could not mend."""
    now = clock.seller_day()
    rows = open_statements()
    listing = Listing(
        request, rows.select_related("account", "collection").order_by("due_on", "pk"), CollectionTable,
        CollectionFilter, today=now,
    )  # fmt: skip
    report = ReconcileReport.objects.first()
    return page(
        request,
        "pos_billing/portal/payment/collections.html",
        listing=listing,
        report=report,
        differs=report.differs[:DIFFERS_SHOWN] if report else [],
        failed_refunds=list(Refund.objects.filter(status="failed").select_related("payment__account")[:DIFFERS_SHOWN]),
        leftovers=leftovers(),
        crumbs=[("Billing", reverse("billing:home")), ("Collection", None)],
    )


@require_safe
def collection(request: HttpRequest, statement: int) -> HttpResponse:
    """One statement: what was paid, credited and tried, and what can be done."""
    rows = Statement.objects.select_related("account", "collection")
    found = get_object_or_404(rows, pk=statement)
    standing = standings([found.pk])[found.pk]
    allocations = Allocation.objects.filter(statement=found, reversal=None).select_related("payment")
    refunds = Prefetch("refunds", Refund.objects.select_related("credit_note"))
    payments = Payment.objects.filter(pk__in=allocations.values("payment")).prefetch_related(refunds, "reversals")
    held: Collection | None = getattr(found, "collection", None)
    state = state_of(standing, clock.seller_day())
    return page(
        request, "pos_billing/portal/payment/collection.html", statement=found, standing=standing, state=state,
        mark=pill(state), said=how_it_stands(found), held=held,
        attempts=list(held.attempts.order_by("-number")) if held else [],
        payments=[(payment, refundable_cents(payment)) for payment in payments],
        parts={a.payment_id: a.cents for a in allocations},
        credit_notes=list(found.credit_notes.order_by("sequence")),
        write_offs=list(found.write_offs.all()),
        notices=[(n, words_of(n).subject) for n in Notice.objects.filter(statement=found)],
        by_card=found.account.collection_method == CollectionMethod.CARD,
        acts=actions_for(found, standing),
        crumbs=[
            ("Billing", reverse("billing:home")), ("Collection", reverse("billing:collections")), (found.number, None),
        ],
    )  # fmt: skip
