"""Stripe's objects, from an answer or a webhook, as the plain values of `values`."""

from collections.abc import Mapping
from typing import Any

import stripe

from pos_billing.collection.stripe.values import (
    Declined,
    SeenAccount,
    SeenCard,
    SeenDispute,
    SeenInvoice,
    SeenPayment,
    SeenRefund,
    SeenSetup,
)

Data = Mapping[str, Any]
NEEDS_ACTION = frozenset(
    {"authentication_required", "invoice_payment_intent_requires_action", "payment_intent_authentication_failure"}
)


def id_of(value: Any) -> str:
    """The id of an object that is given as its id, as the object, or not at all."""
    if not value:
        return ""
    return value if isinstance(value, str) else value["id"]


def invoice_of(data: Data) -> SeenInvoice:
    """An invoice; its payments only where they were asked for."""
    return SeenInvoice(
        id=data["id"],
        status=data.get("status") or "draft",
        total=data["total"],
        amount_paid=data.get("amount_paid") or 0,
        customer_id=id_of(data.get("customer")),
        metadata=dict(data.get("metadata") or {}),
        amount_due=data.get("amount_due") or 0,
        amount_remaining=data.get("amount_remaining") or 0,
        starting_balance=data.get("starting_balance") or 0,
        credited_before=data.get("pre_payment_credit_notes_amount") or 0,
        credited_after=data.get("post_payment_credit_notes_amount") or 0,
        hosted_url=data.get("hosted_invoice_url") or "",
        payments=tuple(_payment_of(payment) for payment in (data.get("payments") or {}).get("data", [])),
        line_count=len((data.get("lines") or {}).get("data", [])),
    )


def _payment_of(data: Data) -> SeenPayment:
    return SeenPayment(
        payment_intent_id=id_of(data["payment"].get("payment_intent")),
        status=data["status"],
        cents=data.get("amount_paid") or 0,
    )


def card_of(data: Data) -> SeenCard:
    """A payment method of type card."""
    card = data["card"]
    return SeenCard(
        payment_method_id=data["id"],
        customer_id=id_of(data.get("customer")),
        brand=card["brand"],
        last_four=card["last4"],
        exp_month=card["exp_month"],
        exp_year=card["exp_year"],
    )


def setup_of(data: Data) -> SeenSetup:
    """A SetupIntent; with its card where that was asked for and there is one."""
    method = data.get("payment_method")
    problem = data.get("last_setup_error") or {}
    return SeenSetup(
        id=data["id"],
        status=data["status"],
        customer_id=id_of(data.get("customer")),
        client_secret=data.get("client_secret") or "",
        card=card_of(method) if isinstance(method, Mapping) else None,
        problem=problem.get("message") or "",
    )


def refund_of(data: Data) -> SeenRefund:
    """A refund."""
    return SeenRefund(
        id=data["id"],
        status=data.get("status") or "pending",
        cents=data["amount"],
        payment_intent_id=id_of(data.get("payment_intent")),
        metadata=dict(data.get("metadata") or {}),
        failure_reason=data.get("failure_reason") or "",
    )


def dispute_of(data: Data) -> SeenDispute:
    """A dispute."""
    return SeenDispute(
        id=data["id"],
        status=data["status"],
        cents=data["amount"],
        reason=data.get("reason") or "",
        payment_intent_id=id_of(data.get("payment_intent")),
    )


def account_of(data: Data) -> SeenAccount:
    """A connected account."""
    return SeenAccount(
        id=data["id"],
        charges_enabled=bool(data.get("charges_enabled")),
        details_submitted=bool(data.get("details_submitted")),
    )


def declined_of(error: stripe.CardError) -> Declined:
    """Why a card was not charged."""
    said: Data = (error.json_body or {}).get("error", {}) if isinstance(error.json_body, Mapping) else {}
    code = said.get("decline_code") or said.get("code") or error.code or "card_declined"
    return Declined(
        code=code,
        advice=said.get("advice_code") or "",
        message=said.get("message") or error.user_message or "The card was declined.",
        action_required=bool({said.get("code"), code} & NEEDS_ACTION),
    )
