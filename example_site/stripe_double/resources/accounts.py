"""Accounts: one's own, and those connected to it."""

from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources.account_objects import add_account
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object


def find_account(scope: Scope, account: str) -> Object:
    """Return one's own account or a connected one; any other is forbidden, as with Stripe."""
    connected = scope.double.accounts.connected_to(scope.account)
    if account != scope.account and account not in connected:
        raise StripeError(
            403,
            "invalid_request_error",
            f"The provided key does not have access to account '{account}' (or that account does not exist). "
            "Application access may have been revoked.",
            code="account_invalid",
        )
    return scope.of_account(account).find("account", account)


@endpoint("GET", "/v1/account")
def retrieve_own(scope: Scope, parameters: Parameters) -> Object:
    """Return the account that the request is about."""
    return find_account(scope, scope.account)


@endpoint("GET", "/v1/accounts/{account}")
def retrieve(scope: Scope, parameters: Parameters, account: str) -> Object:
    """Return an account."""
    return find_account(scope, account)


@endpoint("POST", "/v1/accounts/{account}")
def update(scope: Scope, parameters: Parameters, account: str) -> Object:
    """Change an account's email or metadata."""
    item = find_account(scope, account)
    theirs = scope.of_account(account)
    return theirs.update(
        item,
        "account.updated",
        **given(parameters, "email"),
        metadata=merged_metadata(item["metadata"], parameters.get("metadata")),
    )


@endpoint("GET", "/v1/accounts")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List the connected accounts."""
    items = [find_account(scope, account) for account in reversed(scope.double.accounts.connected_to(scope.account))]
    return listed(scope, "account", parameters, "/v1/accounts", items=items)


@endpoint("POST", "/v1/accounts")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a connected account; it counts as onboarded at once."""
    parameters.disregard("business_type", "capabilities", "controller", "type")
    profile = parameters.get("business_profile", {})
    made = add_account(
        scope.double,
        name=profile.get("name") or parameters.get("email") or "Connected account",
        email=parameters.get("email"),
        connected_to=scope.account,
        country=parameters.get("country", "US"),
    )
    item: Object = made["account"]
    theirs = scope.of_account(item["id"])
    theirs.change(item, metadata=merged_metadata({}, parameters.get("metadata")))
    return item
