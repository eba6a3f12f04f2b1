"""Payment methods: cards, of which the double keeps the number's behaviour and shows the last four digits."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from example_site.stripe_double import cards
from example_site.stripe_double.errors import card_error, invalid, missing, refused
from example_site.stripe_double.listing import listed
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope, given, merged_metadata
from example_site.stripe_double.store import Object

DEFAULT_EXPIRY_YEARS = 3


def make_card(
    scope: Scope,
    number: str,
    exp_month: int | None = None,
    exp_year: int | None = None,
    billing_details: Object | None = None,
    cvc: str | None = None,
    metadata: Any = None,
) -> Object:
    """Make a card from its number; without an expiry it is good for some years."""
    card = cards.find_card(number)
    today = datetime.fromtimestamp(scope.now, UTC)
    month, year = exp_month or 12, exp_year or today.year + DEFAULT_EXPIRY_YEARS
    month, year = cards.check_expiry(month, year, today.year, today.month)
    if cvc is not None and not (cvc.isdigit() and len(cvc) in (3, 4)):
        raise card_error("Your card's security code is invalid.", "invalid_cvc", param="cvc")
    blank = scope.double.specification.blank
    details: Object = {**blank("billing_details"), "address": blank("address")}
    for name, value in (billing_details or {}).items():
        if name == "address" and isinstance(value, dict):
            details["address"] = {**details["address"], **{key: item or None for key, item in value.items()}}
        else:
            details[name] = value or None
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "unchecked" if cvc else None}
    item = scope.new(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details=details,
        card={
            **blank("payment_method_card"),
            "brand": card.brand,
            "checks": checks,
            "country": card.country,
            "display_brand": card.brand if card.brand != "amex" else "american_express",
            "exp_month": month,
            "exp_year": year,
            "fingerprint": hashlib.sha256(f"{scope.account} {card.number}".encode()).hexdigest()[:16],
            "funding": card.funding,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
        },
        metadata=merged_metadata({}, metadata),
        type="card",
    )
    scope.notes(item["id"]).update(
        attach=card.attach,
        charge=card.charge,
        authentication=card.authentication,
        set_up=card.set_up,
        dispute=card.dispute,
        refund=card.refund,
    )
    return scope.save(item)


def from_data(scope: Scope, data: Parameters) -> Object:
    """Make a payment method from the data that a browser or a server sends."""
    if data["type"] != "card":
        raise invalid(
            f"The payment method type provided: {data['type']} is invalid. The double has cards only.", param="type"
        )
    card = data.get("card", {})
    if "token" in card:
        number = cards.TOKENS.get(card["token"].replace("tok_", "pm_card_"))
        if number is None:
            raise invalid(f"No such token: '{card['token']}'", param="card[token]", code="resource_missing")
        card = {"number": number}
    if "number" not in card:
        raise refused("Missing required param: card[number].", param="card[number]", code="parameter_missing")
    return make_card(
        scope,
        card["number"],
        card.get("exp_month"),
        card.get("exp_year"),
        data.get("billing_details"),
        card.get("cvc"),
        data.get("metadata"),
    )


def resolve(scope: Scope, identifier: str, param: str = "payment_method") -> Object:
    """Return a payment method; the names of Stripe's test cards (`pm_card_visa`) make a new one."""
    if identifier in cards.TOKENS:
        return make_card(scope, cards.TOKENS[identifier])
    return scope.find("payment_method", identifier, param, status=400)


def attach_to(scope: Scope, identifier: str, customer: str) -> Object:
    """Attach a card to a customer, unless its bank refuses."""
    item = resolve(scope, identifier)
    if item["customer"] == customer:
        return item
    if item["customer"] is not None:
        raise invalid("The payment method you provided has already been attached to a customer.")
    notes = scope.notes(item["id"])
    if notes.get("detached"):
        raise invalid(
            "The payment method you provided was previously used without being attached to a Customer or was detached "
            "from a Customer, and may not be used again."
        )
    if notes["attach"] != cards.SUCCEEDS:
        raise cards.decline(notes["attach"])
    checks = item["card"]["checks"]
    card = {**item["card"], "checks": {**checks, "cvc_check": "pass" if checks["cvc_check"] else None}}
    scope.change(item, customer=customer, card=card)
    scope.emit("payment_method.attached", item)
    return item


