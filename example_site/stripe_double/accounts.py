"""Whose request it is: API keys with what they may do, and which platform may act for which account."""

from dataclasses import asdict, dataclass, field
from typing import Any

from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.store import account_of, is_live

# The keys that example_site's settings have when the environment gives none; they could never be real ones.
SECRET_KEY = "sk_test_" + "0" * 24
PUBLISHABLE_KEY = "pk_test_" + "0" * 24
LIVE_SECRET_KEY = SECRET_KEY.replace("_test_", "_live_")
PLATFORM_ACCOUNT = "acct_stripeDouble0001"
CLIENT_ID = "ca_stripeDoubleApplication"
SECRET, PUBLISHABLE, RESTRICTED = "secret", "publishable", "restricted"
WRITE = "write"


@dataclass
class Key:
    """An API key. A restricted one may do what `permissions` say: a resource's name to "read" or "write"."""

    account: str
    kind: str
    livemode: bool = False
    permissions: dict[str, str] = field(default_factory=dict)
    expires_at: float | None = None


def masked(key: str) -> str:
    """Return a key as Stripe shows it in errors: its kind and its last letters."""
    return f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"


class Accounts:
    """The keys that there are, and the accounts connected to a platform."""

    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.platforms: dict[str, str] = {}
        self.authorisation_codes: dict[str, str] = {}

    def register(self, account: str, secret_key: str, publishable_key: str) -> None:
        """Give an account its keys, for test mode and for live mode."""
        for live in (False, True):
            for kind, key in ((SECRET, secret_key), (PUBLISHABLE, publishable_key)):
                self.keys[key.replace("_test_", "_live_") if live else key] = Key(account, kind, live)

    def restrict(self, key: str, permissions: dict[str, str], like: str = SECRET_KEY) -> str:
        """Make a restricted key of the account and the mode of another key."""
        owner = self.keys[like]
        self.keys[key] = Key(owner.account, RESTRICTED, owner.livemode, dict(permissions))
        return key

    def roll(self, key: str, new: str, expires_at: float) -> str:
        """Replace a key by a new one; the old one works until a moment (docs.stripe.com/keys, "Rotate an API key")."""
        old = self.keys[key]
        self.keys[new] = Key(old.account, old.kind, old.livemode, dict(old.permissions))
        old.expires_at = expires_at
        return new

    def connect(self, account: str, platform: str = PLATFORM_ACCOUNT) -> None:
        """Let a platform act for an account."""
        self.platforms[account] = platform

    def platform_of(self, account: str) -> str | None:
        """Return the platform that an account is connected to."""
        return self.platforms.get(account_of(account))

    def connected_to(self, platform: str) -> list[str]:
        """Return the accounts that a platform may act for."""
        return [account for account, owner in self.platforms.items() if owner == platform]

    def is_secret(self, key: str) -> bool:
        """Tell whether a key is a secret one."""
        return key in self.keys and self.keys[key].kind == SECRET

    def authenticate(self, key: str | None, now: float) -> Key:
        """Return what is known of an API key; unknown and expired ones raise 401."""
        if not key:
            raise StripeError(
                401,
                "invalid_request_error",
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
                remembered=False,
            )
        found = self.keys.get(key)
        if found is None:
            raise StripeError(
                401, "invalid_request_error", f"Invalid API Key provided: {masked(key)}", remembered=False
            )
        if found.expires_at is not None and now >= found.expires_at:
            raise StripeError(
                401,
                "invalid_request_error",
                f"Expired API Key provided: {masked(key)}",
                code="api_key_expired",  # docs.stripe.com/error-codes
                remembered=False,
            )
        return found

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

    def keys_of(self, place: str) -> dict[str, str | None]:
        """Return an account's keys in test mode or live mode, the newest of each kind."""
        result: dict[str, str | None] = {"secret_key": None, "publishable_key": None}
        for key, known in self.keys.items():
            if known.account == account_of(place) and known.livemode is is_live(place) and known.kind != RESTRICTED:
                result[f"{known.kind}_key"] = key
        return result

    def dump(self) -> dict[str, Any]:
        """Return the state to be kept."""
        return {"keys": {key: asdict(known) for key, known in self.keys.items()}, "platforms": self.platforms}

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.keys = {key: Key(**known) for key, known in state["keys"].items()}
        self.platforms = state["platforms"]


def allow(key: Key, shown: str, method: str, path: str) -> None:
    """Refuse what a restricted key may not do (docs.stripe.com/keys: GET needs read, POST and DELETE need write)."""
    if key.kind != RESTRICTED:
        return
    resource = resource_of(path)
    wanted = "read" if method == "GET" else WRITE
    if key.permissions.get(resource) in (wanted, WRITE):
        return
    raise StripeError(
        403,
        "invalid_request_error",
        f"The provided key '{masked(shown)}' does not have the required permissions for this endpoint on account "
        f"'{key.account}'. Having the 'rak_{resource}_{wanted}' permission would allow this request to continue.",
        remembered=False,
    )


def resource_of(path: str) -> str:
    """Return the name that permissions have for the resource of a path: `/v1/invoices/in_1/pay` is `invoice`."""
    name = path.split("/")[2]
    return {"invoiceitems": "invoice", "balance": "balance"}.get(name, name.removesuffix("s"))
