"""The way to Stripe: the client, its pace, repeated tries, and errors in our own words. Only `stripe_api` uses it."""

import logging
import random
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import stripe
from djstripe.settings import djstripe_settings

from pos_billing.collection.stripe.options import calls_per_second
from pos_billing.collection.stripe.rate_limit import wait_for_turn
from pos_billing.collection.stripe.values import StripeKeySpent, StripeRefused, StripeUnreachable
from pos_billing.conf import setting

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.25
KEY_IN_USE = 409
calls_made = 0
"""How many requests this process has sent; the bench reads it."""


@lru_cache(maxsize=4)
def _client(api_key: str, base: str, version: str, timeout: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        api_key,
        stripe_version=version,
        base_addresses={"api": base},
        http_client=stripe.RequestsClient(timeout=timeout),
        max_network_retries=0,
    )


def call(
    request: Callable[[stripe.StripeClient, stripe.RequestOptions], stripe.StripeObject],
    *,
    stripe_account: str = "",
    key: str = "",
) -> dict[str, Any]:
    """Make a request and return Stripe's answer as plain values.

    ``request`` gets the client and the options (account, idempotency key). Lost answers, refusals for haste and
    Stripe's own failures are tried again with the same key, each in its turn (`pace`).
    Raises ``StripeUnreachable`` when no answer came, ``StripeBurnt`` when the key now stands for a failure of Stripe,
    ``StripeRefused`` for everything that another try cannot change; ``stripe.CardError`` comes as it is.
    """
    global calls_made
    client = _client(
        djstripe_settings.STRIPE_SECRET_KEY,
        stripe.api_base,
        djstripe_settings.STRIPE_API_VERSION,
        setting("STRIPE_TIMEOUT_SECONDS"),
    )
    options: stripe.RequestOptions = {}
    if stripe_account:
        options["stripe_account"] = stripe_account
    if key:
        options["idempotency_key"] = key
    tries = setting("STRIPE_TRIES")
    last: stripe.StripeError
    for attempt in range(1, tries + 1):
        wait_for_turn(stripe_account, calls_per_second(djstripe_settings.STRIPE_LIVE_MODE))
        calls_made += 1
        try:
            answer: dict[str, Any] = request(client, options).to_dict(for_json=True)
            return answer
        except stripe.CardError:
            raise
        except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
            last = error
        except stripe.StripeError as error:
            if error.code == "lock_timeout":
                last = error
            else:
                raise StripeRefused(error.code or type(error).__name__, error.user_message or str(error)) from error
        log.warning("Stripe, try %s of %s: %s", attempt, tries, last)
        if attempt < tries:
            time.sleep(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + random.random()))
    if isinstance(last, stripe.APIError) and last.http_status != KEY_IN_USE:
        raise StripeKeySpent(str(last)) from last
    raise StripeUnreachable(str(last)) from last
