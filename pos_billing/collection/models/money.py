"""Money that moved, and money that is no longer asked for. Amounts are integer cents; rows are never changed.

For every Account, and at any time (`collection.ledger` proves it):

    statements − payments + reversals − credit notes + refunds − write-offs − other credits
        = what its statements still ask for + what waits for its next statement
"""

from django.db import models
from django.db.models import Q

from pos_billing.collection.models.sums import adds_up, never_below_zero
from pos_billing.facts.append_only import append_only, only_these_change
from pos_billing.plans.models import Account
from pos_billing.statements.models import AccountCredit, Statement


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
            adds_up("pos_billing_payment", "pos_billing_allocation", "payment_id", "id", "p.reversal_id IS NULL"),
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
            adds_up("pos_billing_reversal", "pos_billing_allocation", "reversal_id", "reversal_id", "true", sign="-"),
            never_below_zero("statement_id"),
        ]

    def __str__(self) -> str:
        return f"Allocation {self.pk}"


class WriteOff(models.Model):
    """What is no longer asked for although nobody paid it. Negative cents: it was paid after all.

    It is taken off a statement, or, where no statement asks for it, put to the Account's ``credit``.
    """

    statement = models.ForeignKey(Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="write_offs")
    credit = models.OneToOneField(
        AccountCredit, null=True, blank=True, on_delete=models.PROTECT, related_name="write_off"
    )
    cents = models.BigIntegerField()
    written_on = models.DateField()
    reason = models.CharField(max_length=500)
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(cents=0), name="write_off_not_zero"),
            models.CheckConstraint(
                condition=Q(statement__isnull=False, credit=None) | Q(statement=None, credit__isnull=False),
                name="write_off_one_target",
            ),
        ]
        triggers = [*append_only(), never_below_zero("statement_id")]

    def __str__(self) -> str:
        return f"Write-off {self.pk}"
