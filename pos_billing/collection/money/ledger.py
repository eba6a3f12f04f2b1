"""The ledger of an Account: everything that changed what it owes, with a running balance that always sums up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db.models import Q

from pos_billing.collection.models import CreditNote, Payment, Refund, RefundStatus, Reversal, WriteOff
from pos_billing.collection.money.queries import open_statements
from pos_billing.plans.models import Account
from pos_billing.statements.models import AccountCredit, Statement
from pos_billing.statements.owed import balance_of


class EntryKind(StrEnum):
    """What an entry is."""

    STATEMENT = "Statement"
    PAYMENT = "Payment"
    REVERSAL = "Payment taken back"
    CREDIT_NOTE = "Credit note"
    REFUND = "Refund"
    REFUND_FAILED = "Refund failed"
    WRITE_OFF = "Written off"
    CREDIT = "Credit"


@dataclass(frozen=True)
class Entry:
    """One change of what an Account owes. ``cents``: positive, it owes more. ``balance``: what it owes afterwards."""

    day: date
    kind: EntryKind
    reference: str
    text: str
    cents: int
    statement_id: int | None = None
    credit_note_id: int | None = None
    balance: int = 0


ORDER = list(EntryKind)


class LedgerBroken(Exception):
    """The entries do not sum up to what the statements ask for and what waits: a defect, never a matter of use."""


def ledger(account: Account) -> list[Entry]:
    """All entries of an Account, the oldest first, with the running balance in cents. A fixed number of queries."""
    entries = sorted(_entries(account), key=lambda e: (e.day, ORDER.index(e.kind), e.reference))
    balance, running = 0, []
    for entry in entries:
        balance += entry.cents
        running.append(replace(entry, balance=balance))
    return running


def check_ledger(account: Account) -> int:
    """The balance in cents, computed by entries and by statements, and what is asked for compared with it.

    Raises ``LedgerBroken`` when they differ: more is asked for than is owed, or less but for a rest that waits.
    """
    entries, standing = ledger(account), balance_of(account.pk)
    by_entries = entries[-1].balance if entries else 0
    if by_entries != standing.total:
        raise LedgerBroken(f"Account {account.pk}: entries say {by_entries} cents, statements say {standing.total}")
    asked = sum(statement.outstanding for statement in open_statements(account))  # type: ignore[attr-defined]
    if asked != max(0, standing.total) - standing.waiting:
        raise LedgerBroken(f"Account {account.pk}: {asked} cents are asked for, {standing.total} are owed")
    return by_entries


def _entries(account: Account) -> Iterator[Entry]:
    for s in Statement.objects.filter(account=account):
        due = f"{s.as_of:%B %Y}"
        yield Entry(s.as_of, EntryKind.STATEMENT, s.number, f"Statement of {due}", s.total_cents, s.pk)
    for p in Payment.objects.filter(account=account).prefetch_related("allocations__statement"):
        paid = [a.statement.number if a.statement else "credit" for a in p.allocations.all() if a.reversal_id is None]
        text = f"{p.card or p.get_kind_display()} for {', '.join(paid)}"
        yield Entry(p.received_on, EntryKind.PAYMENT, p.reference or f"P-{p.pk}", text, -p.cents)
    for r in Reversal.objects.filter(payment__account=account):
        text = f"{r.get_kind_display()}: {r.reason}"
        yield Entry(r.reversed_on, EntryKind.REVERSAL, f"P-{r.payment_id}", text, r.cents)
    for c in CreditNote.objects.filter(account=account).select_related("statement"):
        text = f"{c.get_kind_display()}, for statement {c.statement.number}: {c.reason}"
        yield Entry(c.issued_on, EntryKind.CREDIT_NOTE, c.number, text, -c.cents, c.statement_id, c.pk)
    for f in Refund.objects.filter(payment__account=account).select_related("credit_note", "failure_credit"):
        reference = f.credit_note.number if f.credit_note else f"P-{f.payment_id}"
        yield Entry(f.refunded_on, EntryKind.REFUND, reference, f.reason, f.cents)
        if f.status == RefundStatus.FAILED and f.failure_credit:
            day = max(f.refunded_on, f.failure_credit.entered_at.date())
            yield Entry(day, EntryKind.REFUND_FAILED, reference, f.failure_reason, -f.cents)
    written = WriteOff.objects.filter(Q(statement__account=account) | Q(credit__account=account))
    for w in written.select_related("statement"):
        reference = w.statement.number if w.statement else f"W-{w.pk}"
        yield Entry(w.written_on, EntryKind.WRITE_OFF, reference, w.reason, -w.cents, w.statement_id)
    others = AccountCredit.objects.filter(
        account=account, allocation=None, credit_note=None, refund=None, failed_refund=None, write_off=None
    )
    for k in others:
        yield Entry(k.entered_at.date(), EntryKind.CREDIT, f"C-{k.pk}", k.reason, -k.cents)
