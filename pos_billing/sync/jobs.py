"""The sync by the clock. When it runs is said in the manifest (plugin.toml, `jobs.scheduled`), and nowhere else."""

from procrastinate.contrib.django import app

from pos_billing.facts import clock
from pos_billing.partner_api.errors import PortalError, PortalNotSetUp
from pos_billing.partner_api.models import SyncStatus
from pos_billing.partner_api.settings import portal_settings
from pos_billing.sync.run import sync_portal
from pos_billing.work.jobs import BY, register_schedule


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
    report = sync_portal(settings, by=BY, clock=clock.now)
    if report.status in (SyncStatus.STOPPED, SyncStatus.FAILED):
        raise PortalError(report.message)
    return f"{SyncStatus(report.status).label}, {len(report.entries)} found"


register_schedule(__name__, globals())
