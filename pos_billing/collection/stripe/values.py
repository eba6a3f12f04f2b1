"""Stripe's objects as the rest of the product sees them: frozen, plain, only what is used."""

from dataclasses import dataclass, field
from typing import Any

from pos_billing.work.errors import TryAgainLater


@dataclass(frozen=True)
class SeenPayment:
    """A payment of an invoice. ``status``: open, paid or canceled; ``cents`` what was paid."""

    payment_intent_id: str
    status: str
    cents: int


@dataclass(frozen=True)
class SeenInvoice:
    """An invoice as Stripe holds it. ``status``: draft, open, paid, void or uncollectible. Amounts in cents.

    ``amount_due`` is what is charged, known once the invoice is final; ``starting_balance`` what the customer owed at
    Stripe before (negative: credit); ``credited_before`` and ``credited_after`` are credit notes made at Stripe before
    and after the payment.
    """

    id: str
    status: str
    total: int
    amount_paid: int
    customer_id: str
    metadata: dict[str, str] = field(hash=False)
    amount_due: int = 0
    amount_remaining: int = 0
    starting_balance: int = 0
    credited_before: int = 0
    credited_after: int = 0
    hosted_url: str = ""
    payments: tuple[SeenPayment, ...] = ()
    line_count: int = 0


@dataclass(frozen=True)
class SeenCard:
    """A card as Stripe holds it; the number is Stripe's own business."""

    payment_method_id: str
    customer_id: str
    brand: str
    last_four: str
    exp_month: int
    exp_year: int


@dataclass(frozen=True)
class SeenSetup:
    """A SetupIntent: somebody adds a card. ``client_secret`` goes to that person's browser and nowhere else."""

    id: str
    status: str
    customer_id: str
    client_secret: str = field(repr=False)
    card: SeenCard | None = None
    problem: str = ""


@dataclass(frozen=True)
class SeenRefund:
    """Money on its way back. ``status``: pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    cents: int
    payment_intent_id: str
    metadata: dict[str, str] = field(hash=False)
    failure_reason: str = ""


@dataclass(frozen=True)
class SeenDispute:
    """A payment that a bank questions."""

    id: str
    status: str
    cents: int
    reason: str
    payment_intent_id: str


@dataclass(frozen=True)
class SeenAccount:
    """A connected account."""

    id: str
    charges_enabled: bool
    details_submitted: bool


@dataclass(frozen=True)
class Declined:
    """The card was not charged. ``action_required``: its holder must confirm the payment (3-D Secure)."""

    code: str
    advice: str
    message: str
    action_required: bool = False


class StripeRefused(Exception):
    """Stripe answered that the call is wrong: to try it again unchanged is useless. ``code`` is Stripe's own."""

    def __init__(self, code: str, message: str, answer: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.answer = answer


class StripeUnreachable(TryAgainLater):
    """No answer, or one that says "later": whether the call had an effect is not known. Try again, with its key."""


class StripeKeySpent(StripeUnreachable):
    """Stripe answered that it failed itself. Its idempotency key repeats that answer: look first, then use another."""
