"""Names we give to things at Stripe, so that a repeated call is the same call, and a found object is known as ours.

Idempotency keys are made of what is asked, never of when: the same step of the same try has the same key after a
crash. They are forgotten by Stripe after a day, so that whoever repeats a step later looks by metadata first.
Every name holds the installation: what another one made on the same Stripe account is never taken for ours.
"""

from collections.abc import Mapping
from typing import NamedTuple

INSTALLATION = "pos_billing_installation"
SCHEMA = "pos_billing_schema"
ACCOUNT = "pos_billing_account"
STATEMENT = "pos_billing_statement"
GENERATION = "pos_billing_generation"
PLAN = "pos_billing_plan"
REFUND = "pos_billing_refund"


class Owner(NamedTuple):
    """Whose a thing at Stripe is: a Seller (its schema) of an installation (its random token)."""

    installation: str
    schema: str

    @property
    def key(self) -> str:
        """How each of its idempotency keys begins."""
        return f"{self.installation}:{self.schema}"

    @property
    def metadata(self) -> dict[str, str]:
        """How each of its objects is known."""
        return {INSTALLATION: self.installation, SCHEMA: self.schema}

    def owns(self, metadata: Mapping[str, str] | None) -> bool:
        """Whether an object that bears this metadata is this Seller's; one that bears none of ours is nobody's."""
        return all((metadata or {}).get(name) == value for name, value in self.metadata.items())


def is_foreign(metadata: Mapping[str, str] | None, owner: Owner) -> bool:
    """Whether an object bears our kind of metadata, and it names another installation or another Seller."""
    said = metadata or {}
    return (INSTALLATION in said or SCHEMA in said) and not owner.owns(said)


def customer_key(owner: Owner, account_id: int) -> str:
    """The key of making a customer."""
    return f"{owner.key}:account:{account_id}:customer"


def customer_metadata(owner: Owner, account_id: int) -> dict[str, str]:
    """How a customer is known as the one of an Account."""
    return {**owner.metadata, ACCOUNT: str(account_id)}


def invoice_key(owner: Owner, number: str, generation: int, step: str) -> str:
    """The key of a step (``create``, ``lines``, ``finalize``) of a statement's invoice."""
    return f"{owner.key}:statement:{number}:{generation}:{step}"


def statement_metadata(owner: Owner, number: str) -> dict[str, str]:
    """How an invoice, of whatever generation or of whoever's making, is known as one of a statement."""
    return {**owner.metadata, STATEMENT: number}


def invoice_metadata(owner: Owner, number: str, generation: int) -> dict[str, str]:
    """How an invoice is known as the one that we made of a statement in a generation."""
    return {**statement_metadata(owner, number), GENERATION: str(generation)}


def pay_key(owner: Owner, number: str, generation: int, attempt: int) -> str:
    """The key of one try to charge the card: the next try is another call."""
    return f"{owner.key}:statement:{number}:{generation}:pay:{attempt}"


def refund_key(owner: Owner, refund_id: int) -> str:
    """The key of giving money back."""
    return f"{owner.key}:refund:{refund_id}"


def refund_metadata(owner: Owner, refund_id: int) -> dict[str, str]:
    """How a refund is known as ours."""
    return {**owner.metadata, REFUND: str(refund_id)}


def refund_named(metadata: Mapping[str, str], owner: Owner) -> int | None:
    """The refund of ours that metadata names; people write into metadata too, so that anything may stand there."""
    said = metadata.get(REFUND, "")
    return int(said) if said.isdecimal() and len(said) < 18 and owner.owns(metadata) else None


def account_key(owner: Owner, before: str) -> str:
    """The key of making a Partner's Stripe account; ``before`` is the one that it had and left."""
    return f"{owner.key}:account{f':{before}' if before else ''}"


def product_id(owner: Owner, plan_id: int) -> str:
    """The product of a plan. We give it its id, so that it cannot be made twice."""
    return f"pos_billing_{owner.installation}_{owner.schema}_{plan_id}"
