"""The log of syncs and open proposals, for pages that show them. All of it stands in the public schema."""

from django.db.models import QuerySet

from pos_billing.partner_api.models import PortalProposal, PortalSync, PortalSyncEntry, ProposalStatus


def syncs() -> QuerySet[PortalSync]:
    """All syncs, the newest first."""
    return PortalSync.objects.order_by("-id")


def entries_of(sync: PortalSync) -> QuerySet[PortalSyncEntry]:
    """What a sync found, in its order; the Instance comes along."""
    return sync.entries.select_related("instance").order_by("position")


def open_proposals() -> QuerySet[PortalProposal]:
    """What waits for a decision of staff, the oldest first; the Instance comes along."""
    return PortalProposal.objects.filter(status=ProposalStatus.OPEN).select_related("instance").order_by("id")
