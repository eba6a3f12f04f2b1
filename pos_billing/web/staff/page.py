"""The frame of every page of the platform's staff."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pos_billing.plans.models import SellerSettings
from pos_billing.web.staff.access import NEEDED, RUN, may

MENU = (
    ("", (("Sellers", "sellers", ("statements", "statement", "runs", "run", "look-ask", "partner-make")),)),
    (
        "Billing runs",
        (("Preview or make a run", "run-ask", ("run-request",)), ("Prove a month", "proof", ())),
    ),
    ("Register", (("Imports", "imports", ("import", "import-make")), ("Syncs", "syncs", ("sync", "proposal")))),
)
"""Titles with their entries: words, page, and the pages that belong to it."""


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render ``template`` with what the frame around it needs."""
    frame = {
        "platform_name": SellerSettings.objects.values_list("name", flat=True).get(),
        "menu": _menu(request),
        "may_run": may(request.user, RUN),
    }
    return render(request, template, {**frame, **context}, status=status)


def _menu(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    match = request.resolver_match
    here = match.url_name if match is not None else None
    return [
        (
            title,
            [
                {
                    "label": label,
                    "url": reverse(f"billing_staff:{name}"),
                    "current": here == name or here in also,
                }
                for label, name, also in entries
                if may(request.user, NEEDED[name])
            ],
        )
        for title, entries in MENU
    ]
