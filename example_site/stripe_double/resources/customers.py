"""Customers, and the credit balance that each of them has."""

from example_site.stripe_double.errors import invalid
from example_site.stripe_double.expansion import on_demand
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.resources import payment_methods
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

PLAIN = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping")


def live_customer(scope: Scope, parameters: Parameters, param: str = "customer") -> Object | None:
    """Return the customer that a parameter names; None when it names none."""
    return scope.referred("customer", parameters, param)


def invoice_settings(scope: Scope, customer: Object, parameters: Parameters) -> Object:
    """Return a customer's invoice settings after an update."""
    settings: Object = dict(customer["invoice_settings"])
    for name, value in parameters.get("invoice_settings", {}).items():
        settings[name] = None if value == "" else value
    method = settings.get("default_payment_method")
    if method:
        found = scope.find("payment_method", method, "invoice_settings[default_payment_method]", status=400)
        if found["customer"] != customer["id"]:
            raise invalid(
                f"The customer does not have a payment method with the ID {method}. The payment method must be "
                "attached to the customer.",
                param="invoice_settings[default_payment_method]",
                code="resource_missing",
            )
    return settings


def change_balance(scope: Scope, customer: Object, amount: int, kind: str, **fields: object) -> Object:
    """Add to what a customer owes (a negative amount is credit) and write down why."""
    scope.update(customer, "customer.updated", balance=customer["balance"] + amount)
    return _write_down(scope, customer, amount, kind, **fields)


def _write_down(scope: Scope, customer: Object, amount: int, kind: str, **fields: object) -> Object:
    return scope.save(
        scope.new(
            "customer_balance_transaction",
            amount=amount,
            currency=customer["currency"] or "usd",
            customer=customer["id"],
            ending_balance=customer["balance"],
            metadata={},
            type=kind,
            **fields,
        )
    )


@endpoint("POST", "/v1/customers")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a customer."""
    item = scope.new(
        "customer",
        balance=parameters.get("balance", 0),
        delinquent=False,
        invoice_prefix=parameters.get("invoice_prefix") or scope.double.identifiers.token(8).upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata=merged_metadata({}, parameters.get("metadata")),
        next_invoice_sequence=parameters.get("next_invoice_sequence", 1),
        preferred_locales=[],
        tax_exempt=parameters.get("tax_exempt") or "none",
    )
    item.update(given(parameters, *PLAIN))
    _complete_addresses(scope, item)
    if parameters.get("payment_method"):
        payment_methods.attach_to(scope, parameters["payment_method"], item["id"])
    item["invoice_settings"] = invoice_settings(scope, item, parameters)
    scope.save(item)
    if item["balance"]:
        _write_down(scope, item, item["balance"], "initial")
    scope.emit("customer.created", item)
    return item


@endpoint("GET", "/v1/customers/{customer}")
def retrieve(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """Return a customer; a deleted one as what Stripe keeps of it."""
    if scope.notes(customer).get("deleted"):
        return {"id": customer, "object": "customer", "deleted": True}
    return scope.find("customer", customer)


@endpoint("POST", "/v1/customers/{customer}")
def update(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """Change a customer."""
    item = scope.find("customer", customer)
    changes = given(parameters, *PLAIN, "balance", "invoice_prefix", "next_invoice_sequence", "tax_exempt")
    moved = changes.get("balance", item["balance"]) - item["balance"]
    changes["metadata"] = merged_metadata(item["metadata"], parameters.get("metadata"))
    changes["invoice_settings"] = invoice_settings(scope, item, parameters)
    if "address" in changes:
        changes["address"] = _complete_address(scope, changes["address"])
    scope.update(item, "customer.updated", **changes)
    if moved:
        _write_down(scope, item, moved, "adjustment")
    return item


@endpoint("DELETE", "/v1/customers/{customer}")
def delete(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """Delete a customer; its cards are detached."""
    item = scope.find("customer", customer)
    for method in list(scope.where("payment_method", "customer", customer)):
        payment_methods.detach_from(scope, method)
    scope.notes(customer)["deleted"] = True
    answer = scope.delete(item)
    scope.emit("customer.deleted", item)
    return answer


@endpoint("GET", "/v1/customers")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List customers."""
    return listed(scope, "customer", parameters, "/v1/customers")


@endpoint("GET", "/v1/customers/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find customers by a query, for example on metadata."""
    return searched(scope, "customer", parameters, "/v1/customers/search")


@endpoint("GET", "/v1/customers/{customer}/balance_transactions")
def list_balance(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """List the changes of a customer's balance."""
    scope.find("customer", customer)
    items = reversed(list(scope.where("customer_balance_transaction", "customer", customer)))
    url = f"/v1/customers/{customer}/balance_transactions"
    return listed(scope, "customer_balance_transaction", parameters, url, items=items)


@endpoint("POST", "/v1/customers/{customer}/balance_transactions")
def create_balance(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """Change a customer's balance by hand."""
    item = scope.find("customer", customer)
    if item["currency"] is None:
        scope.change(item, currency=parameters["currency"])
    made = change_balance(scope, item, parameters["amount"], "adjustment", **given(parameters, "description"))
    scope.change(made, metadata=merged_metadata({}, parameters.get("metadata")))
    return made


@on_demand("customer", "sources")
def sources(scope: Scope, customer: Object) -> Object:
    """Return the legacy sources: none."""
    return _nothing(f"/v1/customers/{customer['id']}/sources")


@on_demand("customer", "subscriptions")
def subscriptions(scope: Scope, customer: Object) -> Object:
    """Return the subscriptions: none."""
    return _nothing(f"/v1/customers/{customer['id']}/subscriptions")


@on_demand("customer", "tax_ids")
def tax_ids(scope: Scope, customer: Object) -> Object:
    """Return the tax identifiers: none."""
    return _nothing(f"/v1/customers/{customer['id']}/tax_ids")


def _nothing(url: str) -> Object:
    return {"object": "list", "data": [], "has_more": False, "url": url}


def _complete_addresses(scope: Scope, item: Object) -> None:
    if item["address"]:
        item["address"] = _complete_address(scope, item["address"])
    if item["shipping"] and item["shipping"].get("address"):
        item["shipping"] = {**item["shipping"], "address": _complete_address(scope, item["shipping"]["address"])}


def _complete_address(scope: Scope, address: Object | None) -> Object | None:
    if address is None:
        return None
    return {**scope.double.specification.blank("address"), **{key: value or None for key, value in address.items()}}
