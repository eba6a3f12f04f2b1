"""What was billed: statements and lines, append-only. PostgreSQL keeps them as they were issued."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from pos_billing.facts.append_only import append_only
from pos_billing.plans.models import Account, Plan, UsageFee
from pos_billing.plans.number_counter import NumberCounter


class JSONText(models.JSONField):
    """JSON that is kept as the text it came as (PostgreSQL's ``json``): it is read whole, never searched.

    Taking a text apart into ``jsonb`` costs as much as writing the rest of a line.
    """

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The driver has read ``json`` already; Django leaves only ``jsonb`` to be read here."""
        return super().from_db_value(value, expression, connection) if isinstance(value, str) else value


class BillingRun(models.Model):
    """One finished run of a Seller: on which day, what it read, what came of it."""

    as_of = models.DateField()
    full = models.BooleanField(help_text="Every month was rated again, not only what had closed or was touched.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    snapshot_xmin = models.BigIntegerField(help_text="Notes of transactions before this one were all read.")
    snapshot = models.TextField(help_text="The transactions whose notes it saw (pg_snapshot).")
    own_transaction = models.BigIntegerField(
        null=True, help_text="The transaction it was made in, whose later notes it did not see."
    )
    database_system = models.BigIntegerField(help_text="The database cluster whose transaction ids these are.")
    platform_suffixes = ArrayField(
        models.CharField(max_length=253), help_text="The endings of host names that were not custom then."
    )
    newest_month = models.DateField(null=True, help_text="The newest month that any run up to this one has billed.")
    accounts = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="The Accounts it was made for alone (a purchase); none for a run of the Seller.",
    )
    full_because = models.CharField(
        max_length=200, blank=True, help_text="Why every month was rated again though nobody asked for it."
    )
    statements = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    summary = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        triggers = append_only()


class StatementCounter(NumberCounter):
    """The number the next statement gets."""

    class Meta:
        app_label = "pos_billing"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="statement_counter_one_row")]


