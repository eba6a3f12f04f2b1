"""The sync by the clock: it does nothing where it is not set up, and is seen to fail where it fails."""

from datetime import UTC, datetime

import pytest

from pos_billing.instances.models import Instance
from pos_billing.partner_api.errors import PortalError
from pos_billing.partner_api.models import PortalSync
from pos_billing.sync.jobs import sync_register
from tests.partner_api.portal_server import TOKEN, Fault


@pytest.fixture
def set_up(synced, settings, monkeypatch):
    settings.POS_BILLING_PORTAL_URL, settings.POS_BILLING_PORTAL_PRICE_UNIT = synced.portal.url, "cents"
    settings.POS_BILLING_PORTAL_CALLS_PER_SECOND = 10_000
    monkeypatch.setenv("POS_BILLING_PORTAL_TOKEN", TOKEN)
    return synced


def run():
    return sync_register.func(timestamp=0)


def test_it_syncs_where_the_portal_is_set_up(set_up):
    set_up.portal.add_instance("shop")
    assert run() == "Finished, 1 found"
    assert Instance.objects.get().name == "shop"
    assert PortalSync.objects.get().by == "worker"
    assert PortalSync.objects.get().started_at <= datetime.now(UTC)


def test_it_asks_nobody_where_it_is_not(set_up, monkeypatch):
    monkeypatch.delenv("POS_BILLING_PORTAL_TOKEN")
    assert run().startswith("not set up: Set POS_BILLING_PORTAL_TOKEN")
    assert set_up.portal.asked == []


def test_a_failed_sync_is_a_failed_job_with_its_row_in_the_log(set_up):
    set_up.portal.faults.append(Fault("/api/instances", 403, times=None))
    with pytest.raises(PortalError, match="our token may not read this"):
        run()
    assert PortalSync.objects.get().status == "failed"
