"""Disputes: a card's holder takes a charge back. They begin on the double's page or by a test card."""

from example_site.stripe_double.errors import invalid
from example_site.stripe_double.listing import listed
from example_site.stripe_double.resources import refunds
from example_site.stripe_double.resources.balance import book
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, merged_metadata
from example_site.stripe_double.store import Object

SECONDS_TO_ANSWER = 9 * 86400
FEE = 1500
CLOSED = ("won", "lost")


def open_dispute(scope: Scope, charge: Object, reason: str = "fraudulent") -> Object:
    """Let the holder of a card dispute a charge: its amount leaves the account at once."""
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} is disputed already.")
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} was not successful; there is nothing to dispute.")
    refunds.fail_waiting(scope, charge)
    blank = scope.double.specification.blank
    amount = charge["amount"] - charge["amount_refunded"]
    item = scope.new(
        "dispute",
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={**blank("dispute_evidence"), "enhanced_evidence": {}},
        evidence_details={
            "due_by": scope.now + SECONDS_TO_ANSWER,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {
                "brand": charge["payment_method_details"]["card"]["brand"],
                "case_type": "chargeback",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        reason=reason,
        status="needs_response",
    )
    scope.save(item)
    scope.update(charge, "charge.updated", disputed=True)
    scope.emit("charge.dispute.created", item)
    movement = book(scope, "adjustment", -amount - FEE, charge["currency"], item["id"], "Chargeback withdrawal")
    previous = scope.change(item, balance_transactions=[movement])
    scope.emit("charge.dispute.funds_withdrawn", item, previous)
    return item


def close_dispute(scope: Scope, item: Object, status: str) -> Object:
    """End a dispute, won or lost; a won one brings the money back."""
    if item["status"] in CLOSED:
        raise invalid(f"Dispute {item['id']} is closed already.")
    if status not in CLOSED:
        raise invalid("A dispute ends won or lost.", param="status")
    previous = scope.change(item, status=status)
    scope.emit("charge.dispute.updated", item, previous)
    scope.emit("charge.dispute.closed", item)
    if status == "won":
        movement = book(scope, "adjustment", item["amount"] + FEE, item["currency"], item["id"], "Chargeback reversal")
        before = scope.change(item, balance_transactions=[*item["balance_transactions"], movement])
        scope.emit("charge.dispute.funds_reinstated", item, before)
    return item


@endpoint("GET", "/v1/disputes/{dispute}")
def retrieve(scope: Scope, parameters: Parameters, dispute: str) -> Object:
    """Return a dispute."""
    return scope.find("dispute", dispute)


@endpoint("POST", "/v1/disputes/{dispute}")
def update(scope: Scope, parameters: Parameters, dispute: str) -> Object:
    """Add evidence or metadata; submitted evidence puts a dispute under review."""
    item = scope.find("dispute", dispute)
    changes: Object = {"metadata": merged_metadata(item["metadata"], parameters.get("metadata"))}
    evidence = {name: value for name, value in parameters.get("evidence", {}).items() if isinstance(value, str)}
    if evidence:
        changes["evidence"] = {**item["evidence"], **evidence}
        details = item["evidence_details"]
        submitted = parameters.get("submit", True)
        changes["evidence_details"] = {
            **details,
            "has_evidence": True,
            "submission_count": details["submission_count"] + int(submitted),
        }
        if submitted:
            changes["status"] = "under_review"
    return scope.update(item, "charge.dispute.updated", **changes)


@endpoint("POST", "/v1/disputes/{dispute}/close")
def close(scope: Scope, parameters: Parameters, dispute: str) -> Object:
    """Accept a dispute: it is lost."""
    return close_dispute(scope, scope.find("dispute", dispute), "lost")


@endpoint("GET", "/v1/disputes")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List disputes."""
    return listed(scope, "dispute", parameters, "/v1/disputes")
