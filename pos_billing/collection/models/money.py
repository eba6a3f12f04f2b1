"""Money that moved, and money that is no longer asked for. Amounts are integer cents; rows are never changed.

For every Account, and at any time (`collection.ledger` proves it):

    statements − payments + reversals − credit notes + refunds − write-offs − other credits
        = what its statements still ask for + what waits for its next statement
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from pos_billing.facts.append_only import append_only, only_these_change
from pos_billing.plans.models import Account
from pos_billing.statements.models import AccountCredit, Statement, StatementLine


def adds_up(header: str, parts: str, key: str, of_header: str, of_part: str, sign: str = "") -> pgtrigger.Trigger:
    """At the end of a transaction, ``cents`` of a header row equal the sum of its parts.

    ``header`` and ``parts`` are tables, ``key`` the column of ``parts`` that names its header; ``of_header`` and
    ``of_part`` are the SQL conditions for the parts that count. Put it on both tables: on the parts' with
    ``of_header`` as the part's own reference.
    """
    return pgtrigger.Trigger(
        name=f"adds_up_{key}",
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("wrong", "text")],
        func=(
            "EXECUTE format('SELECT h.id::text FROM %1$I." + header + " AS h "
            "LEFT JOIN %1$I." + parts + " AS p ON p." + key + " = h.id AND " + of_part + " "
            "WHERE h.id = $1 GROUP BY h.id, h.cents HAVING coalesce(sum(p.cents), 0) <> " + sign + "h.cents', "
            "TG_TABLE_SCHEMA) INTO wrong USING NEW." + of_header + "; "
            "IF wrong IS NOT NULL THEN RAISE EXCEPTION '" + header + " % is not the sum of its parts', wrong "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )


class PaymentKind(models.TextChoices):
    CARD = "card", "Card"
    BANK_TRANSFER = "bank_transfer", "Bank transfer"
    CHEQUE = "cheque", "Cheque"
    CASH = "cash", "Cash"
    OTHER = "other", "Other"


class Payment(models.Model):
    """Money received from an Account. What it pays for is said by its allocations, which always sum up to it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments")
    kind = models.CharField(max_length=14, choices=PaymentKind)
    cents = models.BigIntegerField()
    received_on = models.DateField()
    reference = models.CharField(max_length=200, blank=True, help_text="The payer's or the bank's reference.")
    card = models.CharField(max_length=60, blank=True, help_text="The card it was paid with, as Visa 4242.")
    payment_intent_id = models.CharField(max_length=255, blank=True, help_text="Stripe's id of the payment.")
    stripe_account = models.CharField(max_length=255, blank=True, help_text="The connected account that took it.")
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-received_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="payment_positive"),
            models.UniqueConstraint(
                fields=["payment_intent_id"], condition=~Q(payment_intent_id=""), name="payment_intent_once"
            ),
        ]
        triggers = [
            *append_only(),
            adds_up(
                "pos_billing_payment", "pos_billing_allocation", "payment_id", "id", "p.reversal_id IS NULL"
            ),
        ]

    def __str__(self) -> str:
        return f"Payment {self.pk}"


class Dispute(models.Model):
    """A payment that its payer's bank questions. While it is open nothing is decided; lost, the money is gone."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(max_length=255, unique=True)
    cents = models.BigIntegerField()
    reason = models.CharField(max_length=100)
    status = models.CharField(max_length=40)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        triggers = only_these_change("status", "closed_on", "cents", "reason")

    def __str__(self) -> str:
        return self.dispute_id


class ReversalKind(models.TextChoices):
    MISTAKE = "mistake", "Recorded by mistake"
    RETURNED = "returned", "Returned by the bank"
    DISPUTE_LOST = "dispute_lost", "Dispute lost"


class Reversal(models.Model):
    """A payment, or a part of it, that is no longer one."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="reversals")
    kind = models.CharField(max_length=14, choices=ReversalKind)
    cents = models.BigIntegerField()
    reversed_on = models.DateField()
    reason = models.CharField(max_length=200)
    dispute = models.OneToOneField(Dispute, null=True, blank=True, on_delete=models.PROTECT, related_name="reversal")
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-reversed_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(cents__gt=0), name="reversal_positive")]
        triggers = [
            *append_only(),
            adds_up("pos_billing_reversal", "pos_billing_allocation", "reversal_id", "id", "true", sign="-"),
        ]

    def __str__(self) -> str:
        return f"Reversal {self.pk}"


