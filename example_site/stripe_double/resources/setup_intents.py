"""SetupIntents: a card saved for later, with 3-D Secure when its bank asks for it."""

from typing import Any

from example_site.stripe_double import cards
from example_site.stripe_double.errors import StripeError, card_error, invalid, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources import payment_methods
from example_site.stripe_double.resources.authentication import check_secret, next_action
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

AUTHENTICATION_FAILED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


@endpoint("POST", "/v1/setup_intents")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Begin to save a card."""
    customer = scope.referred("customer", parameters, "customer")
    automatic = parameters.get("automatic_payment_methods")
    item = scope.new(
        "setup_intent",
        automatic_payment_methods={"allow_redirects": "always", **automatic} if automatic else None,
        customer=customer["id"] if customer else None,
        metadata=merged_metadata({}, parameters.get("metadata")),
        payment_method_options={
            "card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
        },
        payment_method_types=parameters.get("payment_method_types", ["card"]),
        status="requires_payment_method",
        usage=parameters.get("usage", "off_session"),
        **given(parameters, "description"),
    )
    item["client_secret"] = f"{item['id']}_secret_{scope.double.identifiers.token(25)}"
    if parameters.get("payment_method"):
        item["payment_method"] = payment_methods.resolve(scope, parameters["payment_method"])["id"]
        item["status"] = "requires_confirmation"
    scope.save(item)
    scope.emit("setup_intent.created", item)
    if parameters.get("confirm"):
        return _confirm(scope, item, parameters)
    return item


@endpoint("GET", "/v1/setup_intents/{intent}", publishable=True)
def retrieve(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Return a SetupIntent."""
    item = scope.find("setup_intent", intent, "intent")
    check_secret(scope, item, parameters)
    return item


@endpoint("POST", "/v1/setup_intents/{intent}")
def update(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Change a SetupIntent that is not confirmed yet."""
    item = scope.find("setup_intent", intent, "intent")
    customer = scope.referred("customer", parameters, "customer")
    changes = given(parameters, "description")
    if customer:
        changes["customer"] = customer["id"]
    if parameters.get("payment_method"):
        changes["payment_method"] = payment_methods.resolve(scope, parameters["payment_method"])["id"]
        changes["status"] = "requires_confirmation"
    scope.change(item, metadata=merged_metadata(item["metadata"], parameters.get("metadata")), **changes)
    return item


@endpoint("POST", "/v1/setup_intents/{intent}/confirm", publishable=True)
def confirm(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Save the card, or ask for 3-D Secure first."""
    item = scope.find("setup_intent", intent, "intent")
    check_secret(scope, item, parameters)
    return _confirm(scope, item, parameters)


@endpoint("POST", "/v1/setup_intents/{intent}/cancel")
def cancel(scope: Scope, parameters: Parameters, intent: str) -> Object:
    """Give up saving a card."""
    item = scope.find("setup_intent", intent, "intent")
    if item["status"] in ("succeeded", "canceled"):
        raise _unexpected_state(item, "canceled")
    reason = parameters.get("cancellation_reason")
    scope.change(item, status="canceled", next_action=None, cancellation_reason=reason)
    scope.emit("setup_intent.canceled", item)
    return item


@endpoint("GET", "/v1/setup_intents")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List SetupIntents."""
    return listed(scope, "setup_intent", parameters, "/v1/setup_intents")


def authenticated(scope: Scope, item: Object, passed: bool) -> None:
    """Go on after 3-D Secure: save the card, or note that the bank did not know its holder."""
    method = scope.find("payment_method", item["payment_method"])
    if passed:
        _save_card(scope, item, method)
        return
    error = card_error(AUTHENTICATION_FAILED, "setup_intent_authentication_failure").error
    _fail(scope, item, method, {**error, "type": "invalid_request_error"})


def _confirm(scope: Scope, item: Object, parameters: Parameters) -> Object:
    if item["status"] in ("succeeded", "canceled", "processing"):
        raise _unexpected_state(item, "confirmed")
    if parameters.get("payment_method"):
        method = payment_methods.resolve(scope, parameters["payment_method"])
    elif item["payment_method"]:
        method = scope.find("payment_method", item["payment_method"])
    else:
        raise refused(
            "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the "
            "SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment "
            "method or ConfirmationToken.",
            param="payment_method",
            code="parameter_missing",
        )
    scope.change(item, payment_method=method["id"], last_setup_error=None)
    notes = scope.notes(method["id"])
    if notes["attach"] != cards.SUCCEEDS:
        error = cards.decline(notes["attach"], payment_method=method)
        _fail(scope, item, method, error.error)
        raise StripeError(error.status, **_error_fields(error.error), setup_intent=dict(item))
    if notes["authentication"] != cards.NEVER and not notes["set_up"]:
        _attempt(scope, item, method, "requires_action")
        scope.change(item, status="requires_action", next_action=next_action(scope, item, parameters))
        scope.emit("setup_intent.requires_action", item)
        return item
    _save_card(scope, item, method)
    return item


def _save_card(scope: Scope, item: Object, method: Object) -> None:
    if item["customer"]:
        payment_methods.attach_to(scope, method["id"], item["customer"])
    if item["usage"] == "off_session" and scope.notes(method["id"])["authentication"] == cards.UNLESS_SET_UP:
        scope.notes(method["id"])["set_up"] = True
    _attempt(scope, item, method, "succeeded")
    scope.change(item, status="succeeded", next_action=None, last_setup_error=None)
    scope.emit("setup_intent.succeeded", item)


def _fail(scope: Scope, item: Object, method: Object, error: dict[str, Any]) -> None:
    _attempt(scope, item, method, "failed", error)
    shown = {**error, "payment_method": dict(method)}
    scope.change(item, status="requires_payment_method", payment_method=None, next_action=None, last_setup_error=shown)
    scope.emit("setup_intent.setup_failed", item)


def _attempt(scope: Scope, item: Object, method: Object, status: str, error: dict[str, Any] | None = None) -> None:
    card = method["card"]
    details = scope.double.specification.blank("setup_attempt_payment_method_details_card")
    details.update(
        {name: card[name] for name in ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")},
        network=card["brand"],
    )
    attempt = scope.save(
        scope.new(
            "setup_attempt",
            customer=item["customer"],
            payment_method=method["id"],
            payment_method_details={"card": details, "type": "card"},
            setup_error={name: value for name, value in error.items() if name != "payment_method"} if error else None,
            setup_intent=item["id"],
            status=status,
            usage=item["usage"],
        )
    )
    item["latest_attempt"] = attempt["id"]


def _error_fields(error: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in error.items() if name not in ("type", "doc_url")}
    return {"kind": error["type"], **fields}


def _unexpected_state(item: Object, verb: str) -> StripeError:
    return invalid(
        f"You cannot {'confirm' if verb == 'confirmed' else 'cancel'} this SetupIntent because it has a status of "
        f"{item['status']}.",
        code="setup_intent_unexpected_state",
        setup_intent=dict(item),
    )


@endpoint("GET", "/v1/setup_attempts")
def list_attempts(scope: Scope, parameters: Parameters) -> Object:
    """List the attempts of a SetupIntent."""
    return listed(scope, "setup_attempt", parameters, "/v1/setup_attempts")
