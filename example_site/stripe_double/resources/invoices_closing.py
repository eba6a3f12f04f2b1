"""How invoices end: paid by card, paid elsewhere, voided, or given up."""

from example_site.stripe_double.errors import StripeError, invalid, refused
from example_site.stripe_double.resources import collecting, customers, paying, payment_methods
from example_site.stripe_double.resources.invoices import attach, finalize_invoice
from example_site.stripe_double.resources.payment_intents import check_type
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

NO_CARD = (
    "There is no `default_payment_method` set on this Customer or Invoice. Please set either field prior to paying."
)


@endpoint("POST", "/v1/invoices/{invoice}/pay")
def pay(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Pay an invoice with the customer's card, or note that it was paid elsewhere."""
    item = scope.find("invoice", invoice)
    if item["status"] == "paid":
        raise invalid("Invoice is already paid")
    if item["status"] == "void":
        raise invalid("Invoice is no longer payable")
    if item["status"] == "draft":
        finalize_invoice(scope, item)
        if item["status"] == "paid":
            return item
    if parameters.get("paid_out_of_band"):
        _mark_out_of_band(scope, item)
        return item
    method = _method(scope, item, parameters)
    intent = open_intent(scope, item)
    check_type(intent, method)
    result = collecting.collect(scope, intent, method, parameters, off_session=parameters.get("off_session", True))
    if result.error is not None:
        raise result.error
    if result.outcome == paying.ACTION_REQUIRED:
        error = collecting.action_required()
        raise StripeError(
            error.status,
            "card_error",
            str(error),
            code=error.error["code"],
            payment_intent=dict(intent),
            payment_method=dict(method),
        )
    return item


@endpoint("POST", "/v1/invoices/{invoice}/void")
def void(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Void an invoice that is open or given up."""
    item = scope.find("invoice", invoice)
    if item["status"] not in ("open", "uncollectible"):
        raise invalid(
            f"You can only pass in open invoices. This invoice isn't open: its status is {item['status']}.",
            code="invoice_not_editable",
        )
    if item["amount_paid"]:
        raise invalid("You can't void an invoice that has payments. Refund them, or issue a credit note instead.")
    collecting.cancel_payments(scope, item)
    _give_balance_back(scope, item)
    previous = scope.change(
        item,
        status="void",
        next_payment_attempt=None,
        status_transitions={**item["status_transitions"], "voided_at": scope.now},
    )
    scope.emit("invoice.voided", item)
    scope.emit("invoice.updated", item, previous)
    return item


@endpoint("POST", "/v1/invoices/{invoice}/mark_uncollectible")
def mark_uncollectible(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Give an open invoice up; it may still be paid."""
    item = scope.find("invoice", invoice)
    if item["status"] != "open":
        raise invalid(
            f"You can only pass in open invoices. This invoice isn't open: its status is {item['status']}.",
            code="invoice_not_editable",
        )
    previous = scope.change(
        item,
        status="uncollectible",
        auto_advance=False,
        status_transitions={**item["status_transitions"], "marked_uncollectible_at": scope.now},
    )
    scope.emit("invoice.marked_uncollectible", item)
    scope.emit("invoice.updated", item, previous)
    return item


@endpoint("POST", "/v1/invoices/{invoice}/send")
def send(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Send an invoice by email: the double only announces that it did."""
    item = scope.find("invoice", invoice)
    if item["collection_method"] != "send_invoice":
        raise invalid("You can only manually send an invoice if its collection method is 'send_invoice'.")
    if item["status"] == "draft":
        finalize_invoice(scope, item)
    scope.emit("invoice.sent", item)
    return item


def open_intent(scope: Scope, item: Object) -> Object:
    """Return the PaymentIntent that an open invoice waits for."""
    for payment in scope.where("invoice_payment", "invoice", item["id"]):
        if payment["status"] == "open":
            return scope.find("payment_intent", payment["payment"]["payment_intent"])
    raise invalid("This invoice has no payment to attempt.")


def _method(scope: Scope, item: Object, parameters: Parameters) -> Object:
    customer = scope.find("customer", item["customer"])
    wanted = (
        parameters.get("payment_method")
        or item["default_payment_method"]
        or customer["invoice_settings"]["default_payment_method"]
    )
    if not wanted:
        raise invalid(NO_CARD, code="resource_missing")
    method = payment_methods.resolve(scope, wanted)
    if method["customer"] is None and wanted != method["id"]:
        payment_methods.attach_to(scope, method["id"], customer["id"])
    if method["customer"] != customer["id"]:
        raise invalid(
            f"The customer does not have a payment method with the ID {wanted}. The payment method must be "
            "attached to the customer.",
            param="payment_method",
            code="resource_missing",
        )
    return method


def _mark_out_of_band(scope: Scope, item: Object) -> None:
    """Note that what remains was paid elsewhere: `amount_paid` says so too since 2025-03-31 (changelog basil)."""
    cents = item["amount_remaining"]
    collecting.cancel_payments(scope, item)
    if scope.double.switches.off_stripe_records:
        scope.save(
            scope.new(
                "invoice_payment",
                amount_paid=cents,
                amount_requested=cents,
                currency=item["currency"],
                invoice=item["id"],
                is_default=False,
                payment={"payment_record": f"prec_{scope.double.identifiers.token()}", "type": "payment_record"},
                status="paid",
                status_transitions={"canceled_at": None, "paid_at": scope.now},
            )
        )
    previous = scope.change(
        item, amount_paid=item["amount_paid"] + cents, amount_paid_off_stripe=cents, amount_remaining=0
    )
    collecting.settle(scope, item, previous, attempted=False)


def _give_balance_back(scope: Scope, item: Object) -> None:
    """Undo what finalising did to the customer's balance (changelog 2019-12-03: "customer balances are returned")."""
    applied = scope.notes(item["id"]).pop("applied", 0)
    customer = scope.table("customer").get(item["customer"])
    if applied and customer is not None:
        customers.change_balance(scope, customer, -applied, "unapplied_from_invoice", invoice=item["id"])


@endpoint("POST", "/v1/invoices/{invoice}/attach_payment")
def attach_payment(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Let another PaymentIntent pay a part of an open invoice; one that has succeeded counts at once."""
    item = scope.find("invoice", invoice)
    if item["status"] not in ("open", "uncollectible"):
        raise invalid(f"You can only attach payments to open invoices. This invoice is {item['status']}.")
    identifier = parameters.get("payment_intent")
    if not identifier:
        raise refused("Missing required param: payment_intent.", param="payment_intent", code="parameter_missing")
    intent = scope.find("payment_intent", identifier, "payment_intent", status=400)
    if intent["customer"] != item["customer"] or scope.notes(intent["id"]).get("invoice"):
        raise invalid("The PaymentIntent pays for something else, or belongs to another customer.")
    payment = attach(scope, item, intent, intent["amount"], is_default=False)
    if intent["status"] == "succeeded":
        collecting.credit(scope, item, payment, intent["amount_received"])
    return item