class Statement(models.Model):
    """What a Seller bills an Account on a day: the sum of its lines. Never changed, never deleted.

    ``total + brought_forward + set_off = amount_due + carried_forward`` (``rating.settlement``), all in cents.
    ``set_off`` is its credit that settled earlier statements which were open when it was issued.
    ``seller`` and ``buyer`` are the letterhead and address as they stood on the day of issue.
    """

    number = models.CharField(max_length=60, unique=True)
    sequence = models.PositiveIntegerField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="statements")
    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="issued")
    as_of = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    line_count = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    brought_forward_cents = models.BigIntegerField()
    set_off_cents = models.BigIntegerField(default=0, db_default=0)
    amount_due_cents = models.BigIntegerField()
    carried_forward_cents = models.BigIntegerField()
    seller = models.JSONField()
    buyer = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        app_label = "pos_billing"
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["account", "as_of"], name="statement_account_as_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total_cents=F("amount_due_cents")
                    + F("carried_forward_cents")
                    - F("brought_forward_cents")
                    - F("set_off_cents")
                ),
                name="statement_adds_up",
            ),
            models.CheckConstraint(condition=Q(amount_due_cents__gte=0), name="statement_never_negative"),
            models.CheckConstraint(condition=Q(set_off_cents__gte=0), name="statement_sets_off_credit"),
            models.CheckConstraint(condition=Q(line_count__gt=0), name="statement_has_lines"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="sums_its_lines",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                declare=[("wrong", "text")],
                func=(
                    "EXECUTE format('SELECT string_agg(s.number, '', '') FROM new_rows AS s LEFT JOIN ("
                    "SELECT l.statement_id, sum(l.amount_cents) AS total, count(*) AS lines "
                    "FROM %I.pos_billing_statementline AS l "
                    "WHERE l.statement_id IN (SELECT id FROM new_rows) GROUP BY 1) AS t ON t.statement_id = s.id "
                    "WHERE t.total IS DISTINCT FROM s.total_cents OR t.lines IS DISTINCT FROM s.line_count', "
                    "TG_TABLE_SCHEMA) INTO wrong; "
                    "IF wrong IS NOT NULL THEN "
                    "RAISE EXCEPTION 'statement % does not equal the sum of its lines', wrong "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LineKind(models.TextChoices):
    CHARGE = "charge", "Charge"
    ADJUSTMENT = "adjustment", "Adjustment"


class StatementLine(models.Model):
    """One amount of a statement: a fee of a subject for a month, or the correction of one.

    ``amount = due − billed before + credited`` in cents, where credit notes issued ahead of this correction gave
    ``credited`` already: what was billed for a fee and month is the sum of ``amount − credited``, always.
    ``explanation`` says how ``due`` came about (``statements.explanation``); names stand as they were on the day of
    issue. Lines are written by COPY before their statement, in one transaction: PostgreSQL refuses lines for a
    statement that stands already, and a statement that is not the sum of its lines.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=10, choices=LineKind)
    month = models.DateField()
    instance_id = models.BigIntegerField(null=True)
    dedicated_environment_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=200)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    plan_name = models.CharField(max_length=200)
    fee = models.ForeignKey(UsageFee, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    fee_name = models.CharField(max_length=100)
    days = models.PositiveSmallIntegerField(help_text="Billed days of the month.")
    days_in_month = models.PositiveSmallIntegerField()
    due_cents = models.BigIntegerField()
    billed_cents = models.BigIntegerField(help_text="What earlier statements billed for the same fee and month.")
    credited_cents = models.BigIntegerField(
        default=0, db_default=0, help_text="What credit notes ahead of this correction gave already."
    )
    amount_cents = models.BigIntegerField()
    corrects = models.JSONField(default=list, help_text="The ids of the lines this one corrects.")
    explanation = JSONText(default=dict)

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["instance_id", "month"], name="line_instance_month"),
            models.Index(
                fields=["dedicated_environment_id", "month"],
                name="line_dedicated_month",
                condition=Q(dedicated_environment_id__isnull=False),
            ),
            # Lines are written month after month: this finds those of a month, and costs a run nothing.
            BrinIndex(fields=["month"], name="line_month", autosummarize=True, pages_per_range=32),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents=F("due_cents") - F("billed_cents") + F("credited_cents"))
                & ~Q(amount_cents=0, credited_cents=0),
                name="line_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(credited_cents=0) | Q(credited_cents__gt=0, amount_cents__lte=0),
                name="line_credited_lowers_a_credit",
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="only_with_its_statement",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                declare=[("late", "text")],
                func=(
                    "EXECUTE format('SELECT string_agg(DISTINCT s.number, '', '') FROM %I.pos_billing_statement AS s "
                    "WHERE s.id IN (SELECT statement_id FROM new_rows)', TG_TABLE_SCHEMA) INTO late; "
                    "IF late IS NOT NULL THEN "
                    "RAISE EXCEPTION 'statement % is issued: its lines cannot be added to', late "
                    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL;"
                ),
            ),
        ]


class AccountCredit(models.Model):
    """Money that waits for an Account's next statement, other than what a statement carries forward itself.

    Positive cents are in the Account's favour (an over-payment, a credit note); negative ones take such money back.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    cents = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(cents=0), name="account_credit_not_zero")]
        triggers = append_only()


class StatementDocument(models.Model):
    """The PDF of a statement: rendered once, kept outside the public media folder."""

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="document")
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    rendered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "pos_billing"
        triggers = append_only()


class RunRequest(models.Model):
    """A run or preview that somebody asked for on a page, and how far it is. Kept in the public schema.

    It is no fact of billing: what a run did is its ``BillingRun``, in the Seller's schema.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Under way"
        FINISHED = "finished", "Finished"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    seller = models.CharField(max_length=63, help_text="The Seller's schema.")
    as_of = models.DateField()
    preview = models.BooleanField()
    full = models.BooleanField(default=False)
    by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(auto_now_add=True)
    job_id = models.BigIntegerField(null=True, help_text="The job in the queue that carries it out.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="Subjects rated so far.")
    total = models.PositiveIntegerField(default=0)
    expected = models.CharField(max_length=64, blank=True, help_text="The fingerprint of the preview that was shown.")
    shown = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.TextField(blank=True)
    run_id = models.BigIntegerField(null=True, help_text="The Seller's BillingRun that came of it.")
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
