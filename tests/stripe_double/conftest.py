"""A running double, Stripe's own client for it, and a receiver of webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from example_site.stripe_double.accounts import PUBLISHABLE_KEY, SECRET_KEY
from example_site.stripe_double.control import Control
from example_site.stripe_double.server import StripeDouble
from example_site.stripe_double.specification import API_VERSION


@pytest.fixture(scope="session")
def running_double() -> Iterator[StripeDouble]:
    """One double for the whole session."""
    with StripeDouble.start() as running:
        yield running


@pytest.fixture
def double(running_double: StripeDouble) -> Iterator[StripeDouble]:
    """The double, empty; at the end nothing that it did may have been against Stripe's description."""
    running_double.control.reset()
    yield running_double
    assert running_double.control.problems() == []


@pytest.fixture
def control(double: StripeDouble) -> Control:
    """The control client."""
    return double.control


def make_client(double: StripeDouble, key: str = SECRET_KEY, **options: Any) -> stripe.StripeClient:
    """Return Stripe's own client, pointed at the double."""
    addresses = {"api": double.base_url, "connect": double.base_url}
    options = {"max_network_retries": 0, "stripe_version": API_VERSION, **options}
    return stripe.StripeClient(key, base_addresses=addresses, **options)


@pytest.fixture
def client(double: StripeDouble) -> Any:
    """Stripe's client with the platform's secret key."""
    return make_client(double).v1


@pytest.fixture
def browser_client(double: StripeDouble) -> Any:
    """Stripe's client with the publishable key, as a browser has it."""
    return make_client(double, PUBLISHABLE_KEY).v1


@pytest.fixture
def customer(client: Any, control: Control) -> Any:
    """A customer whose default card is always paid."""
    made = client.customers.create({"email": "owner@example.com", "name": "Agency One"})
    control.add_card(made.id)
    return client.customers.retrieve(made.id)


@pytest.fixture
def make_invoice(client: Any, customer: Any) -> Callable[..., Any]:
    """Make a finalised invoice of one or more amounts."""

    def make(*amounts: int, of: str | None = None, **options: Any) -> Any:
        draft = client.invoices.create(
            {
                "customer": of or customer.id,
                "auto_advance": False,
                "collection_method": "charge_automatically",
                "pending_invoice_items_behavior": "exclude",
                **options,
            }
        )
        lines = [{"amount": amount, "description": f"Line {n}"} for n, amount in enumerate(amounts or (11000,), 1)]
        client.invoices.add_lines(draft.id, {"lines": lines})
        return client.invoices.finalize_invoice(draft.id, {"auto_advance": False})

    return make


@dataclass
class Receiver:
    """What arrived at a webhook endpoint, and how it answers."""

    url: str
    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def events(self, secret: str) -> list[stripe.Event]:
        """Return the events, each checked by Stripe's own library."""
        return [stripe.Webhook.construct_event(body, header, secret) for body, header in self.received]

    def types(self) -> list[str]:
        """Return the types of the events, in the order of arrival."""

        return [json.loads(body)["type"] for body, _ in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server that takes webhooks; `answers` holds the next statuses, 200 when it is empty."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = taken.answers.pop(0) if taken.answers else 200
            taken.received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Keep the output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken = Receiver(f"http://localhost:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield taken
    server.shutdown()
    server.server_close()
