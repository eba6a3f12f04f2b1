"""Verb: telling Stripe where to send its webhooks, and dj-stripe what they are signed with."""

import uuid

from django.conf import settings
from django.urls import reverse
from djstripe.models import WebhookEndpoint
from djstripe.settings import djstripe_settings

from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.events import EVENTS
from pos_billing.collection.stripe.installation import installation_token

FOR_PLATFORM, FOR_CONNECTED = "platform", "connected accounts"


def endpoints_create(site: str) -> dict[str, WebhookEndpoint]:
    """Make the two endpoints on ``site`` (https://billing.example.com): for our own account, and for connected ones.

    Endpoints that dj-stripe knows by their address are left and returned, so that a second call changes nothing.
    """
    made = {}
    for whose, connected in ((FOR_PLATFORM, False), (FOR_CONNECTED, True)):
        known = next((e for e in _known(site) if bool(e.metadata.get("pos_billing_connect")) is connected), None)
        made[whose] = known or _create(site, connected)
    return made


def _known(site: str) -> list[WebhookEndpoint]:
    rows = WebhookEndpoint.objects.filter(url__startswith=site.rstrip("/") + "/", status="enabled")
    return [row for row in rows if (row.metadata or {}).get("pos_billing")]


def _create(site: str, connected: bool) -> WebhookEndpoint:
    identifier, public = uuid.uuid4(), settings.PUBLIC_SCHEMA_URLCONF
    url = site.rstrip("/") + reverse("djstripe:djstripe_webhook_by_uuid", args=[identifier], urlconf=public)
    metadata = {
        "djstripe_uuid": str(identifier),
        "pos_billing": "1",
        keys.INSTALLATION: installation_token(),
    }
    if connected:
        metadata["pos_billing_connect"] = "1"
    data = stripe_api.webhook_endpoint_create(url=url, events=list(EVENTS), metadata=metadata, connect=connected)
    return WebhookEndpoint.sync_from_stripe_data(data, api_key=djstripe_settings.STRIPE_SECRET_KEY)
