"""What a Seller sells and to whom. In the public schema (the platform) and in every Partner's schema alike."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower

from pos_billing.facts.change_notes import WHOLE_HISTORY, change_notes, decisive
from pos_billing.facts.days import DatedFact, one_a_day, whole_days
from pos_billing.facts.history import tracked
from pos_billing.instances.models import DedicatedEnvironment, Environment, Instance
from pos_billing.plans.number_format import FORMAT_IN_POSTGRESQL
from pos_billing.rating.facts import DEDICATED
from pos_billing.rating.metrics import METRICS

SUBJECTS = "pos_billing_changenote"
NO_SUBJECT = "NULL::bigint, NULL::bigint"
COLUMNS = "instance_id, dedicated_environment_id, plan_id, first_month"


def notes_plan(plan: str, *columns: str) -> list[pgtrigger.Trigger]:
    """A change of ``columns`` touches the whole history of every subject that ever had ``plan`` (an SQL expression)."""
    chosen = f"SELECT {NO_SUBJECT}, {plan}, {WHOLE_HISTORY} FROM changed GROUP BY id, {plan} {decisive(*columns)}"
    return change_notes(SUBJECTS, COLUMNS, chosen)


def billed_plan_has_account(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Refuses assignments without an Account, except to the Unbilled placeholder; once for each statement."""
    return pgtrigger.Trigger(
        name=f"billed_plan_has_account_on_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="new_rows"),
        declare=[("wrong", "bigint")],
        func=(
            "EXECUTE format('SELECT new_rows.id FROM new_rows JOIN %I.pos_billing_plan AS plan "
            "ON plan.id = new_rows.plan_id WHERE new_rows.account_id IS NULL AND NOT plan.placeholder LIMIT 1', "
            "TG_TABLE_SCHEMA) INTO wrong; IF wrong IS NOT NULL THEN "
            "RAISE EXCEPTION 'only the Unbilled placeholder may be assigned without an account' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )


class CollectionMethod(models.TextChoices):
    CARD = "card", "By card"
    MANUAL = "manual", "By hand"


@tracked
class SellerSettings(models.Model):
    """The one row of a schema that says who its Seller is and how it bills."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200, help_text="As it stands on statements.")
    address = models.TextField(blank=True, help_text="Postal address on statements, one line a row.")
    email = models.EmailField(blank=True, help_text="Where clients answer to; the sender of notices.")
    tax_note = models.TextField(blank=True, help_text="Printed at the foot of statements, for example a VAT number.")
    logo = models.ImageField(upload_to="billing/logo", blank=True, help_text="PNG or JPEG, shown on statements.")
    brand_color = models.CharField(
        max_length=7, default="#1f4e79", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write it as #1f4e79.")]
    )
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        help_text="Says which day it is now. Billed days are the platform's, for every Seller.",
    )
    currency = models.CharField(max_length=3, default="USD")
    launch_on = models.DateField(null=True, blank=True, help_text="No statement is issued before this day.")
    first_payment_on = models.DateField(null=True, blank=True, help_text="No payment falls due before this day.")
    floor = models.DateField(null=True, blank=True, help_text="Days before this one are never charged.")
    cut_off = models.DateField(
        null=True, blank=True, help_text="Months that ended before this day are not rated again."
    )
    payment_terms_days = models.PositiveSmallIntegerField(
        default=14, validators=[MaxValueValidator(365)], help_text="Days to pay where payment is made by hand."
    )
    payment_note = models.TextField(
        blank=True, default="", db_default="", help_text="How to pay by hand, for example the bank account."
    )
    card_minimum_cents = models.PositiveIntegerField(
        default=50, help_text="Smaller totals wait for the next statement (cents)."
    )
    number_format = models.CharField(
        max_length=60,
        default="{year}-{number:06d}",
        help_text="May use {year}, {month} and must use {number}, for example {year}-{number:06d}.",
    )
    numbers_begin_anew = models.BooleanField(
        default=False,
        help_text="Statements and credit notes of each year are numbered from 1; the format names {year}.",
    )
    platform_suffixes = ArrayField(
        models.CharField(max_length=253),
        default=list,
        blank=True,
        help_text="Further endings of host names that this Seller provides itself: they are not custom Domains.",
    )

    class Meta:
        app_label = "pos_billing"
        verbose_name_plural = "Seller settings"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="seller_settings_one_row"),
            models.CheckConstraint(condition=models.Q(currency="USD"), name="seller_currency_usd"),
            models.CheckConstraint(
                condition=models.Q(number_format__regex=FORMAT_IN_POSTGRESQL), name="seller_number_format_is_valid"
            ),
            models.CheckConstraint(
                condition=models.Q(numbers_begin_anew=False) | models.Q(number_format__contains="{year}"),
                name="seller_numbers_anew_name_year",
            ),
        ]
        triggers = change_notes(
            SUBJECTS,
            COLUMNS,
            f"SELECT {NO_SUBJECT}, NULL::bigint, {WHOLE_HISTORY} FROM changed GROUP BY id "
            f"{decisive('floor', 'cut_off', 'platform_suffixes')}",
        )

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    WRITE = "write", "Member who may change"
    READ = "read", "Member who may read"


class SellerMember(models.Model):
    """A person of the Seller (a Partner's own people, in its schema) and what it may do."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="billing_member")
    role = models.CharField(max_length=8, choices=Role)

    class Meta:
        app_label = "pos_billing"


@tracked
class Account(models.Model):
    """Who a Seller bills. In the public schema an Account is a Partner; in a Partner's schema, a client."""

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, help_text="Where statements and notices go.")
    address = models.TextField(blank=True)
    tax_number = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=100, blank=True, help_text="Its id in the Seller's other systems.")
    collection_method = models.CharField(max_length=8, choices=CollectionMethod, default=CollectionMethod.MANUAL)
    partner = models.OneToOneField(
        settings.TENANT_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The Partner this Account is (public schema only).",
    )
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="account_name_once")]
        triggers = [pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


class AccountMember(models.Model):
    """A person of a client who may see the Account's Instances and statements in the storefront."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="billing_accounts")

    class Meta:
        app_label = "pos_billing"
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="account_member_once")]


class ParentPlan(models.Model):
    """A plan of the platform, seen from a Partner's schema: PostgreSQL keeps the reference across schemas."""

    name = models.CharField(max_length=200)
    archived_on = models.DateField(null=True)

    class Meta:
        app_label = "pos_billing"
        managed = False
        db_table = '"public"."pos_billing_plan"'
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanEnvironment(models.TextChoices):
    PRODUCTION = Environment.PRODUCTION.value, Environment.PRODUCTION.label
    STAGING = Environment.STAGING.value, Environment.STAGING.label
    DEV = Environment.DEV.value, Environment.DEV.label
    QA = Environment.QA.value, Environment.QA.label
    DEDICATED = DEDICATED, "Dedicated environment"


class PlanBegins(models.TextChoices):
    FIRST_CUSTOM_DOMAIN = "first_custom_domain", "When the first custom Domain was added"
    ASSIGNMENT = "assignment", "When the plan is assigned"


class PlanTiming(models.TextChoices):
    ARREARS = "arrears", "After the month"
    ADVANCE = "advance", "As the month begins"


@tracked
class Plan(models.Model):
    """A Billing Plan: what is charged each month for an Instance or a dedicated environment."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    parent = models.ForeignKey(
        ParentPlan,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The plan the Partner itself pays the platform for Instances sold under this one.",
    )
    placeholder = models.BooleanField(default=False, editable=False, help_text="Unbilled: no plan chosen yet.")
    begins = models.CharField(max_length=20, choices=PlanBegins, default=PlanBegins.FIRST_CUSTOM_DOMAIN)
    timing = models.CharField(max_length=8, choices=PlanTiming, default=PlanTiming.ARREARS)
    environments = ArrayField(
        models.CharField(max_length=12, choices=PlanEnvironment), help_text="The environments it may serve."
    )
    granted_to_all = models.BooleanField(default=False, help_text="Every Account may have it.")
    archived_on = models.DateField(null=True, blank=True, help_text="Not assigned anew from this day on.")
    external_id = models.CharField(max_length=100, blank=True, help_text="Its id in the Partner Portal.")

    class Meta:
        app_label = "pos_billing"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="plan_name_once"),
            models.UniqueConstraint(
                fields=["placeholder"], condition=models.Q(placeholder=True), name="plan_one_placeholder"
            ),
            models.CheckConstraint(condition=models.Q(environments__len__gt=0), name="plan_serves_something"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            *notes_plan("id", "placeholder", "begins", "timing", "environments"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class PlanGrant(models.Model):
    """An Account that may have a plan which is not granted to all."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="grants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")

    class Meta:
        app_label = "pos_billing"
        constraints = [models.UniqueConstraint(fields=["plan", "account"], name="plan_grant_once")]


@tracked
class UsageFee(models.Model):
    """One priced component of a plan: flat (cents a month) when ``metric`` is empty, otherwise metered."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="fees")
    name = models.CharField(max_length=100, default="Hosting")
    metric = models.CharField(
        max_length=20,
        blank=True,
        choices=[(m.code, m.name) for m in METRICS.values()],
        help_text="Leave empty for a flat monthly fee.",
    )

    class Meta:
        app_label = "pos_billing"
        ordering = ["plan", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="usage_fee_name_once"),
            models.CheckConstraint(condition=models.Q(metric__in=["", *METRICS]), name="usage_fee_metric_known"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            *notes_plan("plan_id", "metric"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Price(DatedFact):
    """What a fee costs on the days of the row. Flat: ``cents`` a month. Metered: ``included`` and ``tiers``.

    ``tiers`` is a list of ``{"up_to": units or null, "cents": cents, "per": units}``, graduated, over the included
    quantity (``rating.tiers.Tier``).
    """

    fee = models.ForeignKey(UsageFee, on_delete=models.PROTECT, related_name="prices")
    cents = models.BigIntegerField(default=0, validators=[MinValueValidator(0)])
    included = models.BigIntegerField(default=0, validators=[MinValueValidator(0)])
    tiers = models.JSONField(default=list, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["fee", "days"]
        constraints = [
            whole_days("price_days"),
            one_a_day("one_price_a_day", "fee"),
            models.CheckConstraint(
                condition=models.Q(cents__gte=0) & models.Q(included__gte=0), name="price_not_negative"
            ),
        ]
        triggers = change_notes(
            SUBJECTS,
            COLUMNS,
            f"SELECT {NO_SUBJECT}, fee.plan_id, {WHOLE_HISTORY} "
            "FROM changed JOIN {schema}.pos_billing_usagefee AS fee ON fee.id = changed.fee_id",
        )


@tracked
class Assignment(DatedFact):
    """The plan of an Instance or dedicated environment on the days of the row, and the Account that pays it.

    Only the Unbilled placeholder may have no Account: its client is not known yet.
    """

    instance = models.ForeignKey(Instance, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dedicated_environment = models.ForeignKey(
        DedicatedEnvironment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="assignments")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments")
    entered_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200, blank=True, help_text="Who assigned it.")

    class Meta:
        app_label = "pos_billing"
        ordering = ["instance", "dedicated_environment", "days"]
        constraints = [
            whole_days("assignment_days"),
            one_a_day("one_plan_a_day", "instance", condition=models.Q(instance__isnull=False)),
            one_a_day(
                "one_dedicated_plan_a_day",
                "dedicated_environment",
                condition=models.Q(dedicated_environment__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(instance__isnull=False, dedicated_environment__isnull=True)
                | models.Q(instance__isnull=True, dedicated_environment__isnull=False),
                name="assignment_one_subject",
            ),
        ]
        triggers = [
            billed_plan_has_account("insert", pgtrigger.Insert),
            billed_plan_has_account("update", pgtrigger.Update),
            *change_notes(
                SUBJECTS,
                COLUMNS,
                f"SELECT instance_id, dedicated_environment_id, NULL::bigint, {WHOLE_HISTORY} FROM changed",
            ),
        ]


class ChangeNote(models.Model):
    """A note that facts of this Seller changed: of one subject, of all that have a plan, or (all empty) of all."""

    instance_id = models.BigIntegerField(null=True)
    dedicated_environment_id = models.BigIntegerField(null=True)
    plan_id = models.BigIntegerField(null=True)
    first_month = models.DateField()
    noted_in = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing"
        indexes = [models.Index(fields=["noted_in"], name="change_note_noted_in")]
        constraints = [
            models.UniqueConstraint(
                fields=["instance_id", "dedicated_environment_id", "plan_id", "first_month"],
                nulls_distinct=False,
                name="change_note_once",
            )
        ]
