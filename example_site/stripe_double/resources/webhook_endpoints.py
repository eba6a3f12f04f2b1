"""Webhook endpoints: where events are sent; the secret is told once, when the endpoint is made."""

from urllib.parse import urlsplit

from example_site.stripe_double.errors import invalid
from example_site.stripe_double.listing import listed
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

MOST = 16


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid(
            "Invalid URL: An explicit scheme (such as https) must be provided.", param="url", code="url_invalid"
        )
    return url


@endpoint("POST", "/v1/webhook_endpoints")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Register an endpoint; `connect` makes it hear of the connected accounts instead of one's own."""
    if len(scope.table("webhook_endpoint").objects) >= MOST:
        raise invalid(f"You have reached the maximum of {MOST} test webhook endpoints.")
    item = scope.new(
        "webhook_endpoint",
        api_version=parameters.get("api_version"),
        enabled_events=parameters["enabled_events"],
        metadata=merged_metadata({}, parameters.get("metadata")),
        status="enabled",
        url=_checked_url(parameters["url"]),
        **given(parameters, "description"),
    )
    secret = f"whsec_{scope.double.identifiers.token(32)}"
    scope.notes(item["id"]).update(secret=secret, connect=parameters.get("connect", False))
    scope.save(item)
    return {**item, "secret": secret}


@endpoint("GET", "/v1/webhook_endpoints/{webhook_endpoint}")
def retrieve(scope: Scope, parameters: Parameters, webhook_endpoint: str) -> Object:
    """Return an endpoint."""
    return scope.find("webhook_endpoint", webhook_endpoint)


@endpoint("POST", "/v1/webhook_endpoints/{webhook_endpoint}")
def update(scope: Scope, parameters: Parameters, webhook_endpoint: str) -> Object:
    """Change an endpoint, or switch it off and on."""
    item = scope.find("webhook_endpoint", webhook_endpoint)
    changes = given(parameters, "description", "enabled_events")
    if "url" in parameters:
        changes["url"] = _checked_url(parameters["url"])
    if "disabled" in parameters:
        changes["status"] = "disabled" if parameters["disabled"] else "enabled"
    scope.change(item, metadata=merged_metadata(item["metadata"], parameters.get("metadata")), **changes)
    return item


@endpoint("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}")
def delete(scope: Scope, parameters: Parameters, webhook_endpoint: str) -> Object:
    """Forget an endpoint."""
    return scope.delete(scope.find("webhook_endpoint", webhook_endpoint))


@endpoint("GET", "/v1/webhook_endpoints")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List endpoints."""
    return listed(scope, "webhook_endpoint", parameters, "/v1/webhook_endpoints")
