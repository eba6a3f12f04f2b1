"""Charges: what was taken from cards, and what was refused."""

from example_site.stripe_double.expansion import on_demand
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object


@endpoint("GET", "/v1/charges/{charge}")
def retrieve(scope: Scope, parameters: Parameters, charge: str) -> Object:
    """Return a charge."""
    return scope.find("charge", charge)


@endpoint("POST", "/v1/charges/{charge}")
def update(scope: Scope, parameters: Parameters, charge: str) -> Object:
    """Change a charge's description or metadata."""
    item = scope.find("charge", charge)
    return scope.update(
        item,
        "charge.updated",
        **given(parameters, "description", "receipt_email"),
        metadata=merged_metadata(item["metadata"], parameters.get("metadata")),
    )


@endpoint("GET", "/v1/charges")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List charges."""
    return listed(scope, "charge", parameters, "/v1/charges")


@endpoint("GET", "/v1/charges/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find charges by a query."""
    return searched(scope, "charge", parameters, "/v1/charges/search")


@on_demand("charge", "refunds")
def refunds(scope: Scope, charge: Object) -> Object:
    """Return the refunds of a charge."""
    items = list(scope.where("refund", "charge", charge["id"]))
    return {
        "object": "list",
        "data": list(reversed(items))[:10],
        "has_more": len(items) > 10,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }
