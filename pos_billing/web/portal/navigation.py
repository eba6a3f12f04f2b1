"""The menu of the Billing section, the same in its own pages and in Oscar's dashboard."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from pos_billing.web.portal.access import NEEDED, may


class Entry(NamedTuple):
    """One entry of the menu: its words, its page, and the pages that belong to it."""

    label: str
    page: str
    also: tuple[str, ...] = ()


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("Overview", "home"),)),
    (
        "Hosting",
        (
            Entry("Instances", "instances", ("instance", "assign")),
            Entry("Dedicated environments", "dedicated-environments", ("dedicated-environment",)),
        ),
    ),
    (
        "Selling",
        (
            Entry(
                "Clients",
                "clients",
                (
                    "client",
                    "client-new",
                    "client-change",
                    "client-close",
                    "client-person-add",
                    "client-payments",
                    "client-payment-action",
                ),
            ),
            Entry(
                "Plans",
                "plans",
                ("plan", "plan-new", "plan-change", "plan-price", "plan-fee-add", "plan-archive", "plan-grant"),
            ),
            Entry("Margin", "margin"),
        ),
    ),
    (
        "Statements",
        (
            Entry("From the platform", "platform-statements", ("platform-statement",)),
            Entry("To clients", "statements", ("statement",)),
            Entry("Collection", "collections", ("collection", "collection-action", "notices")),
        ),
    ),
    (
        "Payment",
        (
            Entry("Card and payments", "payment", ("card-add", "card-added")),
            Entry("Ledger", "ledger"),
            Entry("Charging cards", "stripe"),
        ),
    ),
    (
        "Your company",
        (Entry("Settings", "settings"), Entry("Members", "members", ("member-new", "member-role"))),
    ),
)
"""Titles with their entries, in order; an empty title stands for entries without one."""


def menu(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    """The entries this user may open, with the one that holds the current page marked."""
    match = request.resolver_match
    here = match.url_name if match is not None and "billing" in match.namespaces else None
    return [
        (
            title,
            [
                {"label": e.label, "url": reverse(f"billing:{e.page}"), "current": here == e.page or here in e.also}
                for e in entries
                if may(request.user, NEEDED[e.page])
            ],
        )
        for title, entries in MENU
    ]


def oscar_section() -> dict[str, Any]:
    """What is appended to ``OSCAR_DASHBOARD_NAVIGATION``: the same entries under "Billing"."""
    return {
        "billing": True,
        "label": "Billing",
        "icon": "fas fa-file-invoice-dollar",
        "access_fn": lambda user, *url: may(user, "read"),
        "children": [
            {
                "label": f"{title}: {entry.label.lower()}" if title == "Statements" else entry.label,
                "url_name": f"billing:{entry.page}",
                "access_fn": lambda user, *url, page=entry.page: may(user, NEEDED[page]),
            }
            for title, entries in MENU
            for entry in entries
        ],
    }
