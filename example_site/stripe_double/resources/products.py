"""Products: what is sold."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.resources import prices
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

PLAIN = (
    "active",
    "description",
    "images",
    "marketing_features",
    "name",
    "shippable",
    "statement_descriptor",
    "tax_code",
    "unit_label",
    "url",
)


@endpoint("POST", "/v1/products")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a product; its identifier may be given."""
    identifier = parameters.get("id")
    if identifier and scope.table("product").get(identifier):
        raise invalid("Product already exists.", param="id", code="resource_already_exists")
    if not parameters["name"]:
        raise refused("You passed an empty string for 'name'.", param="name", code="parameter_invalid_empty")
    item = scope.new(
        "product",
        active=True,
        images=[],
        marketing_features=[],
        updated=scope.now,
        metadata=merged_metadata({}, parameters.get("metadata")),
    )
    if identifier:
        item["id"] = identifier
    item.update(given(parameters, *PLAIN))
    scope.save(item)
    scope.emit("product.created", item)
    if "default_price_data" in parameters:
        data = parameters["default_price_data"]
        price = prices.make(scope, Parameters({**data, "product": item["id"]}))
        scope.update(item, "product.updated", default_price=price["id"])
    return item


@endpoint("GET", "/v1/products/{id}")
def retrieve(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Return a product."""
    return scope.find("product", id)


@endpoint("POST", "/v1/products/{id}")
def update(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Rename, archive or otherwise change a product."""
    item = scope.find("product", id)
    changes = given(parameters, *PLAIN)
    if parameters.get("default_price"):
        changes["default_price"] = scope.find("price", parameters["default_price"], "default_price", status=400)["id"]
    changes["metadata"] = merged_metadata(item["metadata"], parameters.get("metadata"))
    if any(item.get(name) != value for name, value in changes.items()):
        changes["updated"] = scope.now
    return scope.update(item, "product.updated", **changes)


@endpoint("DELETE", "/v1/products/{id}")
def delete(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Delete a product that never had a price."""
    item = scope.find("product", id)
    if next(scope.where("price", "product", id), None):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.")
    answer = scope.delete(item)
    scope.emit("product.deleted", item)
    return answer


@endpoint("GET", "/v1/products")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List products."""
    filters = parameters.copy()
    identifiers = filters.pop("ids", None)
    return listed(
        scope,
        "product",
        filters,
        "/v1/products",
        wanted=None if identifiers is None else lambda item: item["id"] in identifiers,
    )


@endpoint("GET", "/v1/products/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find products by a query."""
    return searched(scope, "product", parameters, "/v1/products/search")
