"""What staff decide about proposals of a sync. Each is one transaction, recorded with who and why."""

from collections.abc import Callable
from datetime import date, datetime

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances import commands as instances
from pos_billing.instances.models import Domain
from pos_billing.partner_api.kinds import Kind
from pos_billing.partner_api.models import PortalProposal, ProposalStatus


def proposal_confirm(
    proposal: PortalProposal, *, by: str, why: str, at: datetime, day: date | None = None
) -> PortalProposal:
    """Make a proposal a fact: delete the Instance, take its deletion back, correct or add the domain's day.

    ``day`` is the day from which it holds; ``None`` takes the proposal's own. ``at`` is the moment of the decision.
    Raises ``Refused`` when it was decided before, or when the register refuses the change; nothing is changed then.
    """
    with recorded("proposal_confirm", by=by, why=why):
        proposal = _open(proposal)
        day = day or proposal.day
        _HOW[Kind(proposal.kind)](proposal, day, by, why)
        return _settled(proposal, ProposalStatus.CONFIRMED, at, by, why, day)


def proposal_reject(proposal: PortalProposal, *, by: str, why: str, at: datetime) -> PortalProposal:
    """Decide that a proposal is not so. The register stays as it is, and no sync proposes the same again.

    Raises ``Refused`` when it was decided before.
    """
    with recorded("proposal_reject", by=by, why=why):
        return _settled(_open(proposal), ProposalStatus.REJECTED, at, by, why, None)


def _open(proposal: PortalProposal) -> PortalProposal:
    """The proposal as it stands, locked; refused unless it is open."""
    current = PortalProposal.objects.select_for_update(of=["self"]).select_related("instance").get(pk=proposal.pk)
    if current.status != ProposalStatus.OPEN:
        raise Refused(
            "proposal", f"This was decided already: {current.get_status_display().lower()}.", code="proposal_decided"
        )
    return current


def _settled(
    proposal: PortalProposal, status: ProposalStatus, at: datetime, by: str, why: str, day: date | None
) -> PortalProposal:
    proposal.status, proposal.settled_at, proposal.settled_by, proposal.settled_why = status, at, by, why
    proposal.settled_day = day
    proposal.save(update_fields=["status", "settled_at", "settled_by", "settled_why", "settled_day"])
    return proposal


def _delete(proposal: PortalProposal, day: date, by: str, why: str) -> None:
    instances.instance_delete(proposal.instance, day=day, by=by, why=why)


def _undelete(proposal: PortalProposal, day: date, by: str, why: str) -> None:
    instances.instance_undelete(proposal.instance, by=by, why=why)


def _correct_day(proposal: PortalProposal, day: date, by: str, why: str) -> None:
    domain = Domain.objects.filter(instance=proposal.instance, host=proposal.host, removed_on=None).first()
    if domain is None:
        raise Refused(
            "proposal",
            f"{proposal.host} is not a domain of {proposal.instance} any more: reject this.",
            code="domain_gone",
        )
    instances.domain_correct_day(domain, added_on=day, by=by, why=why)


def _add_domain(proposal: PortalProposal, day: date, by: str, why: str) -> None:
    instances.domain_add(proposal.instance, host=proposal.host, added_on=day, by=by, why=why)


_HOW: dict[Kind, Callable[[PortalProposal, date, str, str], None]] = {
    Kind.INSTANCE_VANISHED: _delete,
    Kind.INSTANCE_RETURNED: _undelete,
    Kind.DOMAIN_DAY_DIFFERS: _correct_day,
    Kind.DOMAIN_WITHOUT_DAY: _add_domain,
}
