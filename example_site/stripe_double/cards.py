"""Stripe's published test cards, and what each of them does."""

from dataclasses import dataclass
from typing import Any

from example_site.stripe_double.errors import StripeError, card_error, refused

SUCCEEDS = "succeeds"
NEVER, UNLESS_SET_UP, ALWAYS = "never", "unless_set_up", "always"

# decline code -> (error code, message, advice to the merchant)
DECLINES: dict[str, tuple[str, str, str]] = {
    "generic_decline": ("card_declined", "Your card was declined.", "try_again_later"),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds.", "try_again_later"),
    "lost_card": ("card_declined", "Your card was declined.", "do_not_try_again"),
    "stolen_card": ("card_declined", "Your card was declined.", "do_not_try_again"),
    "fraudulent": ("card_declined", "Your card was declined.", "do_not_try_again"),
    "card_velocity_exceeded": (
        "card_declined",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        "try_again_later",
    ),
    "expired_card": ("expired_card", "Your card has expired.", "confirm_card_data"),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data"),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        "try_again_later",
    ),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
        "try_again_later",
    ),
}
WITHOUT_DECLINE_CODE = frozenset({"expired_card", "incorrect_cvc", "processing_error"})


@dataclass(frozen=True)
class Card:
    """A card number and how it behaves when it is saved (`attach`) and charged."""

    number: str
    brand: str = "visa"
    funding: str = "credit"
    attach: str = SUCCEEDS
    charge: str = SUCCEEDS
    authentication: str = NEVER
    set_up: bool = False
    dispute: str | None = None
    refund: str = SUCCEEDS
    country: str = "US"


def _refusing(number: str, code: str) -> Card:
    return Card(number, attach=code, charge=code)


TEST_CARDS: dict[str, Card] = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("4000056655665556", funding="debit"),
        Card("5555555555554444", brand="mastercard"),
        Card("5200828282828210", brand="mastercard", funding="debit"),
        Card("378282246310005", brand="amex"),
        Card("6011111111111117", brand="discover"),
        Card("4000000000000077"),
        _refusing("4000000000000002", "generic_decline"),
        _refusing("4000000000009995", "insufficient_funds"),
        _refusing("4000000000009987", "lost_card"),
        _refusing("4000000000009979", "stolen_card"),
        _refusing("4000000000000069", "expired_card"),
        _refusing("4000000000000127", "incorrect_cvc"),
        _refusing("4000000000000119", "processing_error"),
        _refusing("4000000000006975", "card_velocity_exceeded"),
        Card("4100000000000019", charge="fraudulent"),
        Card("4000000000000341", charge="generic_decline"),
        Card("4000002500003155", authentication=UNLESS_SET_UP, country="FR"),
        Card("4000002760003184", authentication=ALWAYS, country="DE"),
        Card("4000000000003220", authentication=ALWAYS),
        Card("4000003800000446", authentication=UNLESS_SET_UP, set_up=True, country="GB"),
        Card("4000008260003178", authentication=ALWAYS, charge="insufficient_funds", country="GB"),
        Card("4000008400001629", authentication=ALWAYS, charge="generic_decline"),
        Card("4000000000000259", dispute="fraudulent"),
        Card("4000000000005126", refund="fails"),
    )
}

TOKENS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_visa_debit": "4000056655665556",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_discover": "6011111111111117",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedLostCard": "4000000000009987",
    "pm_card_visa_chargeDeclinedStolenCard": "4000000000009979",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_chargeCustomerFail": "4000000000000341",
    "pm_card_authenticationRequiredOnSetup": "4000002500003155",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000000000003220",
    "pm_card_authenticationRequiredSetupForOffSession": "4000003800000446",
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_refundFail": "4000000000005126",
}


def find_card(number: str) -> Card:
    """Return the test card of a number; other numbers raise the errors Stripe gives in test mode."""
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isdigit() or not 12 <= len(digits) <= 19 or not passes_luhn(digits):
        raise card_error("Your card number is incorrect.", "incorrect_number", param="number")
    card = TEST_CARDS.get(digits)
    if card is None:
        raise card_error(
            "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid "
            "test cards, visit: https://stripe.com/docs/testing.",
            "card_declined",
            decline_code="test_mode_live_card",
        )
    return card


def passes_luhn(digits: str) -> bool:
    """Tell whether a card number's check digit is right."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        digit = int(character)
        if position % 2:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def check_expiry(month: int, year: int, now_year: int, now_month: int) -> tuple[int, int]:
    """Return month and four-digit year; refuse dates that cannot be a card's, or have passed."""
    if not 1 <= month <= 12:
        raise card_error("Your card's expiration month is invalid.", "invalid_expiry_month", param="exp_month")
    full_year = year + 2000 if year < 100 else year
    if (full_year, month) < (now_year, now_month):
        code = "invalid_expiry_year" if full_year < now_year else "invalid_expiry_month"
        raise card_error(
            "Your card's expiration year is invalid."
            if code == "invalid_expiry_year"
            else "Your card's expiration month is invalid.",
            code,
            param=code.replace("invalid_expiry", "exp"),
        )
    if full_year > now_year + 50:
        raise card_error("Your card's expiration year is invalid.", "invalid_expiry_year", param="exp_year")
    return month, full_year


def decline(outcome: str, **fields: Any) -> StripeError:
    """Return the card_error of a decline code."""
    code, message, advice = DECLINES[outcome]
    shown = None if outcome in WITHOUT_DECLINE_CODE else outcome
    return card_error(message, code, decline_code=shown, advice_code=advice, **fields)


def check_outcome(outcome: str) -> str:
    """Return the outcome if there is such a one; used by the control page."""
    if outcome != SUCCEEDS and outcome not in DECLINES:
        raise refused(f"No outcome is called {outcome!r}. There are: succeeds, {', '.join(DECLINES)}.")
    return outcome
