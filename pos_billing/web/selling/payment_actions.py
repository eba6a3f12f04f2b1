"""What can be done about a statement's money: each act is a form that says why, and one command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pos_billing.collection.cards.controls import collection_pause, collection_resume, collection_retry
from pos_billing.collection.models import Payment
from pos_billing.collection.money.by_hand import payment_enter
from pos_billing.collection.money.credit_notes import credit_note_issue, creditable_cents
from pos_billing.collection.money.payments import payment_reverse
from pos_billing.collection.money.queries import standings
from pos_billing.collection.money.refunds import payment_refund
from pos_billing.collection.money.state import Standing, state_of
from pos_billing.collection.money.write_offs import statement_write_off
from pos_billing.facts import clock
from pos_billing.plans.models import CollectionMethod
from pos_billing.statements.models import Statement
from pos_billing.statements.owed import balance_of
from pos_billing.web.selling.payment_forms import CreditForm, PaymentForm, RefundForm, ReversalForm, not_ahead
from pos_billing.web.shared.forms import ChangeForm, who
from pos_billing.web.shared.page import page
from pos_billing.wording import day, money

SUBJECTS_SHOWN = 10

Doing = Callable[[Statement, dict[str, Any], date, str], Any]


@dataclass(frozen=True)
class Act:
    """One thing that can be done: its words, its form, its command, and whether it is of use now."""

    title: str
    lead: str
    done: str
    form: type[ChangeForm]
    do: Doing
    fits: Callable[[Statement, Standing], bool]
    grave: bool = False


def _collection(statement: Statement) -> Any:
    return getattr(statement, "collection", None)


def _by_card(statement: Statement, standing: Standing) -> bool:
    return statement.account.collection_method == CollectionMethod.CARD and standing.outstanding > 0


def _paused(statement: Statement) -> bool:
    return bool(_collection(statement) and _collection(statement).paused_why)


ACTIONS: dict[str, Act] = {
    "payment": Act(
        "Record a payment", "Money that came by bank transfer, cheque or cash.", "The payment is recorded.",
        PaymentForm,
        lambda s, v, today, by: payment_enter(
            s.account, statement=s, cents=v["cents"], received_on=v["received_on"], kind=v["kind"], today=today,
            reference=v["reference"], confirmed=v["confirmed"], by=by, why=v["why"],
        ),
        lambda s, standing: standing.outstanding > 0 or standing.written_off > 0,
    ),
    "retry": Act(
        "Try the card now", "The card is charged again, whatever the schedule of retries says.",
        "The card is charged with the next collection.", ChangeForm,
        lambda s, v, today, by: collection_retry(s, as_of=today, by=by, why=v["why"]),
        lambda s, standing: _by_card(s, standing) and not _paused(s),
    ),
    "pause": Act(
        "Pause", "The card is not charged for this statement until somebody lets it go on.",
        "The collection is paused.", ChangeForm,
        lambda s, v, today, by: collection_pause(s, by=by, why=v["why"]),
        lambda s, standing: _by_card(s, standing) and not _paused(s),
    ),
    "resume": Act(
        "Let it go on", "The card is charged again from today on.", "The collection goes on.", ChangeForm,
        lambda s, v, today, by: collection_resume(s, as_of=today, by=by, why=v["why"]),
        lambda s, standing: _by_card(s, standing) and _paused(s),
    ),
    "credit": Act(
        "Issue a credit note", "Takes a part of the statement back. What is paid already becomes credit, which "
        "settles other open statements first.",
        "The credit note is issued.", CreditForm,
        lambda s, v, today, by: credit_note_issue(
            s, cents=v["cents"], lines=v["lines"], kind=v["kind"], issued_on=v["day"], by=by, why=v["why"]
        ),
        lambda s, standing: creditable_cents(s) > 0,
    ),
    "refund": Act(
        "Refund", "Gives a payment back, to the card or by hand, over a credit note.", "The refund is on its way.",
        RefundForm,
        lambda s, v, today, by: payment_refund(
            v["payment"], statement=s, cents=v["cents"], note_kind=v["note_kind"], refunded_on=v["day"], by=by,
            why=v["why"],
        ),
        lambda s, standing: standing.paid > standing.refunded and creditable_cents(s) > 0,
    ),
    "reverse": Act(
        "Take a payment back", "A payment that was recorded by mistake, or that the bank returned. Its amount is owed "
        "again.", "The payment is taken back.", ReversalForm,
        lambda s, v, today, by: payment_reverse(
            v["payment"], kind=v["kind"], reversed_on=v["day"], by=by, why=v["why"]
        ),
        lambda s, standing: standing.paid > 0, grave=True,
    ),
    "write-off": Act(
        "Write off", "What is still open is asked for no more: the statement is uncollectible.", "It is written off.",
        ChangeForm,
        lambda s, v, today, by: statement_write_off(s, written_on=today, by=by, why=v["why"]),
        lambda s, standing: standing.outstanding > 0, grave=True,
    ),
}  # fmt: skip
"""What can be done, in the order in which it is offered."""


def actions_for(statement: Statement, standing: Standing) -> list[dict[str, Any]]:
    """The acts that are of use for a statement now."""
    return [
        {"url": reverse("billing:collection-action", args=[statement.pk, name]), "title": act.title, "grave": act.grave}
        for name, act in ACTIONS.items()
        if act.fits(statement, standing)
    ]


@require_http_methods(["GET", "POST"])
def collection_action(request: HttpRequest, statement: int, act: str) -> HttpResponse:
    """The form of an act, and doing it."""
    found = get_object_or_404(Statement.objects.select_related("account", "collection"), pk=statement)
    chosen = ACTIONS.get(act)
    if chosen is None:
        raise Http404("There is no such act.")
    back = reverse("billing:collection", args=[found.pk])
    standing = standings([found.pk])[found.pk]
    if not chosen.fits(found, standing):
        messages.error(request, f"“{chosen.title}” is of no use for {found.number} any more: {_why_not(found)}")
        return redirect(back)
    now = clock.seller_day()
    first = {"received_on": now, "day": now, "cents": max(0, standing.outstanding) or None}
    if act != "payment":
        first.pop("cents")
    form = chosen.form(request.POST or None, initial=first)
    if "payment" in form.fields:
        form.fields["payment"].queryset = Payment.objects.filter(allocations__statement=found).distinct()
        form.fields["payment"].label_from_instance = payment_label
    if isinstance(form, CreditForm):
        form.of_statement(found)
    if request.method == "POST" and form.is_valid() and not_ahead(form, now):
        form.carry_out(lambda by, why: chosen.do(found, {**form.cleaned_data, "why": why}, now, by), by=who(request))
        if not form.errors:
            messages.success(request, chosen.done)
            return redirect("billing:collection", statement=found.pk)
    crumbs = [("Collection", reverse("billing:collections")), (found.number, back), (chosen.title, None)]
    return page(
        request, "pos_billing/portal/payment/act.html", form=form,
        heading=f"{chosen.title}: {found.number}, {found.account}", lead=chosen.lead, back=back, statement=found,
        standing=standing, balance=balance_of(found.account_id), act=act,
        subjects=subjects_of(found) if act in ("credit", "refund") else (),
        crumbs=[("Billing", reverse("billing:home")), *crumbs], status=422 if form.errors else 200,
    )  # fmt: skip


def _why_not(statement: Statement) -> str:
    state = state_of(standings([statement.pk])[statement.pk], clock.seller_day())
    return f"it is {state.label.lower()}."


def subjects_of(statement: Statement) -> list[dict[str, Any]]:
    """The Instances a statement bills, with the pages on which their facts are corrected; the first of them."""
    rows = statement.lines.exclude(instance_id=None).values_list("instance_id", "subject_name").distinct()
    found = rows.order_by("subject_name", "instance_id")[:SUBJECTS_SHOWN]
    return [{"name": name, "url": reverse("billing:instance", args=[pk])} for pk, name in found]


def payment_label(payment: Payment) -> str:
    """A payment as a choice of a form."""
    return f"{money(payment.cents)} on {day(payment.received_on)}, {payment.card or payment.get_kind_display()}"
