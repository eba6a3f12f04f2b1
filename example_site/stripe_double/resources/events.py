"""Events: what happened, kept for thirty days."""

from fnmatch import fnmatchcase

from example_site.stripe_double.listing import listed
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

KEPT_SECONDS = 30 * 86400


@endpoint("GET", "/v1/events")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List events; `delivery_success` tells those that every endpoint took from the others."""
    filters = parameters.copy()
    patterns = filters.pop("types", None)
    if "type" in filters:
        patterns = [*(patterns or []), filters.pop("type")]
    success = filters.pop("delivery_success", None)
    oldest = scope.now - KEPT_SECONDS

    def wanted(event: Object) -> bool:
        if event["created"] < oldest:
            return False
        if success is not None and (event["pending_webhooks"] == 0) is not success:
            return False
        return patterns is None or any(fnmatchcase(event["type"], pattern) for pattern in patterns)

    return listed(scope, "event", filters, "/v1/events", wanted=wanted)


@endpoint("GET", "/v1/events/{id}")
def retrieve(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Return an event."""
    return scope.find("event", id)
