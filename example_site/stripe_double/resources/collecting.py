"""A try to charge a card, together with what it means for the invoice behind it."""

from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.resources import customers, paying
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

ACTION_NEEDED = (
    "This payment requires additional user action before it can be completed successfully. Payment can be completed "
    "using the PaymentIntent associated with the invoice."
)


def collect(
    scope: Scope,
    intent: Object,
    method: Object,
    parameters: Parameters,
    *,
    off_session: bool,
    authenticated: bool = False,
) -> paying.Result:
    """Charge a card for a PaymentIntent and bring its invoice up to date."""
    result = paying.attempt(scope, intent, method, parameters, off_session=off_session, authenticated=authenticated)
    invoice = invoice_of(scope, intent)
    if invoice is not None:
        _tell_invoice(scope, invoice, intent, result)
    if result.error is not None:
        result.error.error["payment_intent"] = dict(intent)
    return result


def give_up_authentication(scope: Scope, intent: Object) -> None:
    """Note a failed 3-D Secure on the PaymentIntent and its invoice."""
    result = paying.authentication_failed(scope, intent)
    invoice = invoice_of(scope, intent)
    if invoice is not None:
        _tell_invoice(scope, invoice, intent, result)


def invoice_of(scope: Scope, intent: Object) -> Object | None:
    """Return the invoice that a PaymentIntent pays."""
    identifier = scope.notes(intent["id"]).get("invoice")
    return scope.table("invoice").get(identifier) if identifier else None


def action_required() -> StripeError:
    """Return the error of paying an invoice whose card wants 3-D Secure."""
    return StripeError(402, "card_error", ACTION_NEEDED, code="invoice_payment_intent_requires_action")


def _tell_invoice(scope: Scope, invoice: Object, intent: Object, result: paying.Result) -> None:
    previous = scope.change(invoice, attempted=True, attempt_count=max(1, invoice["attempt_count"]))
    if result.outcome == paying.PAID:
        payment = scope.find("invoice_payment", scope.notes(intent["id"])["invoice_payment"])
        credit(scope, invoice, payment, intent["amount_received"], previous)
        return
    if previous:
        scope.emit("invoice.updated", invoice, previous)
    if result.outcome == paying.ACTION_REQUIRED:
        scope.emit("invoice.payment_action_required", invoice)
    scope.emit("invoice.payment_failed", invoice)


def credit(scope: Scope, invoice: Object, payment: Object, received: int, previous: Object | None = None) -> None:
    """Count a payment for its invoice, which is paid when nothing remains; more than that becomes credit.

    API reference: "When the invoice is fully paid, the invoice's status becomes paid"; `amount_overpaid` "is credited
    to the customer's credit balance". How far `amount_paid` counts what is too much is not documented: not at all here.
    """
    counted = min(received, invoice["amount_remaining"])
    scope.change(
        payment,
        status="paid",
        amount_paid=counted,
        status_transitions={"canceled_at": None, "paid_at": scope.now},
    )
    scope.emit("invoice_payment.paid", payment)
    changed = scope.change(
        invoice,
        amount_paid=invoice["amount_paid"] + counted,
        amount_remaining=invoice["amount_remaining"] - counted,
        amount_overpaid=invoice["amount_overpaid"] + received - counted,
    )
    changed = {**(previous or {}), **changed}
    if received > counted:
        customer = scope.find("customer", invoice["customer"])
        customers.change_balance(scope, customer, counted - received, "invoice_overpaid", invoice=invoice["id"])
    if invoice["amount_remaining"] == 0:
        settle(scope, invoice, changed)
        return
    ask_for_the_rest(scope, invoice)
    scope.emit("invoice.updated", invoice, changed)


def ask_for_the_rest(scope: Scope, invoice: Object) -> None:
    """Let the payment that an open invoice waits for be about what remains of it."""
    for payment in scope.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] == "open" and payment["is_default"]:
            intent = scope.find("payment_intent", payment["payment"]["payment_intent"])
            scope.change(intent, amount=invoice["amount_remaining"])
            scope.change(payment, amount_requested=invoice["amount_remaining"])


def settle(scope: Scope, invoice: Object, previous: Object | None = None, *, attempted: bool = True) -> None:
    """Make an invoice paid of which nothing remains.

    `invoice.payment_succeeded` is for attempts that succeeded alone; `invoice.paid` also for marks "paid out of band".
    """
    cancel_payments(scope, invoice)
    changed = scope.change(
        invoice,
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
        status="paid",
        status_transitions={**invoice["status_transitions"], "paid_at": scope.now},
    )
    scope.emit("invoice.updated", invoice, {**(previous or {}), **changed})
    scope.emit("invoice.paid", invoice)
    if attempted:
        scope.emit("invoice.payment_succeeded", invoice)
    if invoice["amount_overpaid"]:
        scope.emit("invoice.overpaid", invoice)


def cancel_payments(scope: Scope, invoice: Object) -> None:
    """Take back the payments that an invoice still waits for."""
    for payment in list(scope.where("invoice_payment", "invoice", invoice["id"])):
        if payment["status"] != "open":
            continue
        intent = scope.find("payment_intent", payment["payment"]["payment_intent"])
        if intent["status"] != "succeeded":
            scope.change(
                intent,
                status="canceled",
                canceled_at=scope.now,
                cancellation_reason="void_invoice",
                next_action=None,
            )
            scope.emit("payment_intent.canceled", intent)
        scope.change(payment, status="canceled", status_transitions={"canceled_at": scope.now, "paid_at": None})
