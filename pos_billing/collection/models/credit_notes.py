"""What was taken back of statements: credit notes with numbers of their own, their lines, and their documents."""

from django.db import models
from django.db.models import F, Q

from pos_billing.collection.models.sums import adds_up, never_below_zero
from pos_billing.facts.append_only import append_only
from pos_billing.plans.models import Account
from pos_billing.plans.number_counter import NumberCounter
from pos_billing.statements.models import AccountCredit, Statement, StatementLine


class CreditNoteCounter(NumberCounter):
    """The number the next credit note gets."""

    class Meta:
        app_label = "pos_billing"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="credit_note_counter_one_row")]


class CreditNoteKind(models.TextChoices):
    AHEAD = "ahead", "Ahead of a correction"
    GOODWILL = "goodwill", "Goodwill"


class CreditNote(models.Model):
    """Takes back a statement, in part or whole. Its lines name the statement lines they credit.

    One *ahead of a correction* gives at once what a corrected fact will give: the adjustment that follows is lowered by
    it (``statements.models.StatementLine.credited_cents``). *Goodwill* stays whatever happens.

    ``applied_cents`` is the part that lowers what the statement still asks for; the rest is ``credit`` of the
    Account, from where it is refunded or used up by the next statement.
    """

    number = models.CharField(max_length=60, unique=True)
    sequence = models.PositiveIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credit_notes")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="credit_notes")
    kind = models.CharField(max_length=8, choices=CreditNoteKind, default=CreditNoteKind.AHEAD)
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
            never_below_zero("statement_id"),
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
            adds_up("pos_billing_creditnote", "pos_billing_creditnoteline", "credit_note_id", "credit_note_id", "true"),
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
