"""What we know of Stripe's objects: ids as soon as we have them, and how far each collection has come."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from pos_billing.facts.append_only import only_these_change
from pos_billing.facts.history import tracked
from pos_billing.plans.models import Account, Plan
from pos_billing.statements.models import Statement


def new_token() -> str:
    """A name for an installation that no other has: 64 random bits."""
    return secrets.token_hex(8)


OF_ACCOUNT = "The connected Stripe account the object belongs to; empty: the platform's own."


class ConnectedAccount(models.Model):
    """The Stripe account of a Partner, by which it charges its clients. Rows stand in the public schema only."""

    partner = models.OneToOneField(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Whose Stripe account this is."
    )
    account_id = models.CharField(max_length=255, unique=True)
    charges_enabled = models.BooleanField(default=False)
    details_submitted = models.BooleanField(default=False)
    connected_at = models.DateTimeField(auto_now_add=True)
    disconnected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"

    def __str__(self) -> str:
        return self.account_id


class Installation(models.Model):
    """Which installation this is, among all that use the same Stripe account. One row, in the public schema only."""

    only = models.BooleanField(primary_key=True, default=True)
    token = models.CharField(max_length=32, default=new_token, help_text="Part of every name we give at Stripe.")

    class Meta:
        app_label = "pos_billing"
        constraints = [models.CheckConstraint(condition=Q(only=True), name="installation_once")]

    def __str__(self) -> str:
        return self.token


class StripeRateLimit(models.Model):
    """When the next call to a Stripe account may be made, by whichever worker. In the public schema only."""

    stripe_account = models.CharField(max_length=255, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        app_label = "pos_billing"

    def __str__(self) -> str:
        return self.stripe_account or "platform"


class StripeCustomer(models.Model):
    """The Stripe customer of an Account. The row is written before Stripe is asked: an empty id is a begun one."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="stripe_customers")
    stripe_account = models.CharField(max_length=255, blank=True, help_text=OF_ACCOUNT)
    customer_id = models.CharField(max_length=255, blank=True)
    key_attempt = models.PositiveSmallIntegerField(
        default=0, help_text="Idempotency keys that stand for Stripe's failures."
    )
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "pos_billing"
        constraints = [
            models.UniqueConstraint(fields=["account", "stripe_account"], name="stripe_customer_once"),
            models.UniqueConstraint(
                fields=["customer_id"], condition=~Q(customer_id=""), name="stripe_customer_id_once"
            ),
        ]

    def __str__(self) -> str:
        return self.customer_id


@tracked
class Card(models.Model):
    """A card an Account can be charged by. Its number never comes near us."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="cards")
    stripe_account = models.CharField(max_length=255, blank=True, help_text=OF_ACCOUNT)
    payment_method_id = models.CharField(max_length=255, unique=True)
    brand = models.CharField(max_length=30)
    last_four = models.CharField(max_length=4)
    exp_month = models.PositiveSmallIntegerField()
    exp_year = models.PositiveSmallIntegerField()
    is_default = models.BooleanField(default=False, help_text="The one that statements are collected from.")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-is_default", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_account"], condition=Q(is_default=True), name="card_one_default"
            ),
            models.CheckConstraint(condition=Q(removed_at=None) | Q(is_default=False), name="card_removed_no_default"),
        ]

    def __str__(self) -> str:
        return f"{self.brand.title()} {self.last_four}"


class CardSetup(models.Model):
    """One try of an Account to add a card (a SetupIntent), and how it went."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="card_setups")
    stripe_account = models.CharField(max_length=255, blank=True, help_text=OF_ACCOUNT)
    setup_intent_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=40)
    problem = models.CharField(max_length=500, blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.setup_intent_id


class PlanProduct(models.Model):
    """What Stripe was last told about a plan, so that its reports speak of the same things."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="products")
    stripe_account = models.CharField(max_length=255, blank=True, help_text=OF_ACCOUNT)
    product_id = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    active = models.BooleanField()

    class Meta:
        app_label = "pos_billing"
        constraints = [models.UniqueConstraint(fields=["plan", "stripe_account"], name="plan_product_once")]

    def __str__(self) -> str:
        return self.product_id


@tracked
class Collection(models.Model):
    """How far the collection of one statement by card has come. Each step is stored before the next one begins.

    ``generation`` counts the Stripe invoices made for the statement: a voided one, or one whose amount is out of date
    after a part payment by hand, is followed by another.
    """

    statement = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="collection")
    stripe_account = models.CharField(max_length=255, blank=True, help_text=OF_ACCOUNT)
    generation = models.PositiveSmallIntegerField(default=1)
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When this generation's invoice was asked for.")
    key_attempt = models.PositiveSmallIntegerField(
        default=0, help_text="Idempotency keys that stand for Stripe's failures."
    )
    customer_id = models.CharField(max_length=255, blank=True)
    invoice_id = models.CharField(max_length=255, blank=True)
    invoice_cents = models.BigIntegerField(default=0)
    invoice_status = models.CharField(max_length=20, blank=True)
    lines_added = models.BooleanField(default=False)
    hosted_invoice_url = models.URLField(max_length=2048, blank=True)
    action_required = models.BooleanField(default=False, help_text="The card's holder must confirm the payment.")
    declines = models.PositiveSmallIntegerField(default=0)
    last_attempt_on = models.DateField(null=True, blank=True)
    next_attempt_on = models.DateField(null=True, blank=True)
    decline_code = models.CharField(max_length=60, blank=True)
    decline_message = models.CharField(max_length=500, blank=True)
    hard_declined = models.BooleanField(default=False, help_text="The bank said never to try this card again.")
    paused_why = models.CharField(max_length=500, blank=True, help_text="Not collected while this says why.")
    blocked_because = models.CharField(
        max_length=500, blank=True, help_text="What staff must look at before it goes on."
    )

    class Meta:
        app_label = "pos_billing"
        indexes = [
            models.Index(fields=["invoice_id"], name="collection_invoice"),
            models.Index(fields=["next_attempt_on"], name="collection_next_attempt"),
        ]

    def __str__(self) -> str:
        return self.invoice_id or f"Collection {self.pk}"


class AttemptOutcome(models.TextChoices):
    UNKNOWN = "", "Begun, answer not known"
    PAID = "paid", "Paid"
    DECLINED = "declined", "Declined"
    ACTION_REQUIRED = "action_required", "Waits for the card's holder"
    FAILED = "failed", "Stripe could not be asked"


class CollectionAttempt(models.Model):
    """One try to charge the card. Written before Stripe is asked; its number is part of the idempotency key."""

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    generation = models.PositiveSmallIntegerField()
    card = models.CharField(max_length=60)
    payment_method_id = models.CharField(max_length=255)
    begun_on = models.DateField()
    begun_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=16, choices=AttemptOutcome, blank=True, default=AttemptOutcome.UNKNOWN)
    decline_code = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["collection", "number"], name="collection_attempt_once")]
        triggers = only_these_change("outcome", "decline_code", "message", "finished_at")

    def __str__(self) -> str:
        return f"Attempt {self.number}"


class ReconcileReport(models.Model):
    """One comparison of open statements with Stripe: what was repaired, and what still differs."""

    as_of = models.DateField()
    finished_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)
    checked = models.PositiveIntegerField()
    repaired = models.JSONField(default=list)
    differs = models.JSONField(default=list)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Reconciliation of {self.as_of}"
