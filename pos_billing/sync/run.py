"""The sync with the Partner Portal: read everything, compare, tell what changed, propose the rest, log it.

All reading over HTTP comes first. Everything after it is one transaction: a sync is told to the register whole or
not at all, a preview is the same transaction rolled back, and running the sync twice changes nothing the second time.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.errors import Refused
from pos_billing.instances.hosts import is_custom
from pos_billing.partner_api import comparison, register_side
from pos_billing.partner_api.client import PortalClient
from pos_billing.partner_api.compared import Change, ComparisonContext, LinkedPartner
from pos_billing.partner_api.errors import PortalError
from pos_billing.partner_api.instance import InstanceReader
from pos_billing.partner_api.kinds import PROPOSED, FindingOutcome, Kind
from pos_billing.partner_api.listing import list_instances
from pos_billing.partner_api.models import SyncStatus
from pos_billing.partner_api.read_all import read_directory, read_instances
from pos_billing.partner_api.settings import PortalSettings
from pos_billing.partner_api.spool import Reading, Spool
from pos_billing.partner_api.values import PortalPartner, Problem
from pos_billing.plans.models import Account, SellerSettings
from pos_billing.plans.queries import seller_suffixes
from pos_billing.sellers.schemas import in_seller
from pos_billing.sync import log
from pos_billing.sync.apply import RegisterWriter, entry_of
from pos_billing.sync.plan_types import plan_type_findings
from pos_billing.sync.proposals import proposals_for, withdraw
from pos_billing.sync.report import Entry, SyncReport
from pos_billing.wording import count
from pos_billing.work.locks import LockSpace, held_by_session

Progress = Callable[[str], None]


@dataclass(slots=True)
class Read:
    """What was read of the Portal; the Instances themselves wait in the spool."""

    partners: tuple[PortalPartner, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class TooManyMissing(PortalError):
    """So many Instances are missing from the list that the list itself is in doubt."""


def sync_portal(
    settings: PortalSettings,
    *,
    by: str,
    clock: Callable[[], datetime],
    partner: str | None = None,
    preview: bool = False,
    progress: Progress = lambda text: None,
    client: PortalClient | None = None,
) -> SyncReport:
    """Bring the register up to date with the Partner Portal, or say what that would change (``preview``).

    ``clock`` gives the present moment (aware); the day of the sync is that of the platform's time zone. ``partner``
    is the Portal's id of the one Partner to read. A Portal that cannot be read, or lists too few Instances, changes
    nothing: the report's ``status`` is then ``failed`` or ``stopped`` and its ``message`` says why; every sync but a
    preview leaves a row in the log. Raises ``Refused`` when another sync is under way or the Partner is not linked.
    """
    started_at = clock()
    with in_seller(get_public_schema_name()), _one_at_a_time():
        zone = ZoneInfo(SellerSettings.objects.get().time_zone)
        report = SyncReport(day=started_at.astimezone(zone).date())
        tenants = _linked_tenants()
        tenant = _tenant_of(partner, tenants)
        with client or PortalClient(settings) as portal, Spool() as spool:
            try:
                read = _read(portal, settings, zone, report, partner, tenant, spool, progress)
            except PortalError as error:
                report.status = SyncStatus.STOPPED if isinstance(error, TooManyMissing) else SyncStatus.FAILED
                report.message = str(error)
                report.counts |= {"calls": portal.calls, "retries": portal.retries}
                if not preview:
                    log.write(report, started_at, clock(), by=by, partner=partner)
                return report
            report.counts |= read.counts | {"calls": portal.calls, "retries": portal.retries}
            report.status = SyncStatus.PARTIAL if read.problems else SyncStatus.FINISHED
            with transaction.atomic():
                progress("comparing with the register")
                register_side.stage(spool)
                _tell(report, read, tenants, settings, by=by, at=started_at, finish=clock, partner=partner)
                if preview:
                    report.sync_id = None
                    transaction.set_rollback(True)
    return report


def _read(
    client: PortalClient,
    settings: PortalSettings,
    zone: ZoneInfo,
    report: SyncReport,
    partner: str | None,
    tenant: Any,
    spool: Spool,
    progress: Progress,
) -> Read:
    """Read the Portal into the spool. Raises ``PortalError`` when what was read is not to be used at all."""
    directory = read_directory(client, partner_id=partner, at_once=settings.concurrency)
    progress(f"{len(directory.partners)} Partners read")
    listing = list_instances(client, page_size=settings.page_size, progress=progress)
    tenant_key = tenant.pk if tenant is not None else None
    sighted, never_seen = register_side.sighted_instances(report.day, tenant_key)
    missing = sighted - listing.uuids if listing.complete else frozenset()
    if comparison.too_many_missing(len(missing), len(sighted), settings.vanish_limit_percent):
        raise TooManyMissing(
            f"{len(missing)} of {count(len(sighted), 'Instance')} are missing from the Portal's list, more than "
            f"{settings.vanish_limit_percent} %: nothing was changed. Look whether the token may see all of them. If "
            "they were really deleted, run the sync again with a higher limit (--vanish-limit)."
        )
    reader = InstanceReader(
        client=client,
        settings=settings,
        zone=zone,
        endpoints=directory.endpoints,
        partner_id=partner,
        owned=register_side.owned_instances(report.day, tenant_key) if tenant_key is not None else frozenset(),
    )
    problems, counts = read_instances(
        reader, listing, sorted(missing), settings=settings, spool=spool, progress=progress
    )
    return Read(
        partners=directory.partners,
        problems=[*directory.problems, *listing.problems, *problems],
        counts={
            "partners": len(directory.partners),
            "pages": listing.pages,
            "instances_listed": len(listing.uuids),
            "instances_read": counts[Reading.READ],
            "instances_gone": counts[Reading.GONE],
            "never_seen": never_seen,
        },
    )


def _tell(
    report: SyncReport,
    read: Read,
    tenants: dict[str, Any],
    settings: PortalSettings,
    *,
    by: str,
    at: datetime,
    finish: Callable[[], datetime],
    partner: str | None,
) -> None:
    """Compare what is staged with the register, tell, propose, note and log. Runs inside the sync's transaction."""
    changes = _changes(report.day, tenants)
    teller = RegisterWriter(
        {tenant.pk: tenant for tenant in tenants.values()}, by=by, why=f"The Partner Portal says so ({report.day})."
    )
    report.entries = teller.tell_all(changes)
    proposed = [change for change in changes if change.kind in PROPOSED]
    proposals = proposals_for(proposed, teller.instance_id)
    report.entries += proposals.entries
    report.entries += [
        entry_of(change, FindingOutcome.ATTENTION) for change in changes if change.kind is Kind.DOMAIN_ELSEWHERE
    ]
    report.entries += _left_out(changes)
    report.entries += plan_type_findings(read.partners, tenants, unit=settings.price_unit, day=report.day)
    report.entries += [
        Entry(Kind.NOT_READ, FindingOutcome.ATTENTION, problem.where, problem.text)
        for problem in sorted(read.problems, key=lambda problem: problem.where)
    ]
    report.counts["withdrawn"] = withdraw(changes, report.day, at, by)
    register_side.note_sightings(report.day)
    report.count_entries()
    sync = log.write(report, at, finish(), by=by, partner=partner)
    proposals.save(sync)


