"""Syncs with the Partner Portal: their log, and what they propose for staff to decide."""

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.partner_api.models import PortalProposal, PortalSync
from pos_billing.sync.commands import proposal_confirm, proposal_reject
from pos_billing.sync.queries import entries_of, open_proposals, syncs
from pos_billing.web.frame import STAFF, Need
from pos_billing.web.shared.listing import DayColumn, Listing
from pos_billing.web.shared.page import page
from pos_billing.wording import moment


class SyncTable(django_tables2.Table):
    """One row a sync; its day leads to what it found."""

    label = "Syncs"
    day = DayColumn(verbose_name="Day", order_by=("day", "pk"), attrs={"td": {"class": "card-title nowrap"}})
    finished_at = django_tables2.Column(verbose_name="Finished")
    by = django_tables2.Column(verbose_name="By")
    status = django_tables2.Column(verbose_name="Result")

    def render_day(self, value: Any, record: PortalSync) -> str:
        shown = DayColumn.render(self.columns["day"], value)
        return format_html('<a href="{}">{}</a>', reverse("billing_staff:sync", args=[record.pk]), shown)

    def render_finished_at(self, value: Any) -> str:
        return moment(value)


class EntryTable(django_tables2.Table):
    """One row a finding of a sync."""

    label = "What the sync found"
    kind = django_tables2.Column(accessor="get_kind_display", verbose_name="What", orderable=False)
    subject = django_tables2.Column(verbose_name="Of", orderable=False, attrs={"td": {"class": "card-title"}})
    day = DayColumn(verbose_name="From", orderable=False)
    text = django_tables2.Column(verbose_name="Found", orderable=False)
    outcome = django_tables2.Column(accessor="get_outcome_display", verbose_name="What became of it", orderable=False)
    reason = django_tables2.Column(verbose_name="Why, or what to do", orderable=False)


class DecisionForm(forms.Form):
    """From which day a proposal holds, and why it is decided so."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label="Why", max_length=300, help_text="Kept in the history.")


@require_safe
def sync_list(request: HttpRequest) -> HttpResponse:
    """The log of syncs, and what waits for a decision."""
    return page(
        request,
        "pos_billing/staff/syncs.html",
        listing=Listing(request, syncs(), SyncTable),
        proposals=list(open_proposals()[:100]),
        crumbs=[("Syncs", None)],
    )


@require_safe
def sync_shown(request: HttpRequest, sync: int) -> HttpResponse:
    """What one sync found, and what became of it."""
    found = get_object_or_404(PortalSync, pk=sync)
    listing = Listing(request, entries_of(found), EntryTable, per_page=100)
    crumbs = [("Syncs", reverse("billing_staff:syncs")), (str(found), None)]
    return page(request, "pos_billing/staff/sync.html", sync=found, listing=listing, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """Confirm a proposal for a day, or reject it; either way with a reason."""
    found = get_object_or_404(PortalProposal.objects.select_related("instance", "first_sync"), pk=proposal)
    if request.method == "POST" and not STAFF.may(request.user, Need.RUN):
        raise PermissionDenied("Finance decides proposals.")
    form = DecisionForm(request.POST or None, initial={"day": found.day})
    if form.is_valid():
        said = {"by": request.user.get_username(), "why": form.cleaned_data["why"], "at": clock.now()}
        try:
            if "reject" in request.POST:
                proposal_reject(found, **said)
            else:
                proposal_confirm(found, **said, day=form.cleaned_data["day"])
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.text)
        else:
            verb = "rejected" if "reject" in request.POST else "confirmed"
            messages.success(request, f"{found.get_kind_display()}, {found.instance}: {verb}.")
            return redirect("billing_staff:syncs")
    crumbs = [("Syncs", reverse("billing_staff:syncs")), (str(found.instance), None)]
    return page(
        request,
        "pos_billing/staff/proposal.html",
        proposal=found,
        form=form,
        crumbs=crumbs,
        status=422 if form.errors else 200,
    )
