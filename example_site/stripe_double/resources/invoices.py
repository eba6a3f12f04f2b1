"""Invoices: drafted, filled, finalised. How they end is in invoices_closing."""

from example_site.stripe_double.errors import SpecificationViolation, invalid, refused
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.resources import collecting, customers, invoice_lines, payment_methods
from example_site.stripe_double.resources.hosted_links import hosted_url, refreshed
from example_site.stripe_double.resources.payment_intents import SMALLEST, check_amount, make_intent
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

DRAFT_FIELDS = (
    "auto_advance",
    "collection_method",
    "description",
    "due_date",
    "effective_at",
    "footer",
    "number",
    "statement_descriptor",
    "custom_fields",
)
LASTING_FIELDS = ("auto_advance", "metadata", "default_payment_method")


@endpoint("POST", "/v1/invoices")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Draft an invoice for a customer."""
    _check_advance(parameters)
    customer = customers.live_customer(scope, parameters)
    if customer is None:
        raise refused("Missing required param: customer.", param="customer", code="parameter_missing")
    account = scope.find("account", scope.account)
    currency = parameters.get("currency") or customer["currency"] or account["default_currency"]
    method = parameters.get("collection_method", "charge_automatically")
    if method == "charge_automatically" and parameters.get("days_until_due") is not None:
        raise invalid(
            "You can only set `days_until_due` if invoice `collection_method` is `send_invoice`.",
            param="days_until_due",
        )
    item = scope.new(
        "invoice",
        account_country=account["country"],
        account_name=account["settings"]["dashboard"]["display_name"],
        amount_due=0,
        amount_overpaid=0,
        amount_paid=0,
        amount_paid_off_stripe=0,
        amount_remaining=0,
        amount_shipping=0,
        attempt_count=0,
        attempted=False,
        auto_advance=False,
        automatic_tax={"disabled_reason": None, "enabled": False, "liability": None, "provider": None, "status": None},
        billing_reason="manual",
        collection_method=method,
        currency=currency,
        customer=customer["id"],
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_phone=customer["phone"],
        customer_shipping=customer["shipping"],
        customer_tax_exempt=customer["tax_exempt"],
        customer_tax_ids=[],
        default_tax_rates=[],
        discounts=[],
        issuer={"type": "self"},
        metadata=merged_metadata({}, parameters.get("metadata")),
        payment_settings=_payment_settings(parameters),
        period_end=scope.now,
        period_start=scope.now,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=customer["balance"],
        status="draft",
        status_transitions={"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        subtotal=0,
        subtotal_excluding_tax=0,
        total=0,
        total_discount_amounts=[],
        total_excluding_tax=0,
        total_pretax_credit_amounts=[],
        total_taxes=[],
    )
    item["lines"] = {"object": "list", "data": [], "has_more": False, "url": f"/v1/invoices/{item['id']}/lines"}
    changes = given(parameters, *DRAFT_FIELDS)
    _check_number(scope, changes)
    item.update(changes)
    if parameters.get("days_until_due") is not None:
        item["due_date"] = scope.now + parameters["days_until_due"] * 86400
    item["default_payment_method"] = _default_method(scope, parameters, customer["id"])
    scope.save(item)
    if customer["currency"] is None:
        scope.change(customer, currency=currency)
    if parameters.get("pending_invoice_items_behavior") == "include":
        invoice_lines.take_pending(scope, item)
    scope.emit("invoice.created", item)
    return item


@endpoint("GET", "/v1/invoices/{invoice}")
def retrieve(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Return an invoice."""
    return refreshed(scope, scope.find("invoice", invoice))