def _changes(day: date, tenants: dict[str, Any]) -> list[Change]:
    """All differences between what is staged and the register, in the order in which they can be told."""
    linked = {key: LinkedPartner(tenant.pk, tenant.name) for key, tenant in tenants.items()}
    suffixes = seller_suffixes()
    scene = ComparisonContext(day, linked, lambda host: is_custom(host, suffixes))
    changes = comparison.in_order(comparison.compare(register_side.pairs(day), scene))
    hosts = [change.host for change in changes if change.kind is Kind.DOMAIN_ADDED]
    return comparison.without_shared_hosts(changes, register_side.held_hosts(hosts))


def _left_out(changes: list[Change]) -> list[Entry]:
    """Instances that could not be followed, one entry for each reason."""
    reasons = Counter(change.after for change in changes if change.kind is Kind.NOT_CREATED)
    return [
        Entry(
            Kind.NOT_CREATED,
            FindingOutcome.ATTENTION,
            count(number, "Instance"),
            "Not taken over, or left with the Partner it has here.",
            reason=reason,
        )
        for reason, number in sorted(reasons.items())
    ]


def _linked_tenants() -> dict[str, Any]:
    """The tenants that are Partners of the Portal, by their id there: the external id of their Account."""
    accounts = Account.objects.order_by("pk").filter(partner__isnull=False).exclude(external_id="")
    return {account.external_id: account.partner for account in accounts.select_related("partner")}


def _tenant_of(partner: str | None, tenants: dict[str, Any]) -> Any:
    if partner is not None and partner not in tenants:
        raise Refused(
            "partner",
            f"No Account is linked to Partner {partner} of the Portal: put {partner} into its external id.",
            code="partner_not_linked",
        )
    return tenants.get(partner) if partner is not None else None


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the sync's lock in the block; a process that dies lets go of it. Raises ``Refused`` when it is taken."""
    with held_by_session(LockSpace.SYNC) as mine:
        if not mine:
            raise Refused(
                "sync",
                "Another sync with the Partner Portal is under way. Wait for it to finish.",
                code="sync_under_way",
            )
        yield
