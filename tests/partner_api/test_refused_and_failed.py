"""What a sync does when the Portal fails, lies or leaves things out: nothing is concluded from what was not read."""

import logging

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import Instance
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.partner_api.models import PortalProposal, PortalSync, SyncStatus
from pos_billing.work.locks import LockSpace, held_by_session
from tests.partner_api.facts import contents, domains
from tests.partner_api.portal_server import EMAIL, PASSWORD, SECRET, TOKEN, Fault

LOG = frozenset({"pos_billing_instances_portalsync", "pos_billing_instances_portalsyncentry"})


@pytest.fixture
def ten(synced):
    """Ten Instances, synced on 10 March."""
    uuids = [
        synced.portal.add_instance(f"shop {number}", domains={f"w{number}.example.com": "2018-12-12T10:00:00Z"})
        for number in range(10)
    ]
    synced.sync("2019-03-10")
    return uuids


def problems(report):
    return [(entry.subject, entry.text) for entry in report.entries if entry.kind is Kind.NOT_READ]


def test_too_many_missing_stops_the_sync_before_anything_is_told(synced, ten):
    for uuid in ten[:2]:
        del synced.portal.instances[uuid]
    synced.portal.instances[ten[5]].name = "renamed"
    before = contents(LOG)
    report = synced.sync("2019-03-12")
    assert report.status == SyncStatus.STOPPED
    assert report.message.startswith("2 of 10 Instances are missing from the Portal's list, more than 10 %")
    assert contents(LOG) == before
    assert PortalSync.objects.first().message == report.message
    again = synced.sync("2019-03-12", vanish_limit_percent=20)
    assert [entry.kind for entry in again.entries] == [
        Kind.INSTANCE_RENAMED,
        Kind.INSTANCE_VANISHED,
        Kind.INSTANCE_VANISHED,
    ]


@pytest.mark.parametrize("answer", [[], {"data": []}, {"instances": []}])
def test_an_empty_list_stops_the_sync(synced, ten, answer):
    synced.portal.faults.append(Fault("/api/instances", 200, answer, times=None))
    assert synced.sync().status == SyncStatus.STOPPED


def test_a_page_that_fails_leaves_the_list_incomplete_and_nothing_counts_as_gone(synced, ten):
    synced.portal.page_cap = 4
    synced.portal.instances[ten[0]].name = "renamed"
    synced.portal.faults.append(Fault("/api/instances", 503, times=None, page="2"))
    report = synced.sync("2019-03-12", attempts=2)
    assert report.status == SyncStatus.PARTIAL
    assert [entry.kind for entry in report.entries] == [Kind.INSTANCE_RENAMED, Kind.NOT_READ]
    assert problems(report) == [
        (
            "list of Instances, page 2",
            "GET /api/instances: the Portal answered 503, 2 attempts. No Instance counts as gone in this sync.",
        )
    ]
    assert not PortalProposal.objects.exists()


def test_an_empty_page_before_the_last_leaves_the_list_incomplete(synced, ten):
    synced.portal.page_cap, synced.portal.paging = 4, "total pages"
    synced.portal.faults.append(Fault("/api/instances", 200, {"data": [], "total_pages": 3}, page="2"))
    report = synced.sync("2019-03-12")
    assert (report.status, report.counts["instances_listed"]) == (SyncStatus.PARTIAL, 4)
    assert not PortalProposal.objects.exists()


def test_the_first_page_failing_fails_the_sync(synced, ten):
    synced.portal.faults.append(Fault("/api/instances", 200, "<html>", times=None))
    report = synced.sync("2019-03-12")
    assert (report.status, report.message) == (SyncStatus.FAILED, "GET /api/instances: the answer is not JSON.")
    assert PortalSync.objects.first().status == SyncStatus.FAILED


def test_one_that_is_not_listed_yet_answers_has_not_vanished(synced, ten):
    synced.portal.hidden.add(ten[3])
    report = synced.sync("2019-03-12")
    assert not PortalProposal.objects.exists()
    assert problems(report) == [
        (
            f"Instance shop 3 ({ten[3]})",
            "The Portal no longer lists it, yet answers for it. If it was deleted, delete it here.",
        )
    ]


