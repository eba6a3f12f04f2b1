"""The frame of every page of the platform's staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pos_billing.plans.models import SellerSettings
from pos_billing.web.staff.access import NEEDED, PLATFORM_NEEDED, RUN, may

INSTANCE_PAGES = ("billing_staff:instance-new", "billing_staff:instance-action")

MENU = (
    (
        "",
        (
            (
                "Sellers",
                "billing_staff:sellers",
                (
                    "billing_staff:statements",
                    "billing_staff:statement",
                    "billing_staff:runs",
                    "billing_staff:run",
                    "billing_staff:support-access-ask",
                    "billing_staff:partner-make",
                ),
            ),
        ),
    ),
    (
        "The platform sells",
        (
            ("Instances", "billing:instances", ("billing:instance", "billing:assign", *INSTANCE_PAGES)),
            (
                "Dedicated environments",
                "billing:dedicated-environments",
                (
                    "billing:dedicated-environment",
                    "billing_staff:dedicated-new",
                    "billing_staff:dedicated-remove",
                ),
            ),
            (
                "Plans",
                "billing:plans",
                (
                    "billing:plan",
                    "billing:plan-new",
                    "billing:plan-change",
                    "billing:plan-archive",
                    "billing:plan-fee-add",
                    "billing:plan-price",
                    "billing:plan-grant",
                ),
            ),
            (
                "Accounts",
                "billing:clients",
                (
                    "billing:client",
                    "billing:client-change",
                    "billing:client-close",
                    "billing:client-payments",
                    "billing:client-payment-action",
                ),
            ),
            ("Collection", "billing:collections", ("billing:collection", "billing:collection-action")),
            ("Notices", "billing:notices", ()),
            ("Settings", "billing:settings", ()),
        ),
    ),
    (
        "Billing runs",
        (
            ("Preview or make a run", "billing_staff:run-ask", ("billing_staff:run-request",)),
            ("Prove a month", "billing_staff:proof", ()),
            ("Background work", "billing_staff:jobs", ("billing_staff:job",)),
        ),
    ),
    (
        "Register",
        (
            ("Imports", "billing_staff:imports", ("billing_staff:import", "billing_staff:import-make")),
            ("Syncs", "billing_staff:syncs", ("billing_staff:sync", "billing_staff:proposal")),
        ),
    ),
)
"""Titles with their entries: words, page, and the pages that belong to it."""

_ASKED = {f"billing_staff:{name}": needed for name, needed in NEEDED.items()} | {
    f"billing:{name}": needed for name, needed in PLATFORM_NEEDED.items()
}


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render ``template`` with what the frame around it needs."""
    seller, may_run = SellerSettings.objects.get(), may(request.user, RUN)
    frame = {
        "platform_name": seller.name,
        "seller": seller,
        "menu": _menu(request),
        "may_run": may_run,
        "may_write": may_run,
        "may_own": may_run,
    }
    return render(request, template, {**frame, **context}, status=status)


def _menu(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    match = request.resolver_match
    here = match.view_name if match is not None else None
    return [
        (
            title,
            [
                {
                    "label": label,
                    "url": reverse(name),
                    "current": here == name or here in also,
                }
                for label, name, also in entries
                if may(request.user, _ASKED[name])
            ],
        )
        for title, entries in MENU
    ]
