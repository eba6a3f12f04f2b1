"""Background work as staff sees it: errors kept, jobs tried again, workers alive, jobs of dead workers revived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pos_billing.collection import jobs
from pos_billing.notices import jobs as notice_jobs
from pos_billing.notices.models import Notice
from pos_billing.web.frame import FINANCE_GROUP, SUPPORT_GROUP
from pos_billing.work.jobs import defer_many
from pos_billing.work.models import JobError
from pos_billing.work.queue import ALIVE, jobs_revive, workers_alive
from tests.browser.looking import Visitor
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, LAUNCH
from tests.collection.test_jobs import empty_queue, work

JOBS = "/admin/billing/jobs/"


def member_of(group: str):
    """A person of the platform's staff in one group."""
    user = get_user_model().objects.create_user(f"{group}@x.org".replace(" ", "-"), password="x", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    return user


def insert_worker(seconds_ago: int) -> int:
    """A worker that was heard of last so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id",
            [timezone.now() - timedelta(seconds=seconds_ago)],
        )
        return cursor.fetchone()[0]


def taken_by(worker: int | None) -> int:
    """A job that a worker took."""
    job = notice_jobs.send_notice.defer(schema="public", notice_id=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job]
        )
    return job


@pytest.mark.slow
def test_a_job_that_fails_shows_why_and_is_tried_again(collecting, client_for):
    empty_queue()
    job = jobs.collect.defer(schema="public", statement_id=0)
    work(collecting)
    client = client_for("public", user=member_of(FINANCE_GROUP))
    shown = client.get(JOBS).content.decode()
    assert "DoesNotExist: Statement matching query does not exist." in shown
    assert "Collect one statement, as far as it goes today." in shown
    assert "No worker is alive" in shown
    refused = client_for("public", user=member_of(SUPPORT_GROUP)).post(f"{JOBS}{job}/")
    assert refused.status_code == 403
    assert client.post(f"{JOBS}{job}/").status_code == 302
    assert ProcrastinateJob.objects.get(pk=job).status == "todo"
    assert JobError.objects.filter(job_id=job).exists()


@pytest.mark.slow
def test_a_job_that_goes_well_at_last_leaves_no_error(collecting):
    collecting.seed_instance()
    collecting.scenario.run(LAUNCH)
    empty_queue()
    job = jobs.sync_seller_products.defer(schema="public")
    JobError.objects.create(job_id=job, error="Stripe did not answer", failed_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.procrastinate_jobs SET attempts = 1 WHERE id = %s", [job])
    work(collecting)
    assert not ProcrastinateJob.objects.filter(pk=job).exists()
    assert not JobError.objects.exists()


def test_jobs_of_dead_workers_are_done_again_and_those_of_others_left_alone(platform):
    empty_queue()
    alive, dead = insert_worker(1), insert_worker(int(ALIVE.total_seconds()) + 5)
    kept, lost, orphan = taken_by(alive), taken_by(dead), taken_by(None)
    assert workers_alive(timezone.now()) == 1
    assert jobs_revive(timezone.now()) == 2
    states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert states == {kept: "doing", lost: "todo", orphan: "todo"}
    assert set(JobError.objects.values_list("job_id", flat=True)) == {lost, orphan}
    assert jobs_revive(timezone.now()) == 0


def test_the_queue_page_costs_the_same_with_many_jobs(platform, client_for, django_assert_max_num_queries):
    empty_queue()
    client = client_for("public", user=member_of(SUPPORT_GROUP))
    client.get(JOBS)
    with django_assert_max_num_queries(16):
        client.get(JOBS)
    defer_many(notice_jobs.send_notice, "public", "notice_id", range(200))
    with django_assert_max_num_queries(16):
        page = client.get(JOBS)
    assert "notice id 199" in page.content.decode()
    assert "notice id 3," not in client.get(JOBS, {"status": "failed"}).content.decode()
    assert "No job matches" in client.get(JOBS, {"status": "failed"}).content.decode()


def test_the_admin_leads_there_and_partners_see_nothing(platform, client_for, owner_of):
    client = client_for("public", user=member_of(SUPPORT_GROUP))
    index = client.get("/admin/").content.decode()
    pages = {"procrastinate/procrastinatejob": JOBS, "pos_billing/notice": "/admin/billing/selling/notices/"}
    for model, page in pages.items():
        assert f"/admin/{model}/" in index
        assert client.get(f"/admin/{model}/").headers["Location"] == page
    owner = client_for("agency_one", user=owner_of("agency_one"))
    assert owner.get(JOBS).status_code == 404


@pytest.mark.browser
def test_staff_looks_at_jobs_and_notices(site, collecting, browser_page):
    collecting.seed_instance()
    collecting.card(DECLINES)
    collecting.bill(LAUNCH)
    collecting.collect(FIRST_PAYMENT)
    job = jobs.collect.defer(schema="public", statement_id=999)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 10 WHERE id = %s", [job])
    error = "StripeUnreachable: Network error: the connection was closed before an answer came"
    JobError.objects.create(job_id=job, error=error, failed_at=timezone.now())
    visitor = Visitor(browser_page, site, "public").sign_in("staff@example.com", at="/admin/login/")
    page = visitor.look(f"{JOBS}?sort=status", "staff-jobs")
    page.goto(site.url("public", f"{JOBS}{job}/"))
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("The job waits for a worker again.").wait_for()
    visitor.see("staff-job")
    page = visitor.look(reverse("billing:notices", urlconf="pos_billing.urls.public"), "staff-notices")
    assert "could not be" in page.inner_text("main") or "failed" in page.inner_text("main")
    assert Notice.objects.filter(sent_at__isnull=False).exists()
    visitor.assert_well()