@pytest.mark.parametrize("fault", [Fault("", 403), Fault("", 500), Fault("", 200, "{"), Fault("", 200, {"data": None})])
def test_one_that_is_not_listed_and_gives_no_clear_answer_has_not_vanished(synced, ten, fault):
    synced.portal.hidden.add(ten[3])
    fault.path, fault.times = f"/api/instances/{ten[3]}", None
    synced.portal.faults.append(fault)
    report = synced.sync("2019-03-12", attempts=2)
    assert len(problems(report)) == 1
    assert not PortalProposal.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("", 500),
        Fault("", 403, {"error": "insufficient_scope", "required_scopes": ["configuration:read"]}),
        Fault("", 404),
        Fault("", 200, f'{{"data": {{"integrations": {{"key": "{SECRET}"'),
        Fault("", 200, {"data": {}}),
        Fault("", drops_connection=True),
        Fault("", 200, "{}", delay_seconds=0.4),
    ],
)
def test_a_configuration_that_cannot_be_read_removes_no_domain(synced, ten, fault, caplog):
    caplog.set_level(logging.DEBUG)
    fault.path, fault.times = f"/api/instances/{ten[3]}/configuration", None
    synced.portal.faults.append(fault)
    synced.portal.instances[ten[3]].name = "renamed"
    report = synced.sync("2019-03-12", attempts=2, timeout_seconds=0.2)
    assert [entry.kind for entry in report.entries] == [Kind.INSTANCE_RENAMED, Kind.NOT_READ]
    assert domains(ten[3]) == [("w3.example.com", "2018-12-12", None)]
    assert SECRET not in caplog.text + str(report)


def test_a_new_instance_without_readable_domains_waits_for_the_next_sync(synced):
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-12-12T10:00:00Z"})
    synced.portal.faults.append(Fault(f"/api/instances/{uuid}/configuration", 403))
    assert not Instance.objects.filter(uuid=uuid).exists()
    assert synced.sync().counts["not_created"] == 1
    assert not Instance.objects.filter(uuid=uuid).exists()
    synced.sync()
    assert str(synced.instance(uuid).created_on) == "2018-12-12"


def test_the_list_of_domains_failing_is_told_and_the_days_still_count(synced):
    uuid = synced.portal.add_instance("shop", domains={"a.example.com": "2018-12-12T10:00:00Z"})
    synced.portal.faults.append(Fault("/api/domains", 403, times=None))
    report = synced.sync()
    assert report.status == SyncStatus.PARTIAL
    assert domains(uuid) == [("a.example.com", "2018-12-12", None)]


def test_a_token_that_expires_half_way_fails_the_sync_whole(synced, ten):
    synced.portal.instances[ten[0]].name = "renamed"
    synced.portal.faults.append(Fault(f"/api/instances/{ten[5]}", 401, times=None))
    before = contents(LOG)
    report = synced.sync("2019-03-12")
    assert report.status == SyncStatus.FAILED
    assert "POS_BILLING_PORTAL_TOKEN" in report.message
    assert contents(LOG) == before


def test_a_token_that_expires_half_way_is_renewed_where_we_may(synced, ten):
    synced.portal.instances[ten[0]].name = "renamed"
    synced.portal.faults.append(Fault(f"/api/instances/{ten[5]}", 401))
    report = synced.sync("2019-03-12", email=EMAIL, password=PASSWORD)
    assert (report.status, len(report.entries)) == (SyncStatus.FINISHED, 1)
    assert synced.portal.paths().count("/api/authenticate") == 1


def test_a_portal_that_stops_answering_is_given_up_soon(synced, ten):
    for number in range(30):
        synced.portal.add_instance(f"more {number}")
    synced.portal.faults.append(Fault("/api/instances/.*", 503, times=None))
    asked = len(synced.portal.asked)
    report = synced.sync("2019-03-12", attempts=1, concurrency=2)
    assert report.status == SyncStatus.FAILED
    assert report.message.startswith("The Partner Portal stopped answering: GET /api/instances/")
    assert len(synced.portal.asked) - asked < 30


