"""What people were told, and whether it reached them."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement


class NoticeKind(models.TextChoices):
    STATEMENT_ISSUED = "statement_issued", "Statement issued"
    PAYMENT_RECEIVED = "payment_received", "Payment received"
    PAYMENT_FAILED = "payment_failed", "Payment failed, will be tried again"
    PAYMENT_GIVEN_UP = "payment_given_up", "Payment failed, another card is needed"
    ACTION_REQUIRED = "action_required", "Payment waits for confirmation by the card's holder"
    CARD_MISSING = "card_missing", "A card is missing"
    CARD_EXPIRING = "card_expiring", "The card expires before the next payment"
    PAST_DUE = "past_due", "Payment is past due"
    REFUNDED = "refunded", "Refund"
    DISPUTED = "disputed", "Payment disputed"


class Notice(models.Model):
    """Something an Account is told: by e-mail, in the portal and in the admin.

    ``key`` makes sure that a thing is told once. ``about`` are the plain values the text is made of, as they stood.
    """

    key = models.CharField(max_length=200, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="notices")
    statement = models.ForeignKey(Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    about = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    email = models.EmailField(blank=True, help_text="Where it went; empty when the Account has no address.")
    sent_at = models.DateTimeField(null=True, blank=True)
    send_error = models.CharField(max_length=500, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at=None), name="notice_unsent"),
            models.Index(fields=["account", "dismissed_at"], name="notice_account"),
        ]

    def __str__(self) -> str:
        return self.key
