"""Prices of products."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object


def make(scope: Scope, parameters: Parameters, *, announced: bool = True, of_inactive: bool = False) -> Object:
    """Make a price of a product that exists and, unless ``of_inactive``, is not archived."""
    product = scope.find("product", parameters["product"], "product", status=400)
    if not product["active"] and not of_inactive:
        # docs.stripe.com/products-prices/manage-prices: an archived product "can't be added to new invoices or
        # subscriptions"; the words are those of the error for subscriptions.
        raise invalid(
            f"The product {product['id']} is marked as inactive, and thus no new prices can be created for it.",
            param="product",
        )
    amount, decimal = parameters.get("unit_amount"), parameters.get("unit_amount_decimal")
    if amount is None and decimal is None:
        raise refused(
            "You must specify either `unit_amount`, `unit_amount_decimal`, or `custom_unit_amount` when "
            "`billing_scheme=per_unit`.",
            code="parameter_missing",
            param="unit_amount",
        )
    if amount is None and decimal is not None and decimal.lstrip("-").isdigit():
        amount = int(decimal)
    recurring = parameters.get("recurring")
    item = scope.new(
        "price",
        active=parameters.get("active", True),
        billing_scheme="per_unit",
        currency=parameters["currency"],
        metadata=merged_metadata({}, parameters.get("metadata")),
        product=product["id"],
        recurring=_recurring(scope, recurring) if recurring else None,
        tax_behavior=parameters.get("tax_behavior", "unspecified"),
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=decimal if decimal is not None else str(amount),
        **given(parameters, "lookup_key", "nickname"),
    )
    scope.save(item)
    if announced:
        scope.emit("price.created", item)
    return item


def _recurring(scope: Scope, parameters: Parameters) -> Object:
    blank = scope.double.specification.blank("recurring")
    return {**blank, "interval_count": 1, "usage_type": "licensed", **parameters}


@endpoint("POST", "/v1/prices")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a price."""
    return make(scope, parameters)


@endpoint("GET", "/v1/prices/{price}")
def retrieve(scope: Scope, parameters: Parameters, price: str) -> Object:
    """Return a price."""
    return scope.find("price", price)


@endpoint("POST", "/v1/prices/{price}")
def update(scope: Scope, parameters: Parameters, price: str) -> Object:
    """Archive or rename a price."""
    item = scope.find("price", price)
    return scope.update(
        item,
        "price.updated",
        **given(parameters, "active", "lookup_key", "nickname", "tax_behavior"),
        metadata=merged_metadata(item["metadata"], parameters.get("metadata")),
    )


@endpoint("GET", "/v1/prices")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List prices."""
    filters = parameters.copy()
    keys = filters.pop("lookup_keys", None)
    return listed(
        scope, "price", filters, "/v1/prices", wanted=None if keys is None else lambda item: item["lookup_key"] in keys
    )


@endpoint("GET", "/v1/prices/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find prices by a query."""
    return searched(scope, "price", parameters, "/v1/prices/search")