@endpoint("POST", "/v1/invoices/{invoice}")
def update(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Change a draft, or what of a finalised invoice may still change."""
    _check_advance(parameters)
    item = scope.find("invoice", invoice)
    if item["status"] != "draft":
        for name in parameters.copy():
            if name not in LASTING_FIELDS:
                raise invalid(
                    "Finalized invoices can't be updated in this way", param=name, code="invoice_not_editable"
                )
    changes = given(parameters, *DRAFT_FIELDS)
    _check_number(scope, changes)
    changes["metadata"] = merged_metadata(item["metadata"], parameters.get("metadata"))
    if "default_payment_method" in parameters:
        changes["default_payment_method"] = _default_method(scope, parameters, item["customer"])
    if "days_until_due" in parameters:
        changes["due_date"] = scope.now + parameters["days_until_due"] * 86400
    if "payment_settings" in parameters:
        changes["payment_settings"] = _payment_settings(parameters)
    return scope.update(item, "invoice.updated", **changes)


@endpoint("DELETE", "/v1/invoices/{invoice}")
def delete(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Delete a draft with its lines."""
    item = scope.find("invoice", invoice)
    if item["status"] != "draft":
        raise invalid(
            "You can only delete draft invoices. To cancel a finalized invoice, void it.", code="invoice_not_editable"
        )
    for line in list(scope.where("line_item", "invoice", invoice)):
        scope.delete(scope.find("invoiceitem", invoice_lines.item_of(line)))
        scope.delete(line)
    answer = scope.delete(item)
    scope.emit("invoice.deleted", item)
    return answer


@endpoint("GET", "/v1/invoices")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List invoices."""
    answer = listed(scope, "invoice", parameters, "/v1/invoices")
    for item in answer["data"]:
        refreshed(scope, item)
    return answer


@endpoint("GET", "/v1/invoices/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find invoices by a query, for example on metadata."""
    return searched(scope, "invoice", parameters, "/v1/invoices/search")


@endpoint("POST", "/v1/invoices/{invoice}/finalize")
def finalize(scope: Scope, parameters: Parameters, invoice: str) -> Object:
    """Make a draft final: it gets a number, and a PaymentIntent unless nothing is to be paid."""
    _check_advance(parameters)
    item = scope.find("invoice", invoice)
    if item["status"] != "draft":
        raise invalid(
            "This invoice is already finalized, you can't re-finalize a non-draft invoice.", code="invoice_not_editable"
        )
    finalize_invoice(scope, item, parameters.get("auto_advance"))
    return item


def finalize_invoice(scope: Scope, item: Object, auto_advance: bool | None = None) -> None:
    """Finalise a draft and announce it."""
    customer = scope.find("customer", item["customer"])
    before = customer["balance"]
    if item["total"] + before >= SMALLEST:
        check_amount(item["total"] + before)
    due = _due_after_balance(scope, item, customer)
    previous = scope.change(
        item,
        amount_due=due,
        amount_remaining=due,
        auto_advance=item["auto_advance"] if auto_advance is None else auto_advance,
        effective_at=item["effective_at"] or scope.now,
        ending_balance=customer["balance"],
        invoice_pdf=f"{scope.double.base_url}/i/{scope.place}/{item['id']}/pdf",
        number=item["number"] or _next_number(scope, customer),
        starting_balance=before,
        status="open",
        status_transitions={**item["status_transitions"], "finalized_at": scope.now},
    )
    previous["hosted_invoice_url"] = None
    scope.change(item, hosted_invoice_url=hosted_url(scope, item))
    if due == 0:
        scope.emit("invoice.finalized", item)
        collecting.settle(scope, item, previous)
        return
    intent = make_intent(
        scope,
        due,
        item["currency"],
        item["customer"],
        description=f"Payment for Invoice {item['number']}",
        payment_method_types=_method_types(scope, item),
    )
    attach(scope, item, intent, due, is_default=True)
    scope.emit("payment_intent.created", intent)
    scope.emit("invoice.finalized", item)
    scope.emit("invoice.updated", item, previous)


def attach(scope: Scope, item: Object, intent: Object, cents: int, *, is_default: bool) -> Object:
    """Let a PaymentIntent pay an invoice, or a part of it."""
    payment = scope.save(
        scope.new(
            "invoice_payment",
            amount_requested=cents,
            currency=item["currency"],
            invoice=item["id"],
            is_default=is_default,
            payment={"payment_intent": intent["id"], "type": "payment_intent"},
            status="open",
            status_transitions={"canceled_at": None, "paid_at": None},
        )
    )
    scope.notes(intent["id"]).update(invoice=item["id"], invoice_payment=payment["id"])
    return payment


def _due_after_balance(scope: Scope, item: Object, customer: Object) -> int:
    """Return what is left to pay; credit is used up, and what a card cannot pay goes to the customer's balance."""
    due: int = item["total"] + customer["balance"]
    too_small = 0 < due < SMALLEST and item["collection_method"] == "charge_automatically"
    if due <= 0 or too_small:
        change, due = item["total"], 0
    else:
        change = -customer["balance"]
    if change:
        kind = "invoice_too_small" if too_small else "applied_to_invoice"
        customers.change_balance(scope, customer, change, kind, invoice=item["id"])
        scope.notes(item["id"])["applied"] = change
    return due


def _method_types(scope: Scope, item: Object) -> list[str]:
    """Return how an invoice may be paid: as it says itself, or as the account's invoice template says."""
    return list(item["payment_settings"]["payment_method_types"] or scope.double.switches.invoice_template_methods)


def _next_number(scope: Scope, customer: Object) -> str:
    sequence = customer["next_invoice_sequence"]
    scope.change(customer, next_invoice_sequence=sequence + 1)
    return f"{customer['invoice_prefix']}-{sequence:04d}"


def _check_advance(parameters: Parameters) -> None:
    if parameters.get("auto_advance"):
        raise SpecificationViolation("The double does not advance invoices by itself: use auto_advance=false.")


def _check_number(scope: Scope, changes: Object) -> None:
    number = changes.get("number")
    if number and any(item["number"] == number for item in scope.table("invoice").objects.values()):
        raise invalid("An invoice with this number already exists.", param="number")


def _default_method(scope: Scope, parameters: Parameters, customer: str) -> str | None:
    identifier = parameters.get("default_payment_method")
    if not identifier:
        return None
    method = payment_methods.resolve(scope, identifier, "default_payment_method")
    if method["customer"] != customer:
        raise invalid(
            f"The customer does not have a payment method with the ID {identifier}. The payment method must "
            "be attached to the customer.",
            param="default_payment_method",
            code="resource_missing",
        )
    found: str = method["id"]
    return found


def _payment_settings(parameters: Parameters) -> Object:
    sent = parameters.get("payment_settings", {})
    return {
        "default_mandate": None,
        "payment_method_options": None,
        "payment_method_types": sent.get("payment_method_types") or None,
    }
