"""What staff decides: nothing proposed is done by a sync, and what was decided stays decided."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.partner_api.models import PortalProposal, PortalSync, PortalSyncEntry, ProposalStatus
from pos_billing.sync import queries
from pos_billing.sync.commands import proposal_confirm, proposal_reject
from tests.partner_api.facts import domains

AT = datetime(2019, 3, 15, 9, tzinfo=UTC)
SAID = {"by": "ada@example.com", "why": "The Partner confirmed it by mail.", "at": AT}


@pytest.fixture
def shop(synced):
    """An Instance, synced on 10 March, and another so that the list is never empty."""
    synced.portal.add_instance("other")
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-12-12T10:00:00Z"})
    synced.sync("2019-03-10")
    return uuid


def vanish(synced, shop):
    there = synced.portal.instances.pop(shop)
    return there, synced.sync("2019-03-12")


def outcomes(report):
    return [(entry.kind, entry.outcome) for entry in report.entries]


def test_a_vanished_instance_is_proposed_for_the_day_it_was_last_seen_and_not_deleted(synced, shop):
    _, report = vanish(synced, shop)
    assert outcomes(report) == [(Kind.INSTANCE_VANISHED, FindingOutcome.PROPOSED)]
    proposal = PortalProposal.objects.get()
    assert (proposal.day, proposal.status, proposal.first_sync_id) == (date(2019, 3, 10), "open", report.sync_id)
    assert synced.instance(shop).deleted_on is None
    assert list(queries.open_proposals()) == [proposal]
    assert outcomes(synced.sync("2019-03-13")) == [(Kind.INSTANCE_VANISHED, FindingOutcome.OPEN)]
    assert PortalProposal.objects.count() == 1


def test_confirming_deletes_it_on_that_day_or_on_another(synced, shop):
    vanish(synced, shop)
    proposal = proposal_confirm(PortalProposal.objects.get(), **SAID)
    assert synced.instance(shop).deleted_on == date(2019, 3, 10)
    assert (proposal.status, proposal.settled_by, proposal.settled_day) == (
        "confirmed",
        "ada@example.com",
        date(2019, 3, 10),
    )
    event = synced.instance(shop).events.select_related("pgh_context").order_by("pgh_id").last()
    assert event.pgh_context.metadata["why"] == SAID["why"]
    assert synced.sync("2019-03-13").entries == []
    assert not queries.open_proposals().exists()


def test_confirming_with_another_day(synced, shop):
    vanish(synced, shop)
    proposal_confirm(PortalProposal.objects.get(), day=date(2019, 3, 11), **SAID)
    assert synced.instance(shop).deleted_on == date(2019, 3, 11)


def test_what_was_rejected_is_not_proposed_again(synced, shop):
    vanish(synced, shop)
    proposal_reject(PortalProposal.objects.get(), **SAID)
    assert synced.instance(shop).deleted_on is None
    assert outcomes(synced.sync("2019-03-13")) == [(Kind.INSTANCE_VANISHED, FindingOutcome.DECIDED)]
    assert not queries.open_proposals().exists()


def test_nothing_is_decided_twice(synced, shop):
    vanish(synced, shop)
    proposal = PortalProposal.objects.get()
    proposal_reject(proposal, **SAID)
    for decide in (proposal_confirm, proposal_reject):
        with pytest.raises(Refused, match="decided already: rejected"):
            decide(proposal, **SAID)
    assert synced.instance(shop).deleted_on is None


def test_what_the_register_refuses_stays_open(synced, shop):
    vanish(synced, shop)
    proposal = PortalProposal.objects.get()
    with pytest.raises(Refused):
        proposal_confirm(proposal, day=date(2018, 1, 1), **SAID)
    with pytest.raises(Refused, match="Say why"):
        proposal_confirm(proposal, **(SAID | {"why": " "}))
    assert PortalProposal.objects.get().status == "open"


def test_one_that_comes_back_withdraws_its_proposal_and_can_vanish_again(synced, shop):
    there, _ = vanish(synced, shop)
    synced.portal.instances[shop] = there
    report = synced.sync("2019-03-12")
    assert (report.entries, report.counts["withdrawn"]) == ([], 1)
    assert PortalProposal.objects.get().status == ProposalStatus.WITHDRAWN
    synced.portal.instances.pop(shop)
    synced.sync("2019-03-14")
    assert [(p.day, p.status) for p in PortalProposal.objects.order_by("id")] == [
        (date(2019, 3, 10), "withdrawn"),
        (date(2019, 3, 12), "open"),
    ]


def test_one_that_comes_and_goes_on_one_day_opens_the_same_proposal_again(synced, shop):
    _there, _ = vanish(synced, shop)
    PortalProposal.objects.update(
        status=ProposalStatus.WITHDRAWN, settled_at=AT, settled_by="tests", settled_why="It was there."
    )
    assert outcomes(synced.sync("2019-03-12")) == [(Kind.INSTANCE_VANISHED, FindingOutcome.PROPOSED)]
    assert [(p.status, p.settled_by) for p in PortalProposal.objects.all()] == [("open", "")]


def test_one_deleted_by_hand_meanwhile_withdraws_its_proposal(synced, shop):
    from pos_billing.instances.commands import instance_delete

    vanish(synced, shop)
    instance_delete(synced.instance(shop), day=date(2019, 3, 11), by="ada", why="told by mail")
    synced.sync("2019-03-13")
    assert PortalProposal.objects.get().status == ProposalStatus.WITHDRAWN


def test_a_deleted_instance_that_is_listed_can_be_taken_back(synced, shop):
    there, _ = vanish(synced, shop)
    proposal_confirm(PortalProposal.objects.get(), **SAID)
    synced.portal.instances[shop] = there
    there.name = "renamed meanwhile"
    assert outcomes(synced.sync("2019-03-20")) == [(Kind.INSTANCE_RETURNED, FindingOutcome.PROPOSED)]
    assert outcomes(synced.sync("2019-03-21")) == [(Kind.INSTANCE_RETURNED, FindingOutcome.OPEN)]
    proposal_confirm(PortalProposal.objects.get(status="open"), **SAID)
    assert synced.instance(shop).deleted_on is None
    assert outcomes(synced.sync("2019-03-22")) == [(Kind.INSTANCE_RENAMED, FindingOutcome.APPLIED)]


def test_another_day_of_a_domain_is_proposed_and_corrected_when_confirmed(synced, shop):
    synced.portal.instances[shop].domains[0]["created_at"] = "2019-01-05T10:00:00Z"
    assert outcomes(synced.sync("2019-03-12")) == [(Kind.DOMAIN_DAY_DIFFERS, FindingOutcome.PROPOSED)]
    assert domains(shop) == [("a.example.com", "2018-12-12", None)]
    proposal_confirm(PortalProposal.objects.get(), **SAID)
    assert domains(shop) == [("a.example.com", "2019-01-05", None)]
    assert synced.sync("2019-03-13").entries == []


def test_a_day_that_agrees_again_withdraws_its_proposal_one_that_is_not_read_does_not(synced, shop):
    from tests.partner_api.portal_server import Fault

    synced.portal.instances[shop].domains[0]["created_at"] = "2019-01-05T10:00:00Z"
    synced.sync("2019-03-12")
    synced.portal.faults.append(Fault(f"/api/instances/{shop}/configuration", 403))
    synced.sync("2019-03-12")
    assert PortalProposal.objects.get().status == "open"
    synced.portal.instances[shop].domains[0]["created_at"] = "2018-12-12T10:00:00Z"
    synced.sync("2019-03-12")
    assert PortalProposal.objects.get().status == ProposalStatus.WITHDRAWN


def test_a_domain_without_a_day_is_added_on_the_day_staff_gives(synced, shop):
    synced.portal.instances[shop].listed = [("b.example.com", "ready"), ("shop.platform-os.com", "")]
    assert outcomes(synced.sync("2019-03-12")) == [(Kind.DOMAIN_WITHOUT_DAY, FindingOutcome.PROPOSED)] * 2
    assert outcomes(synced.sync("2019-03-14")) == [(Kind.DOMAIN_WITHOUT_DAY, FindingOutcome.OPEN)] * 2
    first, second = queries.open_proposals()
    assert (first.host, first.day, second.host) == ("b.example.com", date(2019, 3, 12), "www.b.example.com")
    proposal_confirm(first, day=date(2019, 2, 1), **SAID)
    proposal_reject(second, **SAID)
    assert domains(shop) == [("a.example.com", "2018-12-12", None), ("b.example.com", "2019-02-01", None)]
    assert outcomes(synced.sync("2019-03-15")) == [(Kind.DOMAIN_WITHOUT_DAY, FindingOutcome.DECIDED)]


def test_correcting_a_domain_that_is_gone_meanwhile_is_refused(synced, shop):
    from pos_billing.instances.commands import domain_remove

    synced.portal.instances[shop].domains[0]["created_at"] = "2019-01-05T10:00:00Z"
    synced.sync("2019-03-12")
    domain = synced.instance(shop).domains.get()
    domain_remove(domain, day=date(2019, 3, 12), by="ada", why="told by mail")
    with pytest.raises(Refused, match=r"a\.example\.com is not a domain of shop any more"):
        proposal_confirm(PortalProposal.objects.get(), **SAID)


def test_the_log_cannot_be_changed_and_a_proposal_only_be_decided(synced, shop):
    vanish(synced, shop)
    for change in (
        lambda: PortalSync.objects.update(by="somebody else"),
        lambda: PortalSync.objects.filter(status="finished").delete(),
        lambda: PortalSyncEntry.objects.update(text="nothing"),
        lambda: PortalProposal.objects.update(day=date(2019, 1, 1)),
        lambda: PortalProposal.objects.get().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_queries_for_pages(synced, shop):
    vanish(synced, shop)
    good = queries.syncs()[0]
    assert [entry.kind for entry in queries.entries_of(good)] == [Kind.INSTANCE_VANISHED]
    assert Instance.objects.count() == 2
