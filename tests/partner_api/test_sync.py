"""The sync from the Portal's HTTP to facts of the register: what appears, changes and moves, with its days."""

from datetime import date
from uuid import UUID

import pytest

from pos_billing.instances.models import Instance
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.partner_api.models import PortalSighting, PortalSync, PortalSyncEntry, SyncStatus
from pos_billing.plans.models import SellerSettings
from tests.partner_api.facts import contents, domains, periods, plans_of

LOG = frozenset({"pos_billing_instances_portalsync", "pos_billing_instances_portalsyncentry"})


def found(report):
    return [(entry.kind, entry.outcome, entry.day and str(entry.day)) for entry in report.entries]


def test_a_new_instance_comes_with_its_domains_and_starts_on_unbilled_on_both_sides(synced):
    uuid = synced.portal.add_instance(
        "shop", domains={"shop.platform-os.com": "2018-08-02T10:00:00Z", "Shop.Example.com.": "2018-12-12T10:00:00Z"}
    )
    report = synced.sync()
    assert report.status == SyncStatus.FINISHED
    assert found(report) == [
        (Kind.INSTANCE_APPEARED, FindingOutcome.APPLIED, "2018-08-02"),
        (Kind.DOMAIN_ADDED, FindingOutcome.APPLIED, "2018-12-12"),
        (Kind.DOMAIN_ADDED, FindingOutcome.APPLIED, "2018-08-02"),
    ]
    instance = synced.instance(uuid)
    assert (instance.name, instance.data_center, str(instance.created_on)) == (
        "shop",
        "production-sydney",
        "2018-08-02",
    )
    assert periods(instance.environments, "environment") == [("production", "2018-08-02", None)]
    assert periods(instance.ownerships, "partner_id") == [(str(synced.one.pk), "2018-08-02", None)]
    assert domains(uuid) == [("shop.platform-os.com", "2018-08-02", None), ("shop.example.com", "2018-12-12", None)]
    assert plans_of(uuid, "public") == [("Unbilled", "2018-08-02", None)]
    assert plans_of(uuid, "agency_one") == [("Unbilled", "2018-08-02", None)]
    assert plans_of(uuid, "agency_two") == []


def test_days_are_those_of_the_platforms_time_zone(synced):
    SellerSettings.objects.update(time_zone="Australia/Sydney")
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-12-12T23:30:00.000Z"})
    report = synced.sync()
    assert domains(uuid) == [("a.example.com", "2018-12-13", None)]
    assert report.day == date(2019, 3, 10)


def test_the_second_sync_changes_nothing(synced):
    for number in range(25):
        synced.portal.add_instance(
            f"shop {number}",
            partner=1 + number % 2,
            endpoint=1 + number % 2,
            domains={f"www{number}.example.com": "2018-12-12T10:00:00Z"},
        )
    synced.sync()
    before = contents(LOG)
    again = synced.sync()
    assert contents(LOG) == before
    assert again.entries == []
    assert (again.status, again.counts["instances_read"]) == (SyncStatus.FINISHED, 25)


def test_every_change_is_told_with_its_day(synced):
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-08-02T10:00:00Z"})
    synced.sync("2019-03-10")
    there = synced.portal.instances[uuid]
    there.name, there.endpoint_id, there.partner_id = "store", 2, 2
    synced.portal.remove_domain(uuid, "a.example.com")
    synced.portal.add_domain(uuid, "b.example.com", "2019-03-11T10:00:00Z")
    report = synced.sync("2019-03-12")
    assert found(report) == [
        (Kind.DOMAIN_REMOVED, FindingOutcome.APPLIED, "2019-03-10"),
        (Kind.INSTANCE_RENAMED, FindingOutcome.APPLIED, "2019-03-12"),
        (Kind.DATA_CENTER_CHANGED, FindingOutcome.APPLIED, "2019-03-12"),
        (Kind.ENVIRONMENT_CHANGED, FindingOutcome.APPLIED, "2019-03-12"),
        (Kind.INSTANCE_TRANSFERRED, FindingOutcome.APPLIED, "2019-03-12"),
        (Kind.DOMAIN_ADDED, FindingOutcome.APPLIED, "2019-03-11"),
    ]
    instance = synced.instance(uuid)
    assert (instance.name, instance.data_center) == ("store", "staging-oregon")
    assert periods(instance.environments, "environment") == [
        ("production", "2018-08-02", "2019-03-12"),
        ("staging", "2019-03-12", None),
    ]
    assert periods(instance.ownerships, "partner_id") == [
        (str(synced.one.pk), "2018-08-02", "2019-03-12"),
        (str(synced.two.pk), "2019-03-12", None),
    ]
    assert domains(uuid) == [("a.example.com", "2018-08-02", "2019-03-10"), ("b.example.com", "2019-03-11", None)]
    assert plans_of(uuid, "agency_one") == [("Unbilled", "2018-08-02", "2019-03-12")]
    assert plans_of(uuid, "agency_two") == [("Unbilled", "2019-03-12", None)]
    assert synced.sync("2019-03-12").entries == []
    assert synced.sync("2019-03-13").entries == []


