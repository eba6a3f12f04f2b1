"""The log of syncs: one row for each, and one for each thing it found. Written once, never changed."""

from datetime import datetime

from pos_billing.partner_api.models import PortalSync, PortalSyncEntry
from pos_billing.sync.report import SyncReport

ROWS_AT_ONCE = 1000


def write(
    report: SyncReport, started_at: datetime, finished_at: datetime, *, by: str, partner: str | None
) -> PortalSync:
    """Keep the report. Sets and returns its row of the log."""
    sync = PortalSync.objects.create(
        started_at=started_at,
        finished_at=finished_at,
        day=report.day,
        by=by,
        partner=partner or "",
        status=report.status,
        message=report.message,
        counts=report.counts,
    )
    PortalSyncEntry.objects.bulk_create(
        (
            PortalSyncEntry(
                sync=sync,
                position=position,
                kind=entry.kind,
                outcome=entry.outcome,
                instance_id=entry.instance_id,
                subject=entry.subject[:500],
                day=entry.day,
                text=entry.text,
                reason=entry.reason,
            )
            for position, entry in enumerate(report.entries, 1)
        ),
        batch_size=ROWS_AT_ONCE,
    )
    report.sync_id = sync.pk
    return sync
