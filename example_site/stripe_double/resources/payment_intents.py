"""PaymentIntents: made by invoices or by hand, confirmed by a server or by the card's holder."""

from example_site.stripe_double.errors import StripeError, invalid, refused
from example_site.stripe_double.listing import listed, searched
from example_site.stripe_double.resources import collecting, paying, payment_methods
from example_site.stripe_double.resources.authentication import check_secret
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

SMALLEST = 50
GREATEST = 99_999_999
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def check_amount(amount: int) -> None:
    """Refuse amounts that cannot be charged (API reference, PaymentIntent `amount`: 50 cents to eight digits)."""
    if amount < SMALLEST:
        raise invalid("Amount must be at least $0.50 usd", param="amount", code="amount_too_small")
    if amount > GREATEST:
        raise invalid("Amount must be no more than $999,999.99", param="amount", code="amount_too_large")


def check_type(intent: Object, method: Object) -> None:
    """Refuse a payment method of a kind that a PaymentIntent does not take."""
    if method["type"] not in intent["payment_method_types"]:
        raise invalid(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent. Please attach a "
            f"PaymentMethod of one of the following types: {', '.join(intent['payment_method_types'])}.",
            param="payment_method",
            code="payment_intent_incompatible_payment_method",
        )


def make_intent(scope: Scope, amount: int, currency: str, customer: str | None, **fields: object) -> Object:
    """Make a PaymentIntent that waits for a card."""
    item = scope.new(
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        capture_method="automatic",
        confirmation_method="automatic",
        currency=currency,
        customer=customer,
        metadata={},
        payment_method_options={
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        payment_method_types=["card"],
        status="requires_payment_method",
    )
    item.update(fields)
    item["client_secret"] = f"{item['id']}_secret_{scope.double.identifiers.token(25)}"
    scope.save(item)
    return item


@endpoint("POST", "/v1/payment_intents")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a PaymentIntent, and confirm it when asked to."""
    check_amount(parameters["amount"])
    customer = scope.referred("customer", parameters, "customer")
    item = make_intent(
        scope,
        parameters["amount"],
        parameters["currency"],
        customer["id"] if customer else None,
        metadata=merged_metadata({}, parameters.get("metadata")),
        payment_method_types=parameters.get("payment_method_types", ["card"]),
        **given(parameters, "description", "receipt_email", "setup_future_usage", "statement_descriptor"),
    )
    if parameters.get("payment_method"):
        scope.change(
            item,
            payment_method=payment_methods.resolve(scope, parameters["payment_method"])["id"],
            status="requires_confirmation",
        )
    scope.emit("payment_intent.created", item)
    if parameters.get("confirm"):
        return _confirm(scope, item, parameters)
    return item


@endpoint("GET", "/v1/payment_intents/{intent}", publishable=True)
def retrieve(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Return a PaymentIntent."""
    item = scope.find("payment_intent", intent, "intent")
    check_secret(scope, item, parameters)
    return item


@endpoint("POST", "/v1/payment_intents/{intent}")
def update(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Change a PaymentIntent's description or metadata."""
    item = scope.find("payment_intent", intent, "intent")
    changes = given(parameters, "description", "receipt_email", "setup_future_usage")
    if parameters.get("payment_method"):
        changes["payment_method"] = payment_methods.resolve(scope, parameters["payment_method"])["id"]
    scope.change(item, metadata=merged_metadata(item["metadata"], parameters.get("metadata")), **changes)
    return item


@endpoint("POST", "/v1/payment_intents/{intent}/confirm", publishable=True)
def confirm(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Charge the card, or ask for 3-D Secure first."""
    item = scope.find("payment_intent", intent, "intent")
    check_secret(scope, item, parameters)
    return _confirm(scope, item, parameters)


@endpoint("POST", "/v1/payment_intents/{intent}/cancel")
def cancel(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Cancel a PaymentIntent."""
    item = scope.find("payment_intent", intent, "intent")
    if collecting.invoice_of(scope, item) is not None:
        raise invalid("You cannot cancel a PaymentIntent created by an Invoice. You should instead void the Invoice.")
    if item["status"] in ("succeeded", "canceled"):
        raise _unexpected_state(item, "cancel")
    return cancel_intent(scope, item, parameters.get("cancellation_reason"))


@endpoint("GET", "/v1/payment_intents")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List PaymentIntents."""
    return listed(scope, "payment_intent", parameters, "/v1/payment_intents")


@endpoint("GET", "/v1/payment_intents/search")
def search(scope: Scope, parameters: Parameters) -> Object:
    """Find PaymentIntents by a query."""
    return searched(scope, "payment_intent", parameters, "/v1/payment_intents/search")


def cancel_intent(scope: Scope, item: Object, reason: str | None) -> Object:
    """Cancel a PaymentIntent and announce it."""
    scope.change(item, status="canceled", canceled_at=scope.now, cancellation_reason=reason, next_action=None)
    scope.emit("payment_intent.canceled", item)
    return item


def authenticated(scope: Scope, item: Object, passed: bool) -> None:
    """Go on after 3-D Secure: charge the card, or note that the bank did not know its holder."""
    if not passed:
        collecting.give_up_authentication(scope, item)
        return
    method = scope.find("payment_method", item["payment_method"])
    collecting.collect(scope, item, method, Parameters(), off_session=False, authenticated=True)


def _confirm(scope: Scope, item: Object, parameters: Parameters) -> Object:
    if item["status"] not in CONFIRMABLE:
        raise _unexpected_state(item, "confirm")
    if parameters.get("payment_method"):
        method = payment_methods.resolve(scope, parameters["payment_method"])
    elif item["payment_method"]:
        method = scope.find("payment_method", item["payment_method"])
    else:
        raise refused(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            param="payment_method",
            code="payment_intent_unexpected_state",
        )
    if method["customer"] not in (None, item["customer"]):
        raise invalid(
            "The provided PaymentMethod cannot be attached to this PaymentIntent: it belongs to another Customer.",
            param="payment_method",
        )
    check_type(item, method)
    off_session = parameters.get("off_session") in (True, "one_off", "recurring")
    result = collecting.collect(scope, item, method, parameters, off_session=off_session)
    if result.error is not None:
        raise result.error
    if result.outcome == paying.PAID and item["setup_future_usage"] and item["customer"] and not method["customer"]:
        payment_methods.attach_to(scope, method["id"], item["customer"])
    return item


def _unexpected_state(item: Object, verb: str) -> StripeError:
    return invalid(
        f"You cannot {verb} this PaymentIntent because it has a status of {item['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=dict(item),
    )