def test_a_preview_reports_what_the_sync_then_does_and_changes_nothing(synced):
    kept = synced.portal.add_instance("kept", domains={"a.example.com": "2018-08-02T10:00:00Z"})
    gone = synced.portal.add_instance("gone")
    synced.sync("2019-03-10")
    synced.portal.instances.pop(gone)
    synced.portal.instances[kept].name = "renamed"
    synced.portal.instances[kept].partner_id = 2
    synced.portal.add_domain(kept, "b.example.com", None)
    synced.portal.add_domain(kept, "not a host", "2019-03-01T00:00:00Z")
    synced.portal.add_instance("new", endpoint=2, domains={"c.example.com": "2019-03-09T10:00:00Z"})
    synced.portal.add_instance("stray", partner=None)
    before = contents()
    preview = synced.sync("2019-03-12", preview=True)
    assert contents() == before
    assert preview.sync_id is None
    done = synced.sync("2019-03-12")
    assert contents() != before
    assert {entry.kind for entry in done.entries} == {
        Kind.INSTANCE_RENAMED,
        Kind.INSTANCE_TRANSFERRED,
        Kind.INSTANCE_APPEARED,
        Kind.DOMAIN_ADDED,
        Kind.INSTANCE_VANISHED,
        Kind.DOMAIN_WITHOUT_DAY,
        Kind.NOT_CREATED,
        Kind.NOT_READ,
    }
    strip = [(e.kind, e.outcome, e.subject, e.text, e.day, e.reason) for e in preview.entries]
    assert strip == [(e.kind, e.outcome, e.subject, e.text, e.day, e.reason) for e in done.entries]
    assert preview.counts == done.counts
    assert (preview.status, preview.message) == (done.status, done.message)


def test_a_domain_that_moves_to_another_instance(synced):
    old = synced.portal.add_instance("b", domains={"a.example.com": "2018-08-02T10:00:00Z"})
    new = synced.portal.add_instance("a", domains={"x.platform-os.com": "2018-08-02T10:00:00Z"})
    synced.sync("2019-03-10")
    synced.portal.remove_domain(old, "a.example.com")
    synced.portal.add_domain(new, "a.example.com", "2019-03-11T00:30:00Z")
    synced.sync("2019-03-12")
    assert domains(old) == [("a.example.com", "2018-08-02", "2019-03-10")]
    assert domains(new)[1] == ("a.example.com", "2019-03-11", None)


def test_a_domain_that_two_instances_claim_is_a_finding(synced):
    synced.portal.add_instance("first", domains={"a.example.com": "2018-08-02T10:00:00Z"})
    synced.sync()
    second = synced.portal.add_instance("second", domains={"a.example.com": "2019-01-02T10:00:00Z"})
    report = synced.sync()
    assert (Kind.DOMAIN_ELSEWHERE, FindingOutcome.ATTENTION, "2019-01-02") in found(report)
    assert domains(second) == []


def test_a_domain_that_went_and_came_back_with_its_old_day(synced):
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-08-02T10:00:00Z"})
    synced.sync("2019-03-10")
    synced.portal.remove_domain(uuid, "a.example.com")
    synced.sync("2019-03-12")
    synced.portal.add_domain(uuid, "a.example.com", "2018-08-02T10:00:00Z")
    synced.sync("2019-03-14")
    assert domains(uuid) == [("a.example.com", "2018-08-02", "2019-03-10"), ("a.example.com", "2019-03-10", None)]
    assert synced.sync("2019-03-15").entries == []


@pytest.mark.parametrize("shape", ["data", "bare", "named"])
@pytest.mark.parametrize("paging", ["by page", "total pages", "ignored"])
def test_every_shape_and_way_of_paging_gives_the_same_register(synced, shape, paging):
    portal = synced.portal
    for name in ("partners", "endpoints", "instances", "instance", "configuration", "domains"):
        portal.shapes[name] = shape
    if shape == "bare" and paging == "total pages":
        portal.shapes["instances"] = "named"
    portal.paging, portal.page_cap = paging, 4
    uuids = [portal.add_instance(f"shop {n}", domains={f"w{n}.example.com": "2018-12-12"}) for n in range(9)]
    report = synced.sync(page_size=100)
    assert (report.status, report.counts["instances_listed"]) == (SyncStatus.FINISHED, 9)
    assert [domains(uuid) for uuid in uuids] == [[(f"w{n}.example.com", "2018-12-12", None)] for n in range(9)]


def test_an_endpoint_known_by_id_alone_is_looked_up(synced):
    uuid = synced.portal.add_instance("shop", endpoint=2)
    synced.portal.instances[uuid].more = {"endpoint": {"id": 2}}
    synced.sync()
    assert periods(synced.instance(uuid).environments, "environment") == [("staging", "2019-03-10", None)]


