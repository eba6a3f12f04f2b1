"""The site over real HTTP, and a real browser, for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from example_site.embedded_postgres import CHECKOUT
from tests.databases import SiteDatabase, host_of

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROMIUM = "/Applications/Chromium.app/Contents/MacOS/Chromium"


@dataclass(frozen=True)
class LiveSite:
    """The example site, served on this machine from a database of the test's own."""

    port: int
    database: SiteDatabase

    def url(self, schema: str = "public", path: str = "/") -> str:
        """Return the address of a page on a Seller's host."""
        return f"http://{host_of(schema)}:{self.port}{path}"


@contextmanager
def served(database: SiteDatabase) -> Iterator[LiveSite]:
    """Serve the site in threads of this process: it sees the test's settings, database and patches."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            """Leave the test's output alone."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield LiveSite(server.server_port, database)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def working(database: SiteDatabase) -> Iterator[None]:
    """Let a worker do what people ask for on pages, in a process of its own, on the test's database."""
    command = [sys.executable, str(CHECKOUT / "example_site" / "manage.py"), "pos_billing_worker", "--without-clock"]
    worker = subprocess.Popen([*command, "--queue", "people"], env=database.environment, cwd=CHECKOUT)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=30)


@contextmanager
def chromium() -> Iterator[object]:
    """Start Debian's (or Homebrew's) Chromium under Playwright."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread; Django's ORM refuses such a thread unless told otherwise.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium_program(), args=list(CHROMIUM_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _chromium_program() -> str:
    """Return the path of Chromium, or stop with the command that installs it."""
    wanted = os.environ.get("CHROMIUM")
    found = wanted or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None and Path(MAC_CHROMIUM).exists():
        found = MAC_CHROMIUM
    if found is None:
        command = "brew install --cask chromium" if sys.platform == "darwin" else "apt-get install chromium"
        pytest.fail(f"Browser tests need Chromium: {command} (or CHROMIUM=/path/to/it)")
    return found
