"""Background work: what waits, runs and failed, who does it, and what the clock begins."""

from typing import Any

import django_filters
import django_tables2
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe
from procrastinate.contrib.django.models import ProcrastinateJob

from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.web.frame import STAFF, Need
from pos_billing.web.shared.listing import Listing
from pos_billing.web.shared.page import page
from pos_billing.wording import moment
from pos_billing.work.queue import job_counts, job_retry, jobs, meaning_of, schedule, workers_alive

STATES = {
    "todo": ("Waiting", ""), "doing": ("Running", "info"), "failed": ("Failed", "bad"), "succeeded": ("Done", "good"),
    "cancelled": ("Cancelled", ""), "aborted": ("Stopped", "bad"),
}  # fmt: skip
EVENTS = {
    "deferred": "Put into the queue", "started": "Begun", "deferred_for_retry": "To be tried again",
    "failed": "Failed", "succeeded": "Done", "cancelled": "Cancelled", "abort_requested": "Asked to stop",
    "aborted": "Stopped", "scheduled": "Its time was set",
}  # fmt: skip


def mark(status: str) -> str:
    """The state of a job as a mark."""
    label, look = STATES[status]
    return format_html('<span class="pill {}">{}</span>', look, label)


def about(job: ProcrastinateJob) -> str:
    """What a job is about: its Seller and the row it works on."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in job.args.items() if name != "timestamp")


class JobFilter(django_filters.FilterSet):
    """Search by Seller or kind of work; one state."""

    q = django_filters.CharFilter(label="Seller or work", method="search")
    status = django_filters.ChoiceFilter(
        label="State", empty_label="Every state", choices=[(code, label) for code, (label, _) in STATES.items()]
    )

    class Meta:
        model = ProcrastinateJob
        fields: list[str] = []

    def search(self, rows: QuerySet[ProcrastinateJob], name: str, value: str) -> QuerySet[ProcrastinateJob]:
        """Jobs of a Seller, or whose task is called so."""
        return rows.filter(Q(args__schema=value) | Q(task_name__icontains=value.replace(" ", "_")))


class JobTable(django_tables2.Table):
    """One row a job; what it does leads to it."""

    label = "Jobs"
    work = django_tables2.Column(
        verbose_name="Work", empty_values=(), order_by=("task_name", "pk"), attrs={"td": {"class": "card-title"}}
    )
    status = django_tables2.Column(verbose_name="State", order_by=("status", "pk"))
    attempts = django_tables2.Column(
        verbose_name="Tries", order_by=("attempts", "pk"), attrs={"td": {"class": "number"}}
    )
    scheduled_at = django_tables2.Column(verbose_name="Not before", order_by=("scheduled_at", "pk"))
    error = django_tables2.Column(verbose_name="Last error", orderable=False)

    def render_work(self, record: ProcrastinateJob) -> str:
        return format_html(
            '<span><a href="{}">{}</a><br><span class="soft small">{}</span></span>',
            reverse("billing_staff:job", args=[record.pk]), meaning_of(record), about(record),
        )  # fmt: skip

    def render_status(self, value: str) -> str:
        return mark(value)

    def render_scheduled_at(self, value: Any) -> str:
        return moment(value)

    def render_error(self, value: str) -> str:
        return value.splitlines()[0][:160]


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """The queue, the workers and the clock; a fixed number of queries."""
    counts = job_counts()
    return page(
        request, "pos_billing/staff/jobs.html", listing=Listing(request, jobs(), JobTable, JobFilter),
        workers=workers_alive(clock.now()), waiting=counts.get("todo", 0), running=counts.get("doing", 0),
        failed=counts.get("failed", 0), schedule=schedule(), crumbs=[("Background work", None)],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def job_shown(request: HttpRequest, job: int) -> HttpResponse:
    """One job with all that happened to it; a failed one can be tried again."""
    found = get_object_or_404(jobs(), pk=job)
    if request.method == "POST":
        if not STAFF.may(request.user, Need.RUN):
            raise PermissionDenied("Finance lets jobs be tried again.")
        try:
            job_retry(found)
        except Refused as refused:
            messages.error(request, refused.text)
        else:
            messages.success(request, "The job waits for a worker again.")
        return redirect("billing_staff:job", job=job)
    events = found.procrastinateevent_set.order_by("-pk")
    return page(
        request, "pos_billing/staff/job.html", job=found, mark=mark(found.status), meaning=meaning_of(found),
        about=about(found), events=[(EVENTS.get(event.type, event.type), event.at) for event in events[:50]],
        crumbs=[("Background work", reverse("billing_staff:jobs")), (f"Job {found.pk}", None)],
    )  # fmt: skip
