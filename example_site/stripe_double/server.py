"""The HTTP server: Stripe's API under /v1/, Stripe.js and the pages beside it. On this machine only."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from example_site.stripe_double.api import Api
from example_site.stripe_double.control import Control
from example_site.stripe_double.double import Double
from example_site.stripe_double.pages import pages_application
from example_site.stripe_double.snapshot import Snapshot

HOST = "127.0.0.1"
START_SECONDS = 30.0


class DroppableProtocol(HttpToolsProtocol):
    """HTTP that lets the application close a connection without an answer."""

    def on_message_begin(self) -> None:
        """Give the application the connection."""
        super().on_message_begin()
        self.scope["transport"] = self.transport  # type: ignore[typeddict-unknown-key]


class Application:
    """The root ASGI application."""

    def __init__(self, double: Double, snapshot: Snapshot | None = None) -> None:
        self.double = double
        self.api = Api(double)
        self.pages = pages_application(double)
        self.snapshot = snapshot

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Hand a request to the API or to the pages; begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise RuntimeError(f"The double speaks HTTP, not {scope['type']}.")
        elif scope["path"].startswith("/v1/"):
            await self.api(scope, receive, send)
        else:
            await self.pages(scope, receive, send)

    async def _lifespan(self, receive: Any, send: Any) -> None:
        keeper: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if self.snapshot is not None:
                    self.snapshot.load()
                    keeper = asyncio.create_task(self.snapshot.keep())
                await self.double.webhooks.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.double.webhooks.stop()
                if keeper is not None and self.snapshot is not None:
                    keeper.cancel()
                    self.snapshot.save()
                await send({"type": "lifespan.shutdown.complete"})
                return


def listening_socket(port: int) -> socket.socket:
    """Return a socket bound to a port of the loopback address; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener


def make_server(double: Double, listener: socket.socket, state: Path | None = None) -> uvicorn.Server:
    """Return a server for the double, not running yet."""
    double.base_url = f"http://localhost:{listener.getsockname()[1]}"
    snapshot = Snapshot(double, state) if state else None
    configuration = uvicorn.Config(
        Application(double, snapshot),
        http=DroppableProtocol,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=75,
        ws="none",
        server_header=False,
    )
    return uvicorn.Server(configuration)


@contextmanager
def start_process(*, port: int = 0, state: Path | None = None) -> Iterator[Control]:
    """Run a double in a process of its own, for benches and soaks; give its control client (it has the `base_url`)."""
    command = [sys.executable, "-m", "example_site.stripe_double", "--port", str(port)]
    if state is not None:
        command += ["--state", str(state)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            if "http://" not in first:
                raise RuntimeError("The double did not start.")
            control = Control(first.split()[-1])
            control.wait_until_ready(START_SECONDS)
            yield control
        finally:
            process.terminate()


class StripeDouble:
    """A double running in this process: what it holds, where it is, and the client of its control page."""

    def __init__(self, double: Double, base_url: str) -> None:
        self.double = double
        self.base_url = base_url
        self.control = Control(base_url)

    @classmethod
    @contextmanager
    def start(cls, *, port: int = 0, state: Path | None = None, seed: int | None = None) -> Iterator["StripeDouble"]:
        """Run a double in a thread of this process, for as long as the context lasts."""
        double = Double(seed=seed)
        listener = listening_socket(port)
        server = make_server(double, listener, state)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="stripe-double", daemon=True)
        thread.start()
        running = cls(double, double.base_url)
        try:
            running.control.wait_until_ready(START_SECONDS)
            yield running
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            listener.close()
