"""A try to charge a card, together with what it means for the invoice behind it."""

from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.resources import paying
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
        settle(scope, invoice, amount_paid=invoice["amount_due"], previous=previous)
        return
    if previous:
        scope.emit("invoice.updated", invoice, previous)
    if result.outcome == paying.ACTION_REQUIRED:
        scope.emit("invoice.payment_action_required", invoice)
    scope.emit("invoice.payment_failed", invoice)


def settle(
    scope: Scope, invoice: Object, *, amount_paid: int, previous: Object | None = None, off_stripe: int = 0
) -> None:
    """Make an invoice paid."""
    for payment in scope.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] == "open" and not off_stripe:
            scope.change(
                payment,
                status="paid",
                amount_paid=amount_paid,
                status_transitions={"canceled_at": None, "paid_at": scope.now},
            )
            scope.emit("invoice_payment.paid", payment)
    changed = scope.change(
        invoice,
        amount_paid=amount_paid,
        amount_paid_off_stripe=off_stripe,
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
        status="paid",
        status_transitions={**invoice["status_transitions"], "paid_at": scope.now},
    )
    scope.emit("invoice.updated", invoice, {**(previous or {}), **changed})
    scope.emit("invoice.paid", invoice)
    scope.emit("invoice.payment_succeeded", invoice)
