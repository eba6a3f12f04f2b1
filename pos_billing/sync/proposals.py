"""Proposals of a sync kept for staff: new ones opened, decided ones left alone, those no longer so withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from pos_billing.partner_api.compared import Change
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.partner_api.models import PortalProposal, PortalSync, ProposalStatus
from pos_billing.partner_api.spool import Reading
from pos_billing.sync.apply import entry_of
from pos_billing.sync.described import told
from pos_billing.sync.report import Entry

OUTCOMES = {
    ProposalStatus.OPEN: FindingOutcome.OPEN,
    ProposalStatus.WITHDRAWN: FindingOutcome.PROPOSED,
    ProposalStatus.CONFIRMED: FindingOutcome.DECIDED,
    ProposalStatus.REJECTED: FindingOutcome.DECIDED,
}

OPEN_ONES = """
SELECT proposal.id, proposal.kind, proposal.instance_id, proposal.about, instance.deleted_on, seen.reading,
       seen.hosts IS NOT NULL
FROM pos_billing_instances_portalproposal AS proposal
JOIN pos_billing_instances_instance AS instance ON instance.id = proposal.instance_id
LEFT JOIN portal_reading AS seen ON seen.uuid = instance.uuid
WHERE proposal.status = 'open'
"""

UNSETTLED: dict[str, Any] = {
    "status": ProposalStatus.OPEN,
    "settled_at": None,
    "settled_by": "",
    "settled_why": "",
    "settled_day": None,
}


@dataclass(frozen=True, slots=True)
class Proposals:
    """Proposals of one sync: what the report says of each, which are new, which withdrawn ones open again."""

    entries: list[Entry]
    new: list[tuple[Change, int]]
    again: list[int]

    def save(self, sync: PortalSync) -> None:
        """Open them. New ones refer to the row of the log that proposed them first. At most two queries."""
        if self.again:
            PortalProposal.objects.filter(pk__in=self.again).update(**UNSETTLED)
        PortalProposal.objects.bulk_create(_proposal(change, key, sync) for change, key in self.new)


def proposals_for(changes: Sequence[Change], instance_id: Callable[[Change], int | None]) -> Proposals:
    """Which of the changes are proposed now: those not decided or open already. One query for any number of them.

    ``instance_id`` gives the key of the Instance a change is about, ``None`` when it could not be taken over.
    """
    keyed = [(change, key) for change in changes if (key := instance_id(change)) is not None]
    known = {
        (kind, key, about): (pk, status)
        for pk, kind, key, about, status in PortalProposal.objects.order_by()
        .filter(kind__in={change.kind for change, _ in keyed}, instance_id__in={key for _, key in keyed})
        .values_list("pk", "kind", "instance_id", "about", "status")
    }
    proposals = Proposals([], [], [])
    for change, key in keyed:
        pk, status = known.get((change.kind, key, change.about), (None, None))
        if pk is None:
            proposals.new.append((change, key))
        elif status == ProposalStatus.WITHDRAWN:
            proposals.again.append(pk)
        outcome = OUTCOMES[ProposalStatus(status)] if status else FindingOutcome.PROPOSED
        proposals.entries.append(entry_of(change, outcome, instance_id=key))
    for change in changes:
        if instance_id(change) is None:
            proposals.entries.append(
                entry_of(change, FindingOutcome.ATTENTION, reason="Its Instance was not taken over.")
            )
    return proposals


def withdraw(changes: Sequence[Change], day: date, at: datetime, by: str) -> int:
    """Withdraw open proposals that what was read contradicts: an Instance that is back, a day that agrees again.

    Reads the staged Instances (``instances.portal.register.stage``). What was not read withdraws nothing.
    Returns how many were withdrawn.
    """
    current = {(change.kind.value, change.instance_id, change.about) for change in changes}
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ONES)
        gone = [
            pk
            for pk, kind, instance_id, about, deleted_on, reading, hosts_read in cursor.fetchall()
            if (kind, instance_id, about) not in current
            and _contradicted(Kind(kind), deleted_on is not None and deleted_on <= day, reading, hosts_read)
        ]
    if gone:
        PortalProposal.objects.filter(pk__in=gone).update(
            status=ProposalStatus.WITHDRAWN, settled_at=at, settled_by=by, settled_why="No longer so in the Portal."
        )
    return len(gone)


def _contradicted(kind: Kind, deleted: bool, reading: str | None, hosts_read: bool) -> bool:
    """Whether a proposal that this sync did not make again is contradicted by what it read."""
    if kind is Kind.INSTANCE_RETURNED:
        return not deleted or reading == Reading.GONE
    if deleted:
        return True
    if kind is Kind.INSTANCE_VANISHED:
        return reading in (Reading.READ, Reading.LISTED)
    return reading == Reading.READ and hosts_read


def _proposal(change: Change, instance_id: int, sync: PortalSync) -> PortalProposal:
    if change.day is None:
        raise ValueError(f"{change} proposes nothing: it names no day")
    return PortalProposal(
        kind=change.kind,
        instance_id=instance_id,
        about=change.about,
        host=change.host,
        day=change.day,
        text=told(change),
        first_sync=sync,
    )