class Allocation(models.Model):
    """What a payment pays for: a statement, or credit of the Account for its next one. A reversal takes it back."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    reversal = models.ForeignKey(Reversal, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations")
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="allocations"
    )
    credit = models.OneToOneField(
        AccountCredit, null=True, blank=True, on_delete=models.PROTECT, related_name="allocation"
    )
    cents = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(reversal=None) & Q(cents__gt=0)) | (Q(reversal__isnull=False) & Q(cents__lt=0)),
                name="allocation_sign",
            ),
            models.CheckConstraint(
                condition=Q(statement__isnull=False, credit=None) | Q(statement=None, credit__isnull=False),
                name="allocation_one_target",
            ),
        ]
        triggers = [
            *append_only(),
            adds_up(
                "pos_billing_payment", "pos_billing_allocation", "payment_id", "payment_id", "p.reversal_id IS NULL"
            ),
            adds_up(
                "pos_billing_reversal", "pos_billing_allocation", "reversal_id", "reversal_id", "true", sign="-"
            ),
        ]

    def __str__(self) -> str:
        return f"Allocation {self.pk}"


class CreditNoteCounter(models.Model):
    """The number the next credit note gets: taken in the transaction that issues it, so that none is left out."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        app_label = "pos_billing"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="credit_note_counter_one_row")]

    def __str__(self) -> str:
        return str(self.next_number)


class CreditNote(models.Model):
    """Takes back a statement, in part or whole. Its lines name the statement lines they credit.

    ``applied_cents`` is the part that lowers what the statement still asks for; the rest is ``credit`` of the
    Account, from where it is refunded or used up by the next statement.
    """

    number = models.CharField(max_length=60, unique=True)
    sequence = models.PositiveIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credit_notes")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="credit_notes")
    cents = models.BigIntegerField()
    applied_cents = models.BigIntegerField()
    credit = models.OneToOneField(
        AccountCredit, null=True, blank=True, on_delete=models.PROTECT, related_name="credit_note"
    )
    currency = models.CharField(max_length=3)
    issued_on = models.DateField()
    reason = models.CharField(max_length=500)
    seller = models.JSONField()
    buyer = models.JSONField()
    issued_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-sequence"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gt=0) & Q(applied_cents__gte=0) & Q(applied_cents__lte=F("cents")),
                name="credit_note_cents",
            ),
            models.CheckConstraint(
                condition=Q(credit=None, applied_cents=F("cents")) | Q(credit__isnull=False),
                name="credit_note_rest_is_credit",
            ),
        ]
        triggers = [
            *append_only(),
            adds_up("pos_billing_creditnote", "pos_billing_creditnoteline", "credit_note_id", "id", "true"),
        ]

    def __str__(self) -> str:
        return self.number


class CreditNoteLine(models.Model):
    """The part of a statement line that a credit note takes back."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    statement_line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="credited")
    cents = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="credit_note_line_positive"),
            models.UniqueConstraint(fields=["credit_note", "statement_line"], name="credit_note_line_once"),
        ]
        triggers = [
            *append_only(),
            adds_up(
                "pos_billing_creditnote", "pos_billing_creditnoteline", "credit_note_id", "credit_note_id", "true"
            ),
        ]

    def __str__(self) -> str:
        return f"Credit note line {self.pk}"


class CreditNoteDocument(models.Model):
    """The PDF of a credit note: rendered once, kept outside the public media folder."""

    credit_note = models.OneToOneField(CreditNote, on_delete=models.PROTECT, related_name="document")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    rendered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "pos_billing"
        triggers = append_only()

    def __str__(self) -> str:
        return self.path


class RefundStatus(models.TextChoices):
    PENDING = "pending", "On its way"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"


class Refund(models.Model):
    """Money given back to an Account: it takes ``credit`` away; when it fails, ``failure_credit`` restores it."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(
        CreditNote, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds",
        help_text="What was taken back; none where an over-payment is returned.",
    )
    cents = models.BigIntegerField()
    credit = models.OneToOneField(AccountCredit, on_delete=models.PROTECT, related_name="refund")
    failure_credit = models.OneToOneField(
        AccountCredit, null=True, blank=True, on_delete=models.PROTECT, related_name="failed_refund"
    )
    refunded_on = models.DateField()
    reason = models.CharField(max_length=500)
    refund_id = models.CharField(max_length=255, blank=True, help_text="Stripe's id; empty: not asked for yet.")
    burnt = models.PositiveSmallIntegerField(default=0, help_text="Idempotency keys that stand for Stripe's failures.")
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    failure_reason = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="refund_positive"),
            models.UniqueConstraint(fields=["refund_id"], condition=~Q(refund_id=""), name="refund_id_once"),
            models.CheckConstraint(
                condition=Q(status="failed", failure_credit__isnull=False)
                | (~Q(status="failed") & Q(failure_credit=None)),
                name="refund_failed_restores",
            ),
        ]
        triggers = only_these_change("refund_id", "burnt", "status", "failure_reason", "failure_credit")

    def __str__(self) -> str:
        return self.refund_id or f"Refund {self.pk}"


class WriteOff(models.Model):
    """What is no longer asked for a statement although nobody paid it. Negative cents: it was paid after all."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="write_offs")
    cents = models.BigIntegerField()
    written_on = models.DateField()
    reason = models.CharField(max_length=500)
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="write_off_not_zero")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Write-off {self.pk}"
