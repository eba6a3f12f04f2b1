"""What the queue does not keep of its jobs."""

from django.db import models


class JobError(models.Model):
    """Why the last try of a job failed; gone when a later one went well. Its rows stand in ``public`` alone."""

    job_id = models.BigIntegerField(primary_key=True, help_text="The job in Procrastinate's queue.")
    error = models.TextField()
    failed_at = models.DateTimeField()

    class Meta:
        app_label = "pos_billing"

    def __str__(self) -> str:
        return f"Job {self.job_id}: {self.error}"
