"""The register of Instances: what the platform knows. In the public schema only, read by every Seller."""

import uuid as uuids

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower

from pos_billing.facts.change_notes import WHOLE_HISTORY, change_notes, decisive
from pos_billing.facts.days import DatedFact, one_a_day, whole_days
from pos_billing.facts.history import tracked
from pos_billing.rating.metrics import HIGHEST_DAILY_QUANTITY, METRICS

NOTES = "pos_billing_instances_changenote"
DEDICATED_NOTES = "pos_billing_instances_dedicatedchangenote"


def notes_instance() -> list[pgtrigger.Trigger]:
    """A change of the row touches the whole history of its Instance."""
    return change_notes(NOTES, "instance_id, first_month", f"SELECT instance_id, {WHOLE_HISTORY} FROM changed")


class Environment(models.TextChoices):
    PRODUCTION = "production", "Production"
    STAGING = "staging", "Staging"
    DEV = "dev", "Dev"
    QA = "qa", "QA"


class Status(models.TextChoices):
    ACTIVE = "active", "Active"
    UNPUBLISHED = "unpublished", "Unpublished"
    DELETED = "deleted", "Deleted"
    FRESH = "fresh", "Fresh"
    SCHEDULED = "scheduled", "Scheduled to activate"


@tracked
class Instance(models.Model):
    """A platformOS site. It exists from ``created_on`` up to ``deleted_on`` (that day is not billed any more)."""

    uuid = models.UUIDField(unique=True, default=uuids.uuid4)
    name = models.CharField(max_length=200)
    data_center = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=255, blank=True, help_text="The address the platform gave it.")
    tags = ArrayField(models.CharField(max_length=50), size=5, default=list, blank=True)
    created_on = models.DateField()
    deleted_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["name", "id"]
        indexes = [models.Index(Lower("name"), name="instance_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_on=None) | models.Q(deleted_on__gte=models.F("created_on")),
                name="instance_deleted_after_created",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            *change_notes(
                NOTES,
                "instance_id, first_month",
                f"SELECT id, {WHOLE_HISTORY} FROM changed GROUP BY id {decisive('created_on', 'deleted_on')}",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class EnvironmentPeriod(DatedFact):
    """The environment of an Instance on the days of the row."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="environments")
    environment = models.CharField(max_length=12, choices=Environment)

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["instance", "days"]
        constraints = [whole_days("environment_days"), one_a_day("one_environment_a_day", "instance")]
        triggers = notes_instance()


@tracked
class StatusPeriod(DatedFact):
    """The status of an Instance on the days of the row. Only deletion ends billing; an unpublished one is billed."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="statuses")
    status = models.CharField(max_length=12, choices=Status)
    before_deletion = models.CharField(
        max_length=12,
        choices=Status,
        blank=True,
        default="",
        db_default="",
        help_text="Of days on which it is deleted: the status that holds if the deletion is taken back.",
    )

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["instance", "days"]
        constraints = [
            whole_days("status_days"),
            one_a_day("one_status_a_day", "instance"),
            models.CheckConstraint(
                condition=models.Q(status="deleted") ^ models.Q(before_deletion=""), name="status_before_deletion_known"
            ),
        ]


@tracked
class Ownership(DatedFact):
    """The Partner an Instance belongs to on the days of the row: who sees it, and who pays the platform for it."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="ownerships")
    partner = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["instance", "days"]
        constraints = [whole_days("ownership_days"), one_a_day("one_owner_a_day", "instance")]
        triggers = notes_instance()


@tracked
class Domain(models.Model):
    """A host name of an Instance, and the day it was added. ``host`` is normalised (``instances.hosts``)."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="domains")
    host = models.CharField(max_length=253)
    added_on = models.DateField()
    removed_on = models.DateField(null=True, blank=True)
    ended_by_deletion = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The deletion of its Instance removed it: it follows when that day is corrected or taken back.",
    )

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["instance", "added_on", "host"]
        indexes = [models.Index(fields=["host"], name="domain_host")]
        constraints = [
            models.UniqueConstraint(fields=["instance", "host", "added_on"], name="domain_once"),
            models.UniqueConstraint(
                fields=["host"], condition=models.Q(removed_on=None), name="domain_on_one_instance"
            ),
            models.CheckConstraint(
                condition=models.Q(removed_on=None) | models.Q(removed_on__gte=models.F("added_on")),
                name="domain_removed_after_added",
            ),
            models.CheckConstraint(condition=models.Q(host=Lower("host")), name="domain_lower_case"),
            models.CheckConstraint(
                condition=models.Q(ended_by_deletion=False) | models.Q(removed_on__isnull=False),
                name="domain_ended_by_deletion_has_ended",
            ),
        ]
        triggers = notes_instance()

    def __str__(self) -> str:
        return self.host


@tracked
class DedicatedEnvironment(models.Model):
    """A server allocated to a team or client. Its plan is billed once; Instances placed on it bear no fee."""

    uuid = models.UUIDField(unique=True, default=uuids.uuid4)
    name = models.CharField(max_length=200)
    data_center = models.CharField(max_length=100, blank=True)
    partner = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    created_on = models.DateField()
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_on=None) | models.Q(removed_on__gte=models.F("created_on")),
                name="dedicated_removed_after_created",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
            *change_notes(
                DEDICATED_NOTES,
                "dedicated_environment_id, first_month",
                f"SELECT id, {WHOLE_HISTORY} FROM changed GROUP BY id {decisive('created_on', 'removed_on')}",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Placement(DatedFact):
    """The days an Instance stands on a dedicated environment."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="placements")
    dedicated_environment = models.ForeignKey(DedicatedEnvironment, on_delete=models.PROTECT, related_name="placements")

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["instance", "days"]
        constraints = [whole_days("placement_days"), one_a_day("one_placement_a_day", "instance")]
        triggers = [
            *notes_instance(),
            # What stands on an environment decides what it uses.
            *change_notes(
                DEDICATED_NOTES,
                "dedicated_environment_id, first_month",
                f"SELECT dedicated_environment_id, {WHOLE_HISTORY} FROM changed",
                of="notes_dedicated",
            ),
        ]


class EndedPlacement(models.Model):
    """Days of a placement that the removal of its dedicated environment cut off: they hold again as far as that day is
    corrected to a later one."""

    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    dedicated_environment = models.ForeignKey(DedicatedEnvironment, on_delete=models.PROTECT, related_name="+")
    days = DateRangeField()

    class Meta:
        app_label = "pos_billing_instances"
        constraints = [whole_days("ended_placement_days")]


class UsageDay(models.Model):
    """How much of a metric an Instance used on a day (UTC). One row for each; a correction replaces its quantity."""

    pk = models.CompositePrimaryKey("instance_id", "metric", "day")
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="usage", db_index=False)
    metric = models.CharField(max_length=20, choices=[(m.code, m.name) for m in METRICS.values()])
    day = models.DateField()
    quantity = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing_instances"
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="usage_not_negative"),
            models.CheckConstraint(
                condition=models.Q(quantity__lte=HIGHEST_DAILY_QUANTITY), name="usage_within_bounds"
            ),
            models.CheckConstraint(condition=models.Q(metric__in=list(METRICS)), name="usage_metric_known"),
        ]
        triggers = change_notes(
            NOTES, "instance_id, first_month", "SELECT instance_id, date_trunc('month', day)::date FROM changed"
        )


class ChangeNote(models.Model):
    """A note that facts of an Instance changed, from ``first_month`` on, in the transaction ``noted_in``."""

    pk = models.CompositePrimaryKey("instance_id", "first_month")
    instance_id = models.BigIntegerField()
    first_month = models.DateField()
    noted_in = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing_instances"
        indexes = [models.Index(fields=["noted_in"], name="instance_change_note_noted_in")]


class DedicatedChangeNote(models.Model):
    """A note that facts of a dedicated environment changed, from ``first_month`` on."""

    pk = models.CompositePrimaryKey("dedicated_environment_id", "first_month")
    dedicated_environment_id = models.BigIntegerField()
    first_month = models.DateField()
    noted_in = models.BigIntegerField()

    class Meta:
        app_label = "pos_billing_instances"
        indexes = [models.Index(fields=["noted_in"], name="dedicated_change_note_noted_in")]


class ForgottenNotes(models.Model):
    """Up to where notes of the register were forgotten: one row.

    A Seller whose last run saw less than ``snapshot`` may have missed a note that is gone, and rates every month again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    snapshot = models.TextField(help_text="Notes of transactions that it shows may be gone (pg_snapshot).")
    database_system = models.BigIntegerField(help_text="The database cluster whose transaction ids these are.")

    class Meta:
        app_label = "pos_billing_instances"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="forgotten_notes_one_row")]


class RegisterImport(models.Model):
    """One import of a register file: what it held, what it changed, who gave it."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)
    report = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        app_label = "pos_billing_instances"
        ordering = ["-imported_at"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
