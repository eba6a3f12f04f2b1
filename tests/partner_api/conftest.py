"""The Portal of each test, and a client that does not wait between attempts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from pos_billing.instances.models import Instance
from pos_billing.partner_api.client import PortalClient
from pos_billing.partner_api.settings import PortalSettings, portal_settings
from pos_billing.plans.models import Account
from pos_billing.sync.report import SyncReport
from pos_billing.sync.run import sync_portal
from tests.partner_api.portal_server import TOKEN, PortalServer


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


@pytest.fixture
def settings_for(portal: PortalServer) -> Any:
    """Settings that reach the test's Portal; values can be given."""

    def made(**values: Any) -> PortalSettings:
        quick = {"calls_per_second": 10_000.0, "timeout_seconds": 5.0, "backoff_seconds": 0.001}
        given = {"url": portal.url, "price_unit": "cents", "token": TOKEN} | quick | values
        return portal_settings({}, **given)

    return made


@pytest.fixture
def portal_client(settings_for: Any) -> Iterator[Any]:
    """A client of the test's Portal that notes its pauses in ``pauses`` instead of waiting."""
    made: list[PortalClient] = []

    def client(**values: Any) -> PortalClient:
        pauses: list[float] = []
        one = PortalClient(settings_for(**values), sleep=pauses.append)
        one.pauses = pauses
        made.append(one)
        return one

    yield client
    for one in made:
        one.__exit__(None, None, None)


class Synced:
    """A platform whose Partners Agency One and Agency Two are the Portal's 1 and 2, and syncs on days of 2019."""

    def __init__(self, portal: PortalServer, settings_for: Any, tenants: dict[str, Any]) -> None:
        self.portal, self._settings_for, self.tenants = portal, settings_for, tenants
        self.one, self.two = tenants["1"], tenants["2"]

    def sync(self, day: str = "2019-03-10", **values: Any) -> SyncReport:
        """A sync at noon UTC of that day; ``values`` are of the sync, or settings of the Portal."""
        ours = {name: values.pop(name) for name in ("partner", "preview", "client", "by") if name in values}
        moment = datetime.fromisoformat(f"{day}T12:00:00+00:00")
        return sync_portal(self._settings_for(**values), **({"by": "tests"} | ours), clock=lambda: moment)

    def instance(self, uuid: UUID) -> Instance:
        """The Instance as the register has it now."""
        return Instance.objects.get(uuid=uuid)


@pytest.fixture
def synced(db: None, portal: PortalServer, settings_for: Any, agency_one: Any, agency_two: Any) -> Synced:
    """Two Partners, a production and a staging endpoint, on both sides."""
    tenants = {"1": agency_one, "2": agency_two}
    for key, tenant in tenants.items():
        Account.objects.update_or_create(partner=tenant, defaults={"name": tenant.name, "external_id": key})
        portal.add_partner(int(key), tenant.name)
    portal.add_endpoint(1, "production-sydney")
    portal.add_endpoint(2, "staging-oregon")
    return Synced(portal, settings_for, tenants)
