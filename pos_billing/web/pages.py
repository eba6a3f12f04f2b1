"""The table of pages: all there are, with who may open each. URLs, guards, menus and docs/roles.md come from it.

A page stands once, in the table of the package it lives in: ``selling.pages`` (a Seller's, for Partners and staff),
``portal.pages``, ``staff.pages``, ``storefront.pages``. A page that is not in a table cannot be mounted.
"""

from typing import Any

from django.urls.resolvers import URLPattern

from pos_billing.web import mounting
from pos_billing.web.frame import CLIENT, PARTNER, STAFF, STAFF_SELLING, Audience, Need
from pos_billing.web.mounting import Page
from pos_billing.web.portal.pages import PAGES as PORTAL_PAGES
from pos_billing.web.selling.pages import PAGES as SELLING_PAGES
from pos_billing.web.staff.pages import PAGES as STAFF_PAGES
from pos_billing.web.storefront.pages import PAGES as STOREFRONT_PAGES

PAGES: tuple[Page, ...] = (*STAFF_PAGES, *PORTAL_PAGES, *SELLING_PAGES, *STOREFRONT_PAGES)

SECTIONS: tuple[tuple[Audience, str, str], ...] = (
    (
        STAFF, "Pages of the platform's staff",
        "`read` is finance and support, `run` is finance. Superusers may open all.",
    ),
    (
        STAFF_SELLING, "Pages of the platform as a Seller",
        "The same pages as a Partner's, with the platform's own plans and Accounts and all Partners' Instances.",
    ),
    (
        PARTNER, "Pages of a Partner",
        "`owner` may open all, `write` those that ask for write or read, `read` those that ask for read.",
    ),
    (
        CLIENT, "Pages of a client",
        "In the account on the Partner's storefront. Each shows what belongs to the visitor's own Accounts.",
    ),
)  # fmt: skip
"""Of docs/roles.md, with what is said above each table."""

CHAPTER = "## Page by page\n\nMade from the code: `python manage.py pos_billing_pages docs/roles.md`.\n\n"


def pages_for(audience: Audience) -> list[Page]:
    """The pages of ``audience``, in the order of the tables."""
    return mounting.pages_for(audience, PAGES)


def patterns(audience: Audience) -> list[URLPattern]:
    """The URLs of ``audience``, each guarded."""
    return mounting.patterns(audience, PAGES)


def page_by_page() -> str:
    """The tables of docs/roles.md, as Markdown."""
    parts = []
    for audience, title, above in SECTIONS:
        rows = [f"| `{page.name}` | {page.about} | {page.needs[audience]} |" for page in pages_for(audience)]
        parts.append("\n".join([f"### {title}", above, "", "| page | what it is | asks for |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def filled(document: str) -> str:
    """The text of docs/roles.md with the tables of its last chapter made from the tables of pages."""
    before, heading, _ = document.partition(CHAPTER)
    return f"{before}{heading}{page_by_page()}"


def oscar_section() -> dict[str, Any]:
    """What is appended to ``OSCAR_DASHBOARD_NAVIGATION``: a Partner's menu under "Billing"."""
    return {
        "billing": True,
        "label": "Billing",
        "icon": "fas fa-file-invoice-dollar",
        "access_fn": lambda user, *url: PARTNER.may(user, Need.READ),
        "children": [
            {
                "label": f"{entry.title}: {entry.label.lower()}" if entry.title == "Statements" else entry.label,
                "url_name": f"billing:{page.name}",
                "access_fn": lambda user, *url, need=page.needs[PARTNER]: PARTNER.may(user, need),
            }
            for audience, page, entry in mounting.entries(PAGES)
            if audience is PARTNER
        ],
    }
