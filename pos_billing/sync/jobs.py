"""The sync by the clock. When it runs is said in the manifest (plugin.toml, `jobs.scheduled`), and nowhere else."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pos_billing.instances.portal.errors import PortalError, PortalNotSetUp
from pos_billing.instances.portal.models import SyncStatus
from pos_billing.instances.portal.settings import portal_settings
from pos_billing.plugin import manifest
from pos_billing.sync.run import sync_portal

BY = "worker"


@app.task(queue="sync", queueing_lock="sync_register")
def sync_register(timestamp: int) -> str:
    """Bring the register up to date with the Partner Portal, where the host has set it up.

    Raises ``PortalError`` when the sync stopped or failed, so that the job is seen to have failed; the next one is
    tomorrow's.
    """
    try:
        settings = portal_settings()
    except PortalNotSetUp as missing:
        return f"not set up: {missing}"
    report = sync_portal(settings, by=BY, clock=timezone.now)
    if report.status in (SyncStatus.STOPPED, SyncStatus.FAILED):
        raise PortalError(report.message)
    return f"{SyncStatus(report.status).label}, {len(report.entries)} found"


app.periodic(cron=manifest()["jobs"]["scheduled"]["sync"]["cron"], periodic_id="sync")(sync_register)
