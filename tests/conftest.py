"""Fixtures of all tests. docs/development.md says what each is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from pos_billing.sellers.schemas import in_seller
from tests import clock
from tests.databases import SiteDatabase, copied_database, host_of
from tests.serving import chromium, served, working

LONGEST_FIRST = ("packaging", "slow", "browser")
"""Marks of tests that begin first, so that no processor is left alone with them at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that would empty tables by truncating them: append-only tables and tenants do not survive it."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        truncating = mark and (mark.kwargs.get("transaction") or (mark.args and mark.args[0]))
        if truncating or "transactional_db" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture own_database for tests that commit.")
    places: dict[str, int] = {}
    for item in items:
        place = min(n for n, mark in enumerate((*LONGEST_FIRST, "")) if not mark or item.get_closest_marker(mark))
        places[_file_of(item)] = min(place, places.get(_file_of(item), place))
    items.sort(key=lambda item: places[_file_of(item)])


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """Give the session a copy of the ready database: the platform, the template and two Partners."""
    with django_db_blocker.unblock(), copied_database():
        yield


@pytest.fixture(autouse=True)
def _back_on_the_platform() -> Iterator[None]:
    """Begin and end every test in the platform's schema."""
    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def own_database(request, django_db_setup, django_db_blocker) -> Iterator[SiteDatabase]:
    """A database for this test alone, in which commits are commits: for locks, threads, child processes, kills."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("own_database and db exclude each other: own_database commits, db rolls back.")
    with django_db_blocker.unblock(), copied_database() as database:
        yield database


@pytest.fixture
def platform(db):
    """The platform's row of the tenant model."""
    return _seller("public")


@pytest.fixture
def agency_one(db):
    """A Partner that is ready: schema agency_one, host agency-one.localhost, an owner."""
    return _seller("agency_one")


@pytest.fixture
def agency_two(db):
    """Another Partner, for whatever must not cross from one to the other."""
    return _seller("agency_two")


@pytest.fixture
def it_is(monkeypatch, settings) -> Callable[[date], datetime]:
    """`it_is(date(2019, 2, 15))`: noon of that day (UTC) for all of the product, until the test says another day."""

    def stand(day: date) -> datetime:
        noon = datetime.combine(day, time(12), UTC)
        monkeypatch.setattr(clock, "moment", noon)
        settings.POS_BILLING_CLOCK = "tests.clock.now"
        return noon

    return stand


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """`client_for("agency_one")`: a browser-like client on that Seller's host; `user=` signs somebody in there."""

    def make(schema: str, *, user=None) -> Client:
        client = Client(headers={"host": host_of(schema)})
        if user is not None:
            with in_seller(schema):
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def staff(platform):
    """A superuser of the platform."""
    return get_user_model().objects.get(email="staff@example.com")


@pytest.fixture
def owner_of() -> Callable[[str], object]:
    """`owner_of("agency_one")`: the first user of that Partner."""

    def find(schema: str):
        with in_seller(schema):
            return get_user_model().objects.get(email=f"owner@{schema.replace('_', '-')}.example.com")

    return find


def _seller(schema: str):
    from example_site.partners.models import Partner

    return Partner.objects.get(schema_name=schema)


@pytest.fixture
def live_site(own_database):
    """The site over HTTP on a database of its own: `live_site.url("agency_one", "/dashboard/")`."""
    with served(own_database) as site:
        yield site


@pytest.fixture
def worker(live_site):
    """A worker for what is asked for on the pages of `live_site`, in a process of its own."""
    with working(live_site.database):
        yield


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    with chromium() as program:
        yield program


@pytest.fixture
def browser_page(browser):
    """An empty Chromium page without cookies; a script error in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"script errors in the page: {errors}"
