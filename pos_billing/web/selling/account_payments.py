"""All payments of an Account: what each paid, and taking it back or giving it back, also when it became credit."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pos_billing.collection.models import Payment
from pos_billing.collection.money.by_hand import payment_enter
from pos_billing.collection.money.payments import payment_reverse
from pos_billing.collection.money.queries import parts_of
from pos_billing.collection.money.refunds import payment_refund, refundable_cents
from pos_billing.collection.money.write_offs import rest_write_off
from pos_billing.facts import clock
from pos_billing.plans.models import Account
from pos_billing.statements.owed import Balance, balance_of
from pos_billing.web.selling.payment_actions import payment_label
from pos_billing.web.selling.payment_forms import GiveBackForm, PaymentForm, ReversalForm, not_ahead
from pos_billing.web.shared.forms import ChangeForm, who
from pos_billing.web.shared.page import page

SHOWN = 200


class Act(NamedTuple):
    """One thing that can be done about an Account's money."""

    title: str
    lead: str
    done: str
    form: type[ChangeForm]
    do: Callable[[Account, dict[str, Any], date, str], Any]
    fits: Callable[[Balance], bool]


ACTS: dict[str, Act] = {
    "record": Act(
        "Record a payment", "Money that came by bank transfer, cheque or cash. It pays the oldest open statements "
        "first.",
        "The payment is recorded.", PaymentForm,
        lambda account, v, today, by: payment_enter(
            account, cents=v["cents"], received_on=v["received_on"], kind=v["kind"], today=today,
            reference=v["reference"], confirmed=v["confirmed"], by=by, why=v["why"],
        ),
        lambda balance: True,
    ),
    "reverse": Act(
        "Take a payment back", "A payment that was recorded by mistake, or that the bank returned. What it paid is "
        "owed again.", "The payment is taken back.", ReversalForm,
        lambda account, v, today, by: payment_reverse(
            v["payment"], kind=v["kind"], reversed_on=v["day"], by=by, why=v["why"]
        ),
        lambda balance: True,
    ),
    "give-back": Act(
        "Give credit back", "To the card that paid, or by hand. There is no credit note: nothing that was billed is "
        "taken back.", "The refund is on its way.", GiveBackForm,
        lambda account, v, today, by: payment_refund(
            v["payment"], statement=None, cents=v["cents"], refunded_on=v["day"], by=by, why=v["why"]
        ),
        lambda balance: balance.credit > 0,
    ),
    "write-off": Act(
        "Write the rest off", "It is too small to be collected, and is asked for no more.", "It is written off.",
        ChangeForm,
        lambda account, v, today, by: rest_write_off(account, written_on=today, by=by, why=v["why"]),
        lambda balance: balance.waiting > 0,
    ),
}  # fmt: skip


@require_safe
def client_payments(request: HttpRequest, client: int) -> HttpResponse:
    """Every payment of an Account with what it paid."""
    account = get_object_or_404(Account, pk=client)
    balance = balance_of(account.pk)
    rows = Payment.objects.filter(account=account).prefetch_related("allocations__statement", "refunds", "reversals")
    payments = list(rows[:SHOWN])
    acts = [(name, act.title) for name, act in ACTS.items() if name in ("record", "give-back", "write-off")]
    return page(
        request, "pos_billing/portal/payment/client_payments.html", client=account, balance=balance,
        payments=[(payment, parts_of(payment), _left(payment)) for payment in payments], shown=SHOWN,
        acts=[(name, title) for name, title in acts if ACTS[name].fits(balance)],
        crumbs=[*_crumbs(account), ("Payments", None)],
    )  # fmt: skip


def _left(payment: Payment) -> int:
    """What can still be taken back or given back of a payment, in cents; from rows that are read already."""
    gone = sum(r.cents for r in payment.reversals.all())
    return payment.cents - gone - sum(r.cents for r in payment.refunds.all() if r.status != "failed")


@require_http_methods(["GET", "HEAD", "POST"])
def client_payment_action(request: HttpRequest, client: int, act: str) -> HttpResponse:
    """The form of an act, and doing it."""
    account = get_object_or_404(Account, pk=client)
    chosen, back = ACTS.get(act), reverse("billing:client-payments", args=[client])
    if chosen is None:
        raise Http404("There is no such act.")
    balance, now = balance_of(account.pk), clock.seller_day()
    if not chosen.fits(balance):
        messages.error(request, f"“{chosen.title}” is of no use for {account} any more.")
        return redirect(back)
    form = chosen.form(request.POST or None, initial=_first(account, balance, act, request.GET.get("payment"), now))
    if "payment" in form.fields:
        form.fields["payment"].queryset = Payment.objects.filter(account=account)
        form.fields["payment"].label_from_instance = payment_label
    if request.method == "POST" and form.is_valid() and not_ahead(form, now):
        form.carry_out(lambda by, why: chosen.do(account, {**form.cleaned_data, "why": why}, now, by), by=who(request))
        if not form.errors:
            messages.success(request, chosen.done)
            return redirect(back)
    return page(
        request, "pos_billing/portal/payment/act.html", form=form, heading=f"{chosen.title}: {account}",
        lead=chosen.lead, back=back, act=act, balance=balance, status=422 if form.errors else 200,
        crumbs=[*_crumbs(account), ("Payments", back), (chosen.title, None)],
    )  # fmt: skip


def _first(account: Account, balance: Balance, act: str, payment: str | None, now: date) -> dict[str, Any]:
    """What the form is filled in with."""
    first: dict[str, Any] = {"received_on": now, "day": now}
    chosen = Payment.objects.filter(account=account, pk=payment).first() if payment and payment.isdigit() else None
    if act == "give-back":
        rows = Payment.objects.filter(account=account)
        chosen = chosen or next((row for row in rows if refundable_cents(row)), None)
        first["cents"] = min(balance.credit, refundable_cents(chosen)) if chosen else balance.credit
    if act == "record" and balance.total > 0:
        first["cents"] = balance.total
    return first | ({"payment": chosen} if chosen else {})


def _crumbs(account: Account) -> list[tuple[str, str | None]]:
    clients = ("Clients", reverse("billing:clients"))
    return [("Billing", reverse("billing:home")), clients, (account.name, reverse("billing:client", args=[account.pk]))]