def detach_from(scope: Scope, item: Object) -> Object:
    """Detach a card from its customer; it can never be used again."""
    customer = scope.table("customer").get(item["customer"])
    previous = scope.change(item, customer=None)
    scope.notes(item["id"])["detached"] = True
    scope.emit("payment_method.detached", item, previous)
    if customer and customer["invoice_settings"]["default_payment_method"] == item["id"]:
        settings = {**customer["invoice_settings"], "default_payment_method": None}
        scope.update(customer, "customer.updated", invoice_settings=settings)
    return item


@endpoint("POST", "/v1/payment_methods", publishable=True)
def create(scope: Scope, parameters: Parameters) -> Object:
    """Make a payment method."""
    if "type" not in parameters:
        raise refused("Missing required param: type.", param="type", code="parameter_missing")
    return from_data(scope, parameters)


@endpoint("GET", "/v1/payment_methods/{payment_method}")
def retrieve(scope: Scope, parameters: Parameters, payment_method: str) -> Object:
    """Return a payment method."""
    return scope.find("payment_method", payment_method, "payment_method")


@endpoint("POST", "/v1/payment_methods/{payment_method}")
def update(scope: Scope, parameters: Parameters, payment_method: str) -> Object:
    """Change a card's expiry, billing details or metadata."""
    item = scope.find("payment_method", payment_method, "payment_method")
    if item["customer"] is None:
        raise invalid("You must save this PaymentMethod to a customer before you can update it.")
    details = {**item["billing_details"], **given(parameters.get("billing_details", {}), "email", "name", "phone")}
    card = {**item["card"], **given(parameters.get("card", {}), "exp_month", "exp_year")}
    return scope.update(
        item,
        "payment_method.updated",
        billing_details=details,
        card=card,
        **given(parameters, "allow_redisplay"),
        metadata=merged_metadata(item["metadata"], parameters.get("metadata")),
    )


@endpoint("POST", "/v1/payment_methods/{payment_method}/attach")
def attach(scope: Scope, parameters: Parameters, payment_method: str) -> Object:
    """Attach a card to a customer."""
    if not parameters.get("customer"):
        raise refused("Missing required param: customer.", param="customer", code="parameter_missing")
    customer = scope.find("customer", parameters["customer"], "customer", status=400)
    return attach_to(scope, payment_method, customer["id"])


@endpoint("POST", "/v1/payment_methods/{payment_method}/detach")
def detach(scope: Scope, parameters: Parameters, payment_method: str) -> Object:
    """Detach a card from its customer."""
    item = scope.find("payment_method", payment_method, "payment_method")
    if item["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    return detach_from(scope, item)


@endpoint("GET", "/v1/payment_methods")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List a customer's payment methods."""
    if parameters.get("customer"):
        scope.find("customer", parameters["customer"], "customer", status=400)
    return listed(
        scope, "payment_method", parameters, "/v1/payment_methods", wanted=lambda item: item["customer"] is not None
    )


@endpoint("GET", "/v1/customers/{customer}/payment_methods")
def list_of_customer(scope: Scope, parameters: Parameters, customer: str) -> Object:
    """List a customer's payment methods."""
    scope.find("customer", customer)
    return listed(
        scope,
        "payment_method",
        Parameters({**parameters.copy(), "customer": customer}),
        f"/v1/customers/{customer}/payment_methods",
    )


@endpoint("GET", "/v1/customers/{customer}/payment_methods/{payment_method}")
def retrieve_of_customer(scope: Scope, parameters: Parameters, customer: str, payment_method: str) -> Object:
    """Return one payment method of a customer."""
    item = scope.find("payment_method", payment_method, "payment_method")
    if item["customer"] != customer:
        raise missing("payment_method", payment_method, "payment_method")
    return item
