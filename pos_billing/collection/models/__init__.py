"""Tables of collection: money (append-only), and what we know of Stripe's objects."""

from pos_billing.collection.models.credit_notes import (
    CreditNote,
    CreditNoteCounter,
    CreditNoteDocument,
    CreditNoteKind,
    CreditNoteLine,
)
from pos_billing.collection.models.money import (
    Allocation,
    Dispute,
    Payment,
    PaymentKind,
    Reversal,
    ReversalKind,
    WriteOff,
)
from pos_billing.collection.models.refunds import Refund, RefundStatus
from pos_billing.collection.models.stripe import (
    AttemptOutcome,
    Card,
    CardSetup,
    Collection,
    CollectionAttempt,
    ConnectedAccount,
    Installation,
    PlanProduct,
    ReconcileReport,
    StripeCustomer,
    StripeRateLimit,
)

__all__ = [
    "Allocation",
    "AttemptOutcome",
    "Card",
    "CardSetup",
    "Collection",
    "CollectionAttempt",
    "ConnectedAccount",
    "CreditNote",
    "CreditNoteCounter",
    "CreditNoteDocument",
    "CreditNoteKind",
    "CreditNoteLine",
    "Dispute",
    "Installation",
    "JobError",
    "Notice",
    "NoticeKind",
    "Payment",
    "PaymentKind",
    "PlanProduct",
    "ReconcileReport",
    "Refund",
    "RefundStatus",
    "Reversal",
    "ReversalKind",
    "StripeCustomer",
    "StripeRateLimit",
    "WriteOff",
]
