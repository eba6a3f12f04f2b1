"""The settings of collection, from the host's ``POS_BILLING``, with their defaults."""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "RETRY_DAYS": (3, 7, 14, 21),
    "STRIPE_CALLS_PER_SECOND": None,
    "STRIPE_TIMEOUT_SECONDS": 30,
    "STRIPE_TRIES": 3,
    "STRIPE_JS_URL": "https://js.stripe.com/dahlia/stripe.js",
    "CARD_NOTICE_DAYS": 14,
    "PORTAL_SCHEME": "https",
    "PORTAL_PORT": "",
}


def option(name: str) -> Any:
    """A setting of collection: the host's, or its default. An unknown name is a KeyError."""
    return getattr(settings, "POS_BILLING", {}).get(name, DEFAULTS[name])


def calls_per_second(live: bool) -> float:
    """How fast all workers together may call one Stripe account: below its limit of 100 (25 in test mode)."""
    chosen = option("STRIPE_CALLS_PER_SECOND")
    return float(chosen) if chosen else (80.0 if live else 20.0)
