"""The product against the Stripe double: real HTTP there, real signed webhooks back to the running site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
import stripe

from example_site.stripe_double.accounts import PUBLISHABLE_KEY, SECRET_KEY
from example_site.stripe_double.server import StripeDouble
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import rate_limit
from pos_billing.collection.stripe.endpoints import endpoints_create
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, GOOD, LAUNCH, CollectionScenario


@pytest.fixture(scope="session")
def running_double() -> Iterator[StripeDouble]:
    """One double for the session."""
    with StripeDouble.start() as running:
        yield running


@pytest.fixture
def double(running_double, settings) -> Iterator[StripeDouble]:
    """The double, empty, in Stripe's place. At the end nothing it saw or said was against Stripe's description."""
    before = stripe.api_base
    stripe.api_base = settings.STRIPE_API_HOST = running_double.base_url
    settings.STRIPE_TEST_SECRET_KEY, settings.STRIPE_TEST_PUBLIC_KEY = SECRET_KEY, PUBLISHABLE_KEY
    settings.POS_BILLING_STRIPE_CALLS_PER_SECOND = 1000
    settings.POS_BILLING_STRIPE_TIMEOUT_SECONDS = 5
    settings.POS_BILLING_STRIPE_JS_URL = f"{running_double.base_url}/dahlia/stripe.js"
    running_double.control.reset()
    yield running_double
    problems = running_double.control.problems()
    running_double.control.reset()
    stripe.api_base = before
    rate_limit.close()
    assert problems == []


@pytest.fixture
def site(live_site, double):
    """The running site, known to the double as the place for its webhooks."""
    endpoints_create(live_site.url("public", "").rstrip("/"))
    return live_site


@pytest.fixture
def collecting(site, double) -> CollectionScenario:
    """The platform and Agency One with a statement to come, on the site that hears Stripe's webhooks."""
    return CollectionScenario(double)


@pytest.fixture
def at_noon(double):
    """`at_noon(date(2019, 2, 15))`: the double's clock stands on that day."""

    def stand(day: date) -> None:
        double.control.set_clock(datetime.combine(day, time(12), UTC).timestamp(), frozen=True)

    return stand


@pytest.fixture
def client(double):
    """Stripe's own client: somebody who works in Stripe's dashboard."""
    return stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": double.base_url}, stripe_version=stripe_api.API_VERSION
    ).v1


@pytest.fixture
def due(collecting):
    """The seed's first statement on its day; the card is for the test to add."""
    collecting.seed_instance()
    statement = collecting.bill(LAUNCH)
    collecting.be(FIRST_PAYMENT)
    return statement


@pytest.fixture
def declined(collecting, due):
    """The statement with an open invoice at Stripe: the card was declined."""
    collecting.card(DECLINES)
    assert collecting.collect().results == {"declined": 1}
    return due


@pytest.fixture
def paid(collecting, due):
    """The statement, paid by card."""
    collecting.card(GOOD)
    assert collecting.collect().results == {"paid": 1}
    return due
