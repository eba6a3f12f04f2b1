"""Dedicated environments of a Partner, and what is placed on them."""

from datetime import date
from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from pos_billing.facts import clock
from pos_billing.instances.models import DedicatedEnvironment
from pos_billing.plans.instances_seen import own_dedicated
from pos_billing.plans.models import Assignment, SellerSettings
from pos_billing.plans.queries import catalogue, dedicated_facts_of, subject_history
from pos_billing.rating.facts import Subject
from pos_billing.rating.timeline import timeline
from pos_billing.web.frame import audience_of
from pos_billing.web.selling.margins import recent_margins
from pos_billing.web.shared import history
from pos_billing.web.shared.assignments_by_seller import assignments_by_seller
from pos_billing.web.shared.charging import charging, charging_of
from pos_billing.web.shared.listing import PER_PAGE
from pos_billing.web.shared.page import page
from pos_billing.web.shared.timeline_picture import picture_of

HISTORY_SHOWN = 30
DEDICATED = "Dedicated environments"


class DedicatedFilter(django_filters.FilterSet):
    """Search."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="Name")

    class Meta:
        model = DedicatedEnvironment
        fields: list[str] = []


@require_safe
def dedicated_environments(request: HttpRequest) -> HttpResponse:
    """The list, with plan, client, and how many Instances stand on each."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    placed = Count("placements", filter=Q(placements__days__contains=now))
    every = own_dedicated(request.tenant).annotate(placed=placed).order_by("name", "pk")
    chosen = DedicatedFilter(request.GET, queryset=every)
    shown = Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    keys = [row.pk for row in rows]
    assigned = {
        a.dedicated_environment_id: a
        for a in Assignment.objects.filter(dedicated_environment_id__in=keys, days__contains=now).select_related(
            "plan", "account"
        )
    }
    standing = charging_of(keys, seller, now, dedicated=True)
    return page(
        request,
        "pos_billing/portal/dedicated_list.html",
        filter=chosen,
        filtered=bool(request.GET.get("q")),
        page=shown,
        rows=[(row, assigned.get(row.pk), standing.get(row.pk)) for row in rows],
        crumbs=[("Billing", reverse("billing:home")), (DEDICATED, None)],
    )


@require_safe
def dedicated_environment(request: HttpRequest, dedicated: int) -> HttpResponse:
    """One dedicated environment: plan, timeline, and what stands on it."""
    seller = SellerSettings.objects.get()
    now = clock.day_in(seller.time_zone)
    found = get_object_or_404(own_dedicated(request.tenant), pk=dedicated)
    facts, plans = dedicated_facts_of([found.pk])[found.pk], catalogue()
    segments = timeline(facts, plans, now, seller.floor)
    entries = subject_history(found)
    assigned = Assignment.objects.filter(dedicated_environment=found, days__contains=now).select_related(
        "plan", "account"
    )
    return page(
        request, "pos_billing/portal/dedicated.html", dedicated=found, charging=charging(facts, segments, now),
        assigned=assigned.first(),
        placements=list(found.placements.select_related("instance").order_by("-days", "instance__name")[:200]),
        picture=picture_of(found, facts, segments, plans, owned_from=found.created_on, now=now),
        **_more(request, found, now),
        entries=history.told(entries[:HISTORY_SHOWN], audience_of(request)),
        more_entries=max(0, len(entries) - HISTORY_SHOWN),
        crumbs=[
            ("Billing", reverse("billing:home")), (DEDICATED, reverse("billing:dedicated-environments")),
            (found.name, None),
        ],
    )  # fmt: skip


def _more(request: HttpRequest, found: DedicatedEnvironment, now: date) -> dict[str, Any]:
    """What it earned, for a Partner; for the platform's staff what was assigned on each side."""
    if audience_of(request).keeps_register:
        return {"sides": assignments_by_seller(found)}
    return {"margins": recent_margins(request.tenant.schema_name, Subject("dedicated", found.pk), now)}
