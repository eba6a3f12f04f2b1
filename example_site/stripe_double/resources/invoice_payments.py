"""Invoice payments: which PaymentIntent pays which invoice."""

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
