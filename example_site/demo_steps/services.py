"""The programs that run while the demo is up."""

import sys
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from example_site.demo_steps.demo import Demo
from example_site.demo_steps.processes import Service
from example_site.embedded_postgres import CHECKOUT, STATE

MANAGE = str(CHECKOUT / "example_site" / "manage.py")


def stripe_double() -> Service:
    """Stripe's stand-in; it keeps everything in a file over restarts."""
    command = [
        sys.executable, "-m", "example_site.stripe_double",
        "--port", settings.STRIPE_DOUBLE.rpartition(":")[2], "--state", str(STATE / "stripe-double.state"),
    ]  # fmt: skip
    return Service("stripe-double", command, settings.STRIPE_DOUBLE, keeps_running=True)


def web_site() -> Service:
    """The example site itself."""
    command = [sys.executable, MANAGE, "runserver", f"127.0.0.1:{settings.PORT}", "--noreload"]
    return Service("web-site", command, f"http://127.0.0.1:{settings.PORT}/", host=settings.PUBLIC_HOST)


def worker() -> Service:
    """Whoever does what people ask for on pages, and nothing else: the demo's months lie in the past."""
    command = [sys.executable, MANAGE, "pos_billing_worker", "--queue", "people", "--without-clock"]
    return Service("worker", command, address=None)


def uses_stripe_double() -> bool:
    """Whether the site talks to the double, and not to Stripe with keys of somebody's own."""
    return settings.STRIPE_API_HOST == settings.STRIPE_DOUBLE


def start_stripe_double(demo: Demo) -> str:
    """Start the double unless the site has been given another Stripe."""
    if not uses_stripe_double():
        return f"not needed: Stripe is at {settings.STRIPE_API_HOST}"
    return stripe_double().start(demo.tell)


def start_web_site(demo: Demo) -> str:
    """Start the site, anew if it runs, so that it runs the code as it is now."""
    return web_site().start(demo.tell)


def start_worker(demo: Demo) -> str:
    """Start a worker, anew if it runs, so that it runs the code as it is now."""
    return worker().start(demo.tell)


def make_webhook_endpoints(demo: Demo) -> str:
    """Let the Stripe double send its events to the site."""
    if not uses_stripe_double():
        return f"for Stripe itself: manage.py stripe_endpoints --site {demo.platform_address}"
    call_command("stripe_endpoints", site=demo.platform_address, stdout=StringIO())
    return f"events go to {demo.platform_address}/stripe/"
