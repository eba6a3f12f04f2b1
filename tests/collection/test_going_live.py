"""docs/going-live-with-stripe.md says what is so."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands
from djstripe.models import WebhookEndpoint
from djstripe.settings import djstripe_settings

from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import djstripe_patches
from pos_billing.collection.stripe.endpoints import endpoints_create
from pos_billing.collection.stripe.events import EVENTS
from pos_billing.collection.stripe.options import LIVE_CALLS_PER_SECOND, TEST_CALLS_PER_SECOND
from pos_billing.conf import declared
from pos_billing.plugin import manifest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "going-live-with-stripe.md").read_text(encoding="utf-8")


def part(name: str) -> str:
    """What stands between two marks."""
    return re.search(rf"<!-- {name} -->(.*?)<!-- /{name} -->", PAGE, re.S)[1]


def test_events_are_those_that_endpoints_ask_for():
    assert tuple(re.findall(r"`([^`]+)`", part("events"))) == EVENTS


def test_jobs_are_those_of_the_manifest():
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| (.+) \|$", part("jobs"), re.M)
    scheduled = manifest()["jobs"]["scheduled"]
    assert rows == [(name, entry["cron"], entry["meaning"]) for name, entry in scheduled.items()]


def test_commands_and_settings_exist():
    for command in set(re.findall(r"manage\.py (\w+)", PAGE)):
        assert command in get_commands(), command
    for name in set(re.findall(r"POS_BILLING_\w+", PAGE)):
        assert name in declared(), name
    for name in re.findall(r"^([A-Z_]+) = ", PAGE, re.M):
        assert hasattr(settings, name), name
    assert f"{LIVE_CALLS_PER_SECOND:.0f} a second live" in PAGE
    assert f"and {TEST_CALLS_PER_SECOND:.0f} in test mode" in PAGE


def test_versions_agree():
    assert stripe_api.API_VERSION == djstripe_settings.DEFAULT_STRIPE_API_VERSION == settings.STRIPE_API_VERSION
    assert stripe_api.API_VERSION in PAGE


def test_environment_variables_are_read():
    text = Path(settings.CHECKOUT / "example_site" / "settings.py").read_text(encoding="utf-8")
    for name in re.findall(r"`(STRIPE_(?:TEST|LIVE)_\w+)`", PAGE):
        assert f'"{name}"' in text, name


def test_endpoints_are_made_once(site, double):
    address = site.url("public", "").rstrip("/")
    before = set(WebhookEndpoint.objects.values_list("id", flat=True))
    assert len(before) == 2
    made = endpoints_create(address)
    assert {endpoint.id for endpoint in made.values()} == before
    assert {tuple(endpoint.enabled_events) for endpoint in made.values()} == {EVENTS}
    assert all(endpoint.secret for endpoint in made.values())


def test_patches_are_named(db):
    assert "djstripe_patches.py" in PAGE
    assert djstripe_patches.StripeModel._pos_billing_cured
