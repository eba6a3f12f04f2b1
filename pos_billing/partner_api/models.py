"""What is kept of the Partner Portal: when an Instance was last seen, the log of syncs, what staff must decide."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from pos_billing.facts.append_only import append_only, only_these_change
from pos_billing.facts.history import tracked
from pos_billing.partner_api.kinds import LABELS, PROPOSED, FindingOutcome, Kind


class PortalSighting(models.Model):
    """The days a sync last saw an Instance, and last read its domains. Moves forward only."""

    instance = models.OneToOneField(
        "pos_billing_instances.Instance", primary_key=True, on_delete=models.PROTECT, related_name="sighting"
    )
    seen_on = models.DateField(help_text="The last day on which the Partner Portal listed it.")
    domains_read_on = models.DateField(null=True, help_text="The last day on which its domains could be read.")

    class Meta:
        app_label = "pos_billing_instances"

    def __str__(self) -> str:
        return f"last seen on {self.seen_on}"


class SyncStatus(models.TextChoices):
    FINISHED = "finished", "Finished"
    PARTIAL = "partial", "Finished, with parts not read"
    STOPPED = "stopped", "Stopped: too many Instances missing"
    FAILED = "failed", "Failed"


class PortalSync(models.Model):
    """One sync with the Partner Portal: when, by whom, what came of it."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    day = models.DateField(help_text="The day of the sync in the platform's time zone.")
    by = models.CharField(max_length=200)
    partner = models.CharField(
        max_length=100, blank=True, help_text="The Portal's id of the one Partner read; empty: all."
    )
    status = models.CharField(max_length=8, choices=SyncStatus)
    message = models.TextField(blank=True, help_text="Why it stopped or failed.")
    counts = models.JSONField(encoder=DjangoJSONEncoder, help_text="How much was read, and what became of it.")

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Sync of {self.day}"


class PortalSyncEntry(models.Model):
    """One thing a sync found, and what became of it."""

    sync = models.ForeignKey(PortalSync, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=[(kind.value, LABELS[kind]) for kind in Kind])
    outcome = models.CharField(max_length=16, choices=[(outcome.value, outcome.label) for outcome in FindingOutcome])
    instance = models.ForeignKey(
        "pos_billing_instances.Instance", null=True, on_delete=models.PROTECT, related_name="portal_entries"
    )
    subject = models.CharField(max_length=500, help_text="The Instance, Partner or part of the Portal it is about.")
    day = models.DateField(null=True, help_text="From which day it holds.")
    text = models.TextField(help_text="What was found, in words.")
    reason = models.TextField(blank=True, help_text="Why it was refused, or what to do.")

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["sync", "position"]
        constraints = [models.UniqueConstraint(fields=["sync", "position"], name="portal_entry_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return self.text


class ProposalStatus(models.TextChoices):
    OPEN = "open", "Waits for a decision"
    CONFIRMED = "confirmed", "Confirmed"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn: no longer so in the Portal"


@tracked
class PortalProposal(models.Model):
    """Something the Portal suggests that only staff may decide, above all that an Instance was deleted.

    ``about`` tells two proposals of one kind for one Instance apart: what was rejected is not proposed again.
    """

    kind = models.CharField(max_length=24, choices=[(kind.value, LABELS[kind]) for kind in Kind if kind in PROPOSED])
    instance = models.ForeignKey(
        "pos_billing_instances.Instance", on_delete=models.PROTECT, related_name="portal_proposals"
    )
    about = models.CharField(max_length=300)
    host = models.CharField(max_length=253, blank=True)
    day = models.DateField(help_text="The day from which it would hold.")
    text = models.TextField(help_text="What was found, in words.")
    first_sync = models.ForeignKey(PortalSync, on_delete=models.PROTECT, related_name="proposals")
    status = models.CharField(max_length=9, choices=ProposalStatus, default=ProposalStatus.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_why = models.TextField(blank=True)
    settled_day = models.DateField(null=True, help_text="The day it was confirmed for.")

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["-id"]
        indexes = [models.Index(fields=["status"], name="portal_proposal_status")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "instance", "about"], name="portal_proposal_once"),
            models.CheckConstraint(
                condition=models.Q(status="open", settled_at=None)
                | ~models.Q(status="open") & ~models.Q(settled_at=None),
                name="portal_proposal_settled",
            ),
        ]
        triggers = only_these_change("status", "settled_at", "settled_by", "settled_why", "settled_day")

    def __str__(self) -> str:
        return self.text
