"""Money that was given back."""

from django.db import models
from django.db.models import Q

from pos_billing.collection.models.credit_notes import CreditNote
from pos_billing.collection.models.money import Payment
from pos_billing.facts.append_only import only_these_change
from pos_billing.statements.models import AccountCredit


class RefundStatus(models.TextChoices):
    PENDING = "pending", "On its way"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"


class Refund(models.Model):
    """Money given back to an Account: it takes ``credit`` away; when it fails, ``failure_credit`` restores it.

    A refund made in Stripe's dashboard may be over several statements: then it is a row for each credit note, and one
    for what was not credited.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(
        CreditNote,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="refunds",
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
    key_attempt = models.PositiveSmallIntegerField(
        default=0, help_text="Idempotency keys that stand for Stripe's failures."
    )
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    failure_reason = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="refund_positive"),
            models.UniqueConstraint(
                fields=["refund_id", "credit_note"],
                condition=~Q(refund_id=""),
                nulls_distinct=False,
                name="refund_id_once",
            ),
            models.CheckConstraint(
                condition=Q(status="failed", failure_credit__isnull=False)
                | (~Q(status="failed") & Q(failure_credit=None)),
                name="refund_failed_restores",
            ),
        ]
        triggers = only_these_change("refund_id", "key_attempt", "status", "failure_reason", "failure_credit")

    def __str__(self) -> str:
        return self.refund_id or f"Refund {self.pk}"
