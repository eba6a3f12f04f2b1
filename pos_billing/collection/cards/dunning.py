"""When a declined payment is tried again, and when it is not. Pure: days in, days out."""

from collections.abc import Sequence
from datetime import date, timedelta

HARD_DECLINES = frozenset(
    {
        "card_not_supported",
        "currency_not_supported",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "no_action_taken",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "service_not_allowed",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
"""Decline codes after which the same card will never do: trying again only costs trust, and sometimes fees."""

NEVER_AGAIN = frozenset({"do_not_try_again", "confirm_card_data"})
"""Stripe's own advice that another card, or other data of it, is needed."""


def is_hard(decline_code: str, advice_code: str = "") -> bool:
    """Whether the card must not be tried again, by the bank's code or Stripe's advice."""
    return decline_code in HARD_DECLINES or advice_code in NEVER_AGAIN


def next_attempt(due_on: date, tried_on: date, retry_days: Sequence[int], declines: int) -> date | None:
    """The day of the next try after the card was declined on ``tried_on`` for the ``declines``-th time.

    ``retry_days`` are days after ``due_on``, ascending (a setting). Days that have passed by are left out, never
    caught up in a bunch, and there are never more tries than one and the number of retries. ``None``: no further try.
    """
    if declines > len(retry_days):
        return None
    later = (due_on + timedelta(days=days) for days in retry_days)
    return next((day for day in later if day > tried_on), None)


def card_expires_before(exp_year: int, exp_month: int, day: date) -> bool:
    """Whether a card is no longer valid on ``day``. Cards are valid through the last day of their month."""
    return (exp_year, exp_month) < (day.year, day.month)
