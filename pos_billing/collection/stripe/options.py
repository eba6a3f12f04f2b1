"""The one setting of collection that depends on another: how fast Stripe may be called."""

from pos_billing.conf import setting

LIVE_CALLS_PER_SECOND = 80.0
TEST_CALLS_PER_SECOND = 20.0


def calls_per_second(live: bool) -> float:
    """How fast all workers together may call one Stripe account: below its limit of 100 (25 in test mode)."""
    return float(setting("STRIPE_CALLS_PER_SECOND")) or (LIVE_CALLS_PER_SECOND if live else TEST_CALLS_PER_SECOND)
