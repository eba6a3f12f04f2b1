"""Invoice payments: which PaymentIntent pays which invoice."""

from example_site.stripe_double.expansion import on_demand
from example_site.stripe_double.listing import listed
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object


@endpoint("GET", "/v1/invoice_payments/{invoice_payment}")
def retrieve(scope: Scope, parameters: Parameters, invoice_payment: str) -> Object:
    """Return an invoice payment."""
    return scope.find("invoice_payment", invoice_payment)


@endpoint("GET", "/v1/invoice_payments")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List invoice payments, of an invoice or of a PaymentIntent."""
    filters = parameters.copy()
    payment = filters.pop("payment", None)

    def wanted(item: Object) -> bool:
        return payment is None or item["payment"].get(payment["type"]) == payment.get(payment["type"])

    return listed(scope, "invoice_payment", filters, "/v1/invoice_payments", wanted=wanted)


@on_demand("invoice", "payments")
def payments(scope: Scope, invoice: Object) -> Object:
    """Return the payments of an invoice; Stripe sends them only when `expand` asks."""
    items = list(scope.where("invoice_payment", "invoice", invoice["id"]))
    return {"object": "list", "data": items[:10], "has_more": len(items) > 10, "url": "/v1/invoice_payments"}


@on_demand("invoice", "confirmation_secret")
def confirmation_secret(scope: Scope, invoice: Object) -> Object | None:
    """Return the client secret of the payment that an open invoice waits for."""
    if invoice["status"] != "open":
        return None
    for payment in scope.where("invoice_payment", "invoice", invoice["id"]):
        if payment["status"] != "open":
            continue
        intent = scope.find("payment_intent", payment["payment"]["payment_intent"])
        return {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return None
