"""Whose request it is: API keys, the platform's account, and the accounts connected to it."""

from typing import TYPE_CHECKING, Any

from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.resources.account_objects import account_object

if TYPE_CHECKING:
    from example_site.stripe_double.double import Double

# The keys that example_site's settings have when the environment gives none; they could never be real ones.
SECRET_KEY = "sk_test_" + "0" * 24
PUBLISHABLE_KEY = "pk_test_" + "0" * 24
PLATFORM_ACCOUNT = "acct_stripeDouble0001"
CLIENT_ID = "ca_stripeDoubleApplication"


class Accounts:
    """The accounts that there are, their keys, and which platform may act for which account."""

    def __init__(self, double: "Double") -> None:
        self.double = double
        self.secret_keys: dict[str, str] = {}
        self.publishable_keys: dict[str, str] = {}
        self.platforms: dict[str, str] = {}
        self.authorisation_codes: dict[str, str] = {}

    def add_platform(self) -> str:
        """Make the account whose keys are given above."""
        self.register(PLATFORM_ACCOUNT, SECRET_KEY, PUBLISHABLE_KEY)
        account_object(self.double.scope(PLATFORM_ACCOUNT), identifier=PLATFORM_ACCOUNT, name="Platform")
        return PLATFORM_ACCOUNT

    def add(
        self,
        *,
        name: str,
        email: str | None = None,
        connected_to: str | None = PLATFORM_ACCOUNT,
        secret_key: str | None = None,
        publishable_key: str | None = None,
        country: str = "US",
    ) -> dict[str, Any]:
        """Make another account with keys of its own; connect it to a platform unless that is None."""
        identifier = self.double.identifiers.new("account")
        token = self.double.identifiers.token
        secret_key = secret_key or f"sk_test_{token(32)}"
        publishable_key = publishable_key or f"pk_test_{token(32)}"
        self.register(identifier, secret_key, publishable_key)
        item = account_object(
            self.double.scope(identifier), identifier=identifier, name=name, email=email, country=country
        )
        if connected_to is not None:
            self.connect(identifier, connected_to)
        return {"account": item, "secret_key": secret_key, "publishable_key": publishable_key}

    def register(self, account: str, secret_key: str, publishable_key: str) -> None:
        """Give an account its keys."""
        self.secret_keys[secret_key] = account
        self.publishable_keys[publishable_key] = account

    def connect(self, account: str, platform: str = PLATFORM_ACCOUNT) -> None:
        """Let a platform act for an account."""
        self.platforms[account] = platform

    def deauthorise(self, account: str) -> None:
        """Take the platform's access away, and tell it."""
        platform = self.platforms.get(account)
        if platform is None:
            raise StripeError(
                401,
                "invalid_request_error",
                f"This application is not connected to stripe account {account}, or that account does not exist.",
            )
        application = {"id": CLIENT_ID, "object": "application", "name": "Platform"}
        self.double.announce(self.double.scope(account), "account.application.deauthorized", application)
        del self.platforms[account]

    def platform_of(self, account: str) -> str | None:
        """Return the platform that an account is connected to."""
        return self.platforms.get(account)

    def connected_to(self, platform: str) -> list[str]:
        """Return the accounts that a platform may act for."""
        return [account for account, owner in self.platforms.items() if owner == platform]

    def account_of_key(self, key: str | None) -> tuple[str, bool]:
        """Return the account of an API key, and whether the key is a publishable one."""
        if not key:
            raise StripeError(
                401,
                "invalid_request_error",
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                remembered=False,
            )
        if key in self.secret_keys:
            return self.secret_keys[key], False
        if key in self.publishable_keys:
            return self.publishable_keys[key], True
        shown = f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
        raise StripeError(401, "invalid_request_error", f"Invalid API Key provided: {shown}", remembered=False)

    def acting_for(self, account: str, header: str | None) -> str:
        """Return the account that a request is about: the key's own, or a connected one named by Stripe-Account."""
        if not header or header == account:
            return account
        if self.platforms.get(header) == account:
            return header
        raise StripeError(
            403,
            "invalid_request_error",
            f"The provided key does not have access to account '{header}' (or that account does not exist). "
            "Application access may have been revoked.",
            code="account_invalid",
            remembered=False,
        )

    def keys_of(self, account: str) -> dict[str, str | None]:
        """Return an account's keys."""
        return {
            "secret_key": next((key for key, owner in self.secret_keys.items() if owner == account), None),
            "publishable_key": next((key for key, owner in self.publishable_keys.items() if owner == account), None),
        }

    def dump(self) -> dict[str, Any]:
        """Return the state to be kept."""
        return {"secret_keys": self.secret_keys, "publishable_keys": self.publishable_keys, "platforms": self.platforms}

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.secret_keys = state["secret_keys"]
        self.publishable_keys = state["publishable_keys"]
        self.platforms = state["platforms"]
