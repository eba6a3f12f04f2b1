"""Tables of collection: money (append-only), what we know of Stripe's objects, and notices."""

from pos_billing.collection.models.credit_notes import (
    CreditNote,
    CreditNoteCounter,
    CreditNoteDocument,
    CreditNoteLine,
)
from pos_billing.collection.models.jobs import JobError
from pos_billing.collection.models.money import (
    Allocation,
    Dispute,
    Payment,
    PaymentKind,
    Reversal,
    ReversalKind,
    WriteOff,
)
from pos_billing.collection.models.notices import Notice, NoticeKind, ReconcileReport
from pos_billing.collection.models.refunds import Refund, RefundStatus
from pos_billing.collection.models.stripe import (
    AttemptOutcome,
    Card,
    CardSetup,
    Collection,
    CollectionAttempt,
    ConnectedAccount,
    PlanProduct,
    StripeCustomer,
    StripePace,
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
    "CreditNoteLine",
    "Dispute",
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
    "StripePace",
    "WriteOff",
]
