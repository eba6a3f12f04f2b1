"""Who of the staff looked at which Partner's pages, and when. In use in the public schema alone."""

from django.db import models

from pos_billing.facts.append_only import append_only, only_these_change


class SupportAccess(models.Model):
    """One look at a Partner's pages. The ticket that opens it is used once; of it only the hash is kept."""

    partner_schema = models.CharField(max_length=63)
    by = models.CharField(max_length=200)
    why = models.CharField(max_length=500)
    ticket_sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "pos_billing"
        ordering = ["-id"]
        triggers = only_these_change("opened_at", "ended_at")

    def __str__(self) -> str:
        return f"{self.by} at {self.partner_schema}"


class SupportAccessPage(models.Model):
    """One page that was opened in a look."""

    access = models.ForeignKey(SupportAccess, on_delete=models.PROTECT, related_name="pages")
    path = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        app_label = "pos_billing"
        ordering = ["id"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.path
