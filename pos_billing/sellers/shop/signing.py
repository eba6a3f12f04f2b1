"""Signatures that only hold for the Seller that made them.

All Sellers share SECRET_KEY, and Oscar signs the numbers of baskets and orders, which every schema counts from one:
a signature of one Seller would open another's basket or order.
"""

from typing import Protocol

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

from pos_billing.sellers.schemas import current_schema


class Numbered(Protocol):
    """What the signatures need of Oscar's order."""

    number: str


def seller_signer(purpose: str) -> Signer:
    """Return a signer of the current Seller for one purpose."""
    return Signer(salt=f"pos_billing.{purpose}.{current_schema()}")


def order_hash(order: Numbered) -> str:
    """Take the place of Oscar's Order.verification_hash."""
    return seller_signer("order").sign(order.number)


def order_hash_fits(order: Numbered, given: str) -> bool:
    """Take the place of Oscar's Order.check_verification_hash."""
    try:
        number = seller_signer("order").unsign(given)
    except BadSignature:
        return False
    return constant_time_compare(number, order.number)


def bind_orders_to_their_seller() -> None:
    """Give Oscar's order model our signatures; its models cannot be exchanged without a fork."""
    from oscar.core.loading import get_model

    order = get_model("order", "Order")
    order.verification_hash = order_hash
    order.check_verification_hash = order_hash_fits
