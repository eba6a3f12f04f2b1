"""The Portal of each test, and a client that does not wait between attempts."""

from collections.abc import Iterator
from typing import Any

import pytest

from pos_billing.instances.portal.client import PortalClient
from pos_billing.instances.portal.settings import PortalSettings
from tests.portal.portal_server import TOKEN, PortalServer


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        yield server


@pytest.fixture
def settings_for(portal: PortalServer) -> Any:
    """Settings that reach the test's Portal; values can be given."""

    def made(**values: Any) -> PortalSettings:
        quick = {"calls_per_second": 10_000.0, "timeout_seconds": 5.0, "backoff_seconds": 0.001}
        return PortalSettings(**({"url": portal.url, "price_unit": "cents", "token": TOKEN} | quick | values))

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
