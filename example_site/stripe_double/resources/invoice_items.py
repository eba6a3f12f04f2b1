"""Invoice items: lines-to-be, on a draft or waiting for one."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources import customers, invoice_lines
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

LINE_FIELDS = ("amount", "description", "discountable", "metadata", "period", "price_data", "pricing", "quantity")


@endpoint("POST", "/v1/invoiceitems")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make an invoice item for a draft, or one that waits for the customer's next invoice."""
    invoice = invoice_lines.draft(scope, parameters["invoice"]) if parameters.get("invoice") else None
    customer = customers.live_customer(scope, parameters)
    if customer is None and invoice is None:
        raise refused("Missing required param: customer.", param="customer", code="parameter_missing")
    owner = customer["id"] if customer else str(invoice and invoice["customer"])
    if invoice and invoice["customer"] != owner:
        raise invalid("The invoice belongs to another customer.", param="invoice")
    sent = {name: parameters[name] for name in LINE_FIELDS if name in parameters}
    currency = parameters.get("currency") or (invoice and invoice["currency"]) or _currency(scope, sent)
    if invoice and currency != invoice["currency"]:
        raise invalid(
            f"The currency of the invoice item ({currency}) is not the invoice's ({invoice['currency']}).",
            param="currency",
        )
    item = invoice_lines.make_item(scope, owner, invoice, sent, currency)
    scope.emit("invoiceitem.created", item)
    if invoice:
        scope.emit("invoice.updated", invoice, {"total": invoice["total"] - item["amount"]})
    return item


def _currency(scope: Scope, sent: Object) -> str:
    if "price_data" in sent:
        return str(sent["price_data"]["currency"])
    if "pricing" in sent:
        return str(scope.find("price", sent["pricing"]["price"], "pricing[price]", status=400)["currency"])
    raise refused("Missing required param: currency.", param="currency", code="parameter_missing")


@endpoint("GET", "/v1/invoiceitems/{invoiceitem}")
def retrieve(scope: Scope, parameters: Parameters, invoiceitem: str) -> Object:
    """Return an invoice item."""
    return scope.find("invoiceitem", invoiceitem)


@endpoint("POST", "/v1/invoiceitems/{invoiceitem}")
def update(scope: Scope, parameters: Parameters, invoiceitem: str) -> Object:
    """Change an invoice item's description or metadata."""
    item = scope.find("invoiceitem", invoiceitem)
    changes = given(parameters, "description", "period")
    changes["metadata"] = merged_metadata(item["metadata"], parameters.get("metadata"))
    if item["invoice"]:
        invoice = invoice_lines.draft(scope, item["invoice"])
        line = scope.find("line_item", scope.notes(item["id"])["line"])
        scope.change(line, **changes)
        scope.save(invoice)
    scope.change(item, **changes)
    return item


@endpoint("DELETE", "/v1/invoiceitems/{invoiceitem}")
def delete(scope: Scope, parameters: Parameters, invoiceitem: str) -> Object:
    """Delete an invoice item that is on no final invoice."""
    item = scope.find("invoiceitem", invoiceitem)
    invoice_lines.remove_item(scope, item)
    answer = scope.delete(item)
    scope.emit("invoiceitem.deleted", item)
    if item["invoice"]:
        invoice = scope.find("invoice", item["invoice"])
        scope.emit("invoice.updated", invoice, {"total": invoice["total"] + item["amount"]})
    return answer


@endpoint("GET", "/v1/invoiceitems")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List invoice items."""
    filters = parameters.copy()
    pending = filters.pop("pending", None)
    return listed(
        scope,
        "invoiceitem",
        filters,
        "/v1/invoiceitems",
        wanted=None if pending is None else lambda item: (item["invoice"] is None) is pending,
    )