def test_an_endpoint_that_tells_no_environment_is_asked_for_and_can_be_named(synced):
    synced.portal.add_endpoint(3, "sydney")
    uuid = synced.portal.add_instance("shop", endpoint=3)
    report = synced.sync()
    assert not Instance.objects.filter(uuid=uuid).exists()
    assert [entry.reason or entry.text for entry in report.entries] == [
        "The environment of endpoint sydney is not known.",
        "Its name does not tell an environment (1 Instance): name it in POS_BILLING_PORTAL_ENVIRONMENTS, "
        "for example {'sydney': 'production'}.",
    ]
    synced.sync(environments={"sydney": "qa"})
    assert periods(synced.instance(uuid).environments, "environment") == [("qa", "2019-03-10", None)]


def test_partners_that_are_not_linked_are_told_once_each(synced):
    synced.portal.add_partner(3, "Stranger")
    for name in ("a", "b"):
        synced.portal.add_instance(name, partner=3)
    report = synced.sync()
    (entry,) = report.entries
    assert (entry.kind, entry.subject) == (Kind.NOT_CREATED, "2 Instances")
    assert entry.reason.startswith("Partner Stranger of the Portal is linked to no Account: put 3 into")


def test_what_the_register_refuses_is_reported_and_the_rest_goes_on(synced):
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2019-01-02T10:00:00Z"})
    synced.sync()
    synced.portal.instances[uuid].name = "n" * 201
    synced.portal.add_domain(uuid, "b.example.com", "2019-02-02T10:00:00Z")
    report = synced.sync()
    assert found(report) == [
        (Kind.INSTANCE_RENAMED, FindingOutcome.REFUSED, "2019-03-10"),
        (Kind.DOMAIN_ADDED, FindingOutcome.APPLIED, "2019-02-02"),
    ]
    assert "200 characters" in report.entries[0].reason
    assert synced.instance(uuid).name == "shop"


def test_one_partner_alone(synced):
    ours = synced.portal.add_instance("ours", partner=2)
    leaving = synced.portal.add_instance("leaving", partner=2)
    others = synced.portal.add_instance("others", partner=1)
    synced.sync("2019-03-10")
    synced.portal.instances[ours].name = "renamed"
    synced.portal.instances[others].name = "renamed as well"
    synced.portal.instances[leaving].partner_id = 1
    asked = len(synced.portal.asked)
    report = synced.sync("2019-03-12", partner="2")
    assert {entry.kind for entry in report.entries} == {Kind.INSTANCE_RENAMED, Kind.INSTANCE_TRANSFERRED}
    assert synced.instance(others).name == "others"
    assert f"/api/instances/{others}/configuration" not in synced.portal.paths()[asked:]
    assert PortalSync.objects.first().partner == "2"


def test_the_log_says_who_when_and_what(synced):
    synced.portal.add_instance("shop", domains={"a.example.com": "2019-01-02T10:00:00Z"})
    report = synced.sync(by="ada@example.com")
    log = PortalSync.objects.get()
    assert (log.pk, log.by, log.status, str(log.day)) == (report.sync_id, "ada@example.com", "finished", "2019-03-10")
    assert log.counts["instances_read"] == 1
    assert log.counts["applied"] == 2
    assert log.counts["calls"] == len(synced.portal.asked)
    assert [entry.text for entry in PortalSyncEntry.objects.filter(sync=log)] == [
        "New since 2019-01-02: production, production-sydney, Agency One.",
        "a.example.com was added on 2019-01-02.",
    ]
    assert PortalSighting.objects.get().seen_on == date(2019, 3, 10)


def test_the_history_says_that_the_portal_said_so(synced):
    uuid = synced.portal.add_instance("shop")
    synced.sync(by="ada@example.com")
    event = synced.instance(uuid).events.select_related("pgh_context").get()
    assert event.pgh_context.metadata["by"] == "ada@example.com"
    assert event.pgh_context.metadata["why"] == "The Partner Portal says so (2019-03-10)."


def test_calls_are_made_side_by_side_and_never_more_than_allowed(synced):
    for number in range(12):
        synced.portal.add_instance(f"shop {number}")
    synced.portal.pause_seconds = 0.05
    synced.sync(concurrency=3)
    assert synced.portal.most_at_once == 3


def test_entries_without_uuid_make_the_list_incomplete(synced):
    synced.portal.add_instance("one")
    synced.portal.listed_only.append({"name": "nameless", "uuid": "?"})
    report = synced.sync()
    assert report.status == SyncStatus.PARTIAL
    assert [entry.text for entry in report.entries if entry.kind is Kind.NOT_READ] == ["1 entry has no usable uuid."]


def test_an_instance_listed_twice_is_read_once(synced):
    uuid = UUID(int=77)
    synced.portal.add_instance("one", uuid=uuid)
    synced.portal.listed_only.append({"name": "one", "uuid": str(uuid).upper()})
    assert synced.sync().counts["instances_read"] == 1
