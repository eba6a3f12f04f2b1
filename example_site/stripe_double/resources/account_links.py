"""Account links: the page where a connected account's owner gives Stripe what it asks for."""

from example_site.stripe_double.resources.accounts import find_account
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

VALID_SECONDS = 300


@endpoint("POST", "/v1/account_links")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Return a link; accounts of the double are onboarded from the start, so that it leads straight back."""
    find_account(scope, parameters["account"])
    parameters.disregard("collect", "collection_options", "refresh_url", "type")
    return {
        "object": "account_link",
        "created": scope.now,
        "expires_at": scope.now + VALID_SECONDS,
        "url": parameters["return_url"],
    }
