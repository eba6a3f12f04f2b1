"""Refunds: money given back, in part or whole."""

from example_site.stripe_double.errors import invalid, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources.balance import balance_of, book
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, merged_metadata
from example_site.stripe_double.store import Object


def give_back(
    scope: Scope, charge: Object, amount: int | None, reason: str | None = None, metadata: object = None
) -> Object:
    """Refund a charge."""
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise invalid(
            f"Charge {charge['id']} cannot be refunded because it was not successful.", code="charge_not_refundable"
        )
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    if amount > left:
        raise invalid(
            f"Refund amount (${amount / 100:.2f}) is greater than unrefunded amount on charge (${left / 100:.2f})",
            param="amount",
        )
    item = scope.new(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details={
            "card": {"reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund"},
            "type": "card",
        },
        metadata=merged_metadata({}, metadata),
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="pending",
    )
    scope.save(item)
    if scope.double.switches.refunds_need_balance and balance_of(scope) < amount:
        scope.change(item, pending_reason="insufficient_funds")
    else:
        _send(scope, item)
    refunded = charge["amount_refunded"] + amount
    previous = scope.change(charge, amount_refunded=refunded, refunded=refunded == charge["amount"])
    scope.emit("refund.created", item)
    scope.emit("charge.refunded", charge, previous)
    if scope.notes(charge["payment_method"]).get("refund") == "fails":
        fail_refund(scope, item)
    return item


def _send(scope: Scope, item: Object) -> Object:
    movement = book(scope, "refund", -item["amount"], item["currency"], item["id"], "REFUND FOR CHARGE")
    previous = scope.change(item, status="succeeded", balance_transaction=movement["id"])
    if item.pop("pending_reason", None):
        scope.save(item)
        scope.emit("refund.updated", item, {"status": previous["status"]})
    return item


def send_waiting(scope: Scope) -> list[str]:
    """Send the refunds that waited for money and are covered now, oldest first; return their ids.

    Source: support.stripe.com, "Pending refunds due to insufficient or negative account balance".
    """
    sent: list[str] = []
    for item in list(scope.table("refund").objects.values()):
        if item["status"] == "pending" and balance_of(scope) >= item["amount"]:
            sent.append(_send(scope, item)["id"])
    return sent


def fail_waiting(scope: Scope, charge: Object) -> None:
    """Fail the refunds of a disputed charge that still wait (API reference, Refund `failure_reason`)."""
    for item in list(scope.where("refund", "charge", charge["id"])):
        if item["status"] == "pending":
            fail_refund(scope, item, "charge_for_pending_refund_disputed")


def fail_refund(scope: Scope, item: Object, reason: str = "lost_or_stolen_card") -> Object:
    """Let a refund fail: the bank sends it back, and the money returns to the account, where it had left it."""
    charge = scope.find("charge", item["charge"])
    failure = None
    if item["balance_transaction"]:
        failure = book(scope, "refund_failure", item["amount"], item["currency"], item["id"], "REFUND FAILURE")["id"]
    item.pop("pending_reason", None)
    scope.change(charge, amount_refunded=charge["amount_refunded"] - item["amount"], refunded=False)
    previous = scope.change(
        item, status="failed", failure_reason=reason, **({"failure_balance_transaction": failure} if failure else {})
    )
    previous = {name: value for name, value in previous.items() if value is not None}
    scope.emit("refund.failed", item)
    scope.emit("refund.updated", item, previous)
    scope.emit("charge.refund.updated", item, previous)
    return item


@endpoint("POST", "/v1/refunds")
def create(scope: Scope, parameters: Parameters) -> Object:
    """Refund a charge, or what a PaymentIntent took."""
    if "charge" in parameters:
        charge = scope.find("charge", parameters["charge"], "charge", status=404)
    elif "payment_intent" in parameters:
        intent = scope.find("payment_intent", parameters["payment_intent"], "payment_intent", status=404)
        if intent["status"] != "succeeded" or not intent["latest_charge"]:
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = scope.find("charge", intent["latest_charge"])
    else:
        raise refused("One of the following params should be provided for this request: payment_intent or charge.")
    return give_back(scope, charge, parameters.get("amount"), parameters.get("reason"), parameters.get("metadata"))


@endpoint("GET", "/v1/refunds/{refund}")
def retrieve(scope: Scope, parameters: Parameters, refund: str) -> Object:
    """Return a refund."""
    return scope.find("refund", refund)


@endpoint("POST", "/v1/refunds/{refund}")
def update(scope: Scope, parameters: Parameters, refund: str) -> Object:
    """Change a refund's metadata."""
    item = scope.find("refund", refund)
    return scope.update(item, "refund.updated", metadata=merged_metadata(item["metadata"], parameters.get("metadata")))


@endpoint("GET", "/v1/refunds")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List refunds."""
    return listed(scope, "refund", parameters, "/v1/refunds")
