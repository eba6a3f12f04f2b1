"""URL modules of both kinds of host: the plugin's addresses first, then everything of the host's own module."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import include, path

from pos_billing.plugin import manifest

HANDLERS = ("handler400", "handler403", "handler404", "handler500")


def addresses(side: str) -> dict[str, Any]:
    """Return the names that a URL module of that side ("tenant" or "public") must have.

    The host's patterns are taken over as they are, not included: some (i18n_patterns) must stand at the root.
    """
    names: dict[str, Any] = {"urlpatterns": [path("", include(module)) for module in manifest()["urls"][side]]}
    if side in settings.POS_BILLING_HOST_URLS:
        of_host = import_module(settings.POS_BILLING_HOST_URLS[side])
        names["urlpatterns"] += of_host.urlpatterns
        names |= {handler: getattr(of_host, handler) for handler in HANDLERS if hasattr(of_host, handler)}
    return names
