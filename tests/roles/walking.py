"""The URLs of the plugin, who there is, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from pos_billing.web.portal import access as portal
from pos_billing.web.staff import access as staff
from pos_billing.web.storefront.clients import PAGES as CLIENT_PAGES

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
        return {"billing_staff": staff.NEEDED, "billing": staff.PLATFORM_NEEDED}.get(page.namespace, {}).get(page.name)
    if page.namespace == "client_billing":
        return "signed-in" if page.name in CLIENT_PAGES else None
    return {"billing": portal.NEEDED}.get(page.namespace, {}).get(page.name)


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
