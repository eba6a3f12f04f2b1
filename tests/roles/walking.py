"""The URLs of the plugin, who there is, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from pos_billing.web.frame import CLIENT, PARTNER, STAFF, STAFF_SELLING, Audience, Need
from pos_billing.web.pages import pages_for

URLCONFS = {"public": "pos_billing.urls.public", "agency_one": "pos_billing.urls.tenant",
            "agency_two": "pos_billing.urls.tenant"}  # fmt: skip
STAFF_ROLES = {"superuser": {"read", "run"}, "finance": {"read", "run"}, "support": {"read"}, "staff": set()}
PARTNER_ROLES = {
    "owner": {"read", "write", "owner", "anybody"}, "write": {"read", "write", "anybody"}, "read": {"read", "anybody"},
    "shopper": {"anybody"}, "client": {"anybody"},
}  # fmt: skip
ROLES = [*STAFF_ROLES, *PARTNER_ROLES, "nobody"]


@dataclass(frozen=True)
class Page:
    """A URL of the plugin on a kind of host."""

    namespace: str
    name: str
    route: str


def pages_of(urlconf: str) -> list[Page]:
    """All URLs whose view is the plugin's, wherever it is mounted."""

    def walk(patterns: Any, route: str, namespaces: tuple[str, ...]) -> Iterator[Page]:
        for pattern in patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                if pattern.callback.__module__.startswith("pos_billing."):
                    yield Page(":".join(namespaces), pattern.name or "", here)
            else:
                inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                yield from walk(pattern.url_patterns, here, inner)

    return list(walk(get_resolver(urlconf).url_patterns, "/", ()))


def needed_of(page: Page, schema: str) -> str | None:
    """What the page asks for on that host; ``None`` for a page nobody said anything about."""
    if schema == "public":
        if page.namespace == "admin":
            return "read"  # entries of the admin index, which lead to our pages
        audiences = (STAFF, STAFF_SELLING)
    else:
        audiences = (PARTNER, CLIENT)
    asked = [needs_of(audience).get(page.name) for audience in audiences if audience.namespace == page.namespace]
    return asked[0] if asked else None


def needs_of(audience: Audience) -> dict[str, Need]:
    """What each page of the audience asks for, by its name."""
    return {page.name: page.needs[audience] for page in pages_for(audience)}


def allowed(role: str, page: Page, schema: str) -> bool:
    """Whether ``role`` (of the platform or of agency_one) gets content from the page on the host of ``schema``."""
    needed = needed_of(page, schema)
    if schema == "public":
        return needed in STAFF_ROLES.get(role, set())
    if needed == "anybody":
        return True
    if schema != "agency_one":
        return False
    may = PARTNER_ROLES.get(role, set())
    return needed in may or (needed == "signed-in" and role in PARTNER_ROLES)