def test_partners_and_endpoints_that_may_not_be_read_do_not_stop_the_sync(synced, ten):
    synced.portal.faults += [Fault("/api/partners", 403, times=None), Fault("/api/endpoints", 403, times=None)]
    synced.portal.instances[ten[0]].name = "renamed"
    report = synced.sync("2019-03-12")
    assert [entry.subject for entry in report.entries if entry.kind is Kind.NOT_READ] == ["Partners", "endpoints"]
    assert synced.instance(ten[0]).name == "renamed"


def test_an_unknown_partner_is_refused(synced):
    with pytest.raises(Refused, match="put 99 into its external id"):
        synced.sync(partner="99")
    assert synced.portal.asked == []


def test_one_sync_at_a_time(synced, own_connection):
    with held_by_session(LockSpace.SYNC, wait=True, on=own_connection), pytest.raises(Refused, match="under way"):
        synced.sync()
    assert synced.sync().status == SyncStatus.FINISHED


@pytest.fixture
def own_connection(db):
    """A second connection to the test's database."""
    other = connection.copy()
    yield other
    other.close()


def test_secrets_are_neither_stored_nor_logged_nor_shown(synced, ten, settings, monkeypatch, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    synced.portal.faults.append(Fault(f"/api/instances/{ten[1]}", 422, {"errors": [f"no {TOKEN} {PASSWORD}"]}))
    settings.POS_BILLING_PORTAL_URL, settings.POS_BILLING_PORTAL_PRICE_UNIT = synced.portal.url, "cents"
    settings.POS_BILLING_PORTAL_CALLS_PER_SECOND = 10_000
    monkeypatch.setenv("POS_BILLING_PORTAL_TOKEN", TOKEN)
    monkeypatch.setenv("POS_BILLING_PORTAL_EMAIL", EMAIL)
    monkeypatch.setenv("POS_BILLING_PORTAL_PASSWORD", PASSWORD)
    call_command("sync_portal")
    shown = capsys.readouterr()
    everywhere = "\n".join([*shown, caplog.text, *(row for rows in contents().values() for row in rows)])
    assert "w3.example.com" in everywhere
    assert "no … …" in everywhere
    for secret in (TOKEN, PASSWORD, SECRET):
        assert secret not in everywhere


def test_the_command_previews_syncs_and_says_what_is_missing(synced, ten, settings, monkeypatch, capsys):
    monkeypatch.setenv("POS_BILLING_PORTAL_TOKEN", TOKEN)
    settings.POS_BILLING_PORTAL_URL, settings.POS_BILLING_PORTAL_PRICE_UNIT = synced.portal.url, ""
    with pytest.raises(CommandError, match="POS_BILLING_PORTAL_PRICE_UNIT"):
        call_command("sync_portal")
    settings.POS_BILLING_PORTAL_PRICE_UNIT = "cents"
    settings.POS_BILLING_PORTAL_CALLS_PER_SECOND = 10_000
    synced.portal.instances[ten[0]].name = "renamed"
    call_command("sync_portal", "--preview")
    preview = capsys.readouterr().out
    assert f"Instance renamed: shop 0 ({ten[0]}). shop 0 is now called renamed." in preview
    assert preview.endswith("This was a preview: nothing was changed.\n")
    call_command("sync_portal", "--by", "ada@example.com")
    done = capsys.readouterr().out
    assert done == preview.removesuffix("This was a preview: nothing was changed.\n")
    assert PortalSync.objects.first().by == "ada@example.com"
    synced.portal.instances.clear()
    with pytest.raises(CommandError, match="10 of 10 Instances are missing"):
        call_command("sync_portal")


def test_an_applied_outcome_is_only_said_of_what_is_in_the_register(synced, ten):
    synced.portal.add_domain(ten[0], "before.example.com", "2017-01-01T00:00:00Z")
    report = synced.sync("2019-03-12")
    (entry,) = report.entries
    assert (entry.kind, entry.outcome) == (Kind.DOMAIN_ADDED, FindingOutcome.REFUSED)
    assert "was created on 12 Dec 2018" in entry.reason
    assert len(domains(ten[0])) == 1
