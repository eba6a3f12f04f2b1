"""One try to charge a card for a PaymentIntent: it is paid, refused, or 3-D Secure is asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from example_site.stripe_double import cards
from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.resources import disputes, refunds
from example_site.stripe_double.resources.authentication import next_action
from example_site.stripe_double.resources.balance import book
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

PAID, REFUSED, ACTION_REQUIRED = "paid", "refused", "action_required"


@dataclass(frozen=True)
class Result:
    """How a try ended, with the bank's refusal when there was one."""

    outcome: str
    error: StripeError | None = None


def attempt(
    scope: Scope,
    intent: Object,
    method: Object,
    parameters: Parameters,
    *,
    off_session: bool,
    authenticated: bool = False,
) -> Result:
    """Charge a card once."""
    notes = scope.notes(method["id"])
    scope.change(intent, payment_method=method["id"])
    needed = notes["authentication"] == cards.ALWAYS or (
        notes["authentication"] == cards.UNLESS_SET_UP and not notes["set_up"]
    )
    if needed and not authenticated:
        if off_session and not scope.notes(intent["id"]).get("invoice"):
            return _refuse(scope, intent, method, "authentication_required")
        scope.change(
            intent,
            status="requires_action",
            next_action=next_action(scope, intent, parameters),
            last_payment_error=None,
        )
        scope.emit("payment_intent.requires_action", intent)
        return Result(ACTION_REQUIRED)
    outcome = _outcome(scope, method, notes)
    if outcome != cards.SUCCEEDS:
        return _refuse(scope, intent, method, outcome)
    return _accept(scope, intent, method, authenticated)


def authentication_failed(scope: Scope, intent: Object) -> Result:
    """Note that the card's holder did not pass 3-D Secure."""
    method = scope.find("payment_method", intent["payment_method"])
    error = StripeError(
        402,
        "card_error",
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
        code="payment_intent_authentication_failure",
        payment_method=dict(method),
    )
    scope.change(
        intent,
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error=dict(error.error),
    )
    scope.emit("payment_intent.payment_failed", intent)
    return Result(REFUSED, error)


def _outcome(scope: Scope, method: Object, notes: Object) -> str:
    scripted: list[str] = notes.get("next_outcomes") or []
    if scripted:
        return scripted.pop(0)
    today = datetime.fromtimestamp(scope.now, UTC)
    if (method["card"]["exp_year"], method["card"]["exp_month"]) < (today.year, today.month):
        return "expired_card"
    outcome: str = notes["charge"]
    return outcome


def _refuse(scope: Scope, intent: Object, method: Object, outcome: str) -> Result:
    error = cards.decline(outcome, payment_method=dict(method))
    fields = error.error
    charge = _charge(
        scope,
        intent,
        method,
        paid=False,
        status="failed",
        captured=False,
        amount_captured=0,
        failure_code=fields["code"],
        failure_message=fields["message"],
        outcome={
            "advice_code": fields.get("advice_code"),
            "network_advice_code": None,
            "network_decline_code": "05",
            "network_status": "declined_by_network",
            "reason": fields.get("decline_code", fields["code"]),
            "risk_level": "normal",
            "risk_score": 20,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
    )
    fields["charge"] = charge["id"]
    scope.change(
        intent,
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        latest_charge=charge["id"],
        last_payment_error=dict(fields),
    )
    scope.emit("charge.failed", charge)
    scope.emit("payment_intent.payment_failed", intent)
    return Result(REFUSED, error)


def _accept(scope: Scope, intent: Object, method: Object, authenticated: bool) -> Result:
    charge = _charge(
        scope,
        intent,
        method,
        paid=True,
        status="succeeded",
        captured=True,
        amount_captured=intent["amount"],
        authenticated=authenticated,
        outcome={
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 20,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
    )
    movement = book(scope, "charge", intent["amount"], intent["currency"], charge["id"], intent["description"])
    scope.change(charge, balance_transaction=movement["id"])
    refunds.send_waiting(scope)
    scope.change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        next_action=None,
        latest_charge=charge["id"],
        last_payment_error=None,
    )
    scope.emit("charge.succeeded", charge)
    scope.emit("payment_intent.succeeded", intent)
    reason = scope.notes(method["id"]).get("dispute")
    if reason:
        disputes.open_dispute(scope, charge, reason)
    return Result(PAID)


def _charge(scope: Scope, intent: Object, method: Object, *, authenticated: bool = False, **fields: Any) -> Object:
    blank = scope.double.specification.blank
    card = method["card"]
    details = {
        **blank("payment_method_details_card"),
        "amount_authorized": fields["amount_captured"],
        "brand": card["brand"],
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
        "country": card["country"],
        "exp_month": card["exp_month"],
        "exp_year": card["exp_year"],
        "fingerprint": card["fingerprint"],
        "funding": card["funding"],
        "last4": card["last4"],
        "network": card["brand"],
        "regulated_status": card["regulated_status"],
        "three_d_secure": _three_d_secure(scope) if authenticated else None,
    }
    charge = scope.new(
        "charge",
        amount=intent["amount"],
        amount_refunded=0,
        billing_details=dict(method["billing_details"]),
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        fraud_details={},
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={"card": details, "type": "card"},
        radar_options={},
        receipt_email=intent["receipt_email"],
        refunded=False,
        **fields,
    )
    charge["calculated_statement_descriptor"] = "STRIPE DOUBLE"
    if charge["paid"]:
        charge["receipt_url"] = f"{scope.double.base_url}/receipts/{scope.place}/{charge['id']}"
    return scope.save(charge)


def _three_d_secure(scope: Scope) -> Object:
    return {
        **scope.double.specification.blank("three_d_secure_details_charge"),
        "authentication_flow": "challenge",
        "result": "authenticated",
        "version": "2.2.0",
    }
