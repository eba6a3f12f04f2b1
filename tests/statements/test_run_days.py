"""Runs are made for days that have come; one Seller's failure stops no other; what a page showed is what is issued."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain, UsageDay
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements import run as run_module
from pos_billing.statements.models import BillingRun, RunRequest, Statement
from pos_billing.statements.run_requests import make_requested_run
from pos_billing.web.frame import FINANCE_GROUP
from tests.statements.billing_scenario import SAID
from tests.statements.test_bill import METERED

FEBRUARY = date(2019, 2, 1)


@pytest.fixture
def sold(scenario, it_is):
    """The worked example on both sides; it is 1 February 2019."""
    it_is(FEBRUARY)
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(scenario.shop, date(2019, 1, 20))
    return scenario


def _billed(**options) -> str:
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("bill", stderr=said, stdout=StringIO(), **options)
    return said.getvalue()


def test_a_day_to_come_is_refused_until_it_is_typed_again(sold):
    said = _billed(as_of=date(2091, 2, 1), seller="public")
    assert "1 Feb 2091 is after today, 1 Feb 2019" in said
    assert not Statement.objects.exists()
    _billed(as_of=date(2091, 2, 1), seller="public", ahead=date(2019, 2, 1))
    assert not Statement.objects.exists()
    call_command("bill", as_of=date(2091, 2, 1), seller="public", preview=True, stdout=StringIO())
    call_command("bill", as_of=date(2019, 3, 1), seller="public", ahead=date(2019, 3, 1), stdout=StringIO())
    # 70.97 and 110.00 of December and January, 110.00 of February
    assert Statement.objects.get().total_cents == 7097 + 11000 + 11000


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date(2200, 1, 1), date(9999, 12, 31)])
def test_absurd_days_get_a_sentence_at_every_door(sold, day):
    written = day.isoformat()
    for command, option, text in [
        *(("bill", "--as-of", written), ("collect", "--as-of", written), ("reconcile", "--as-of", written)),
        ("prove", "--month", written[:7]),
    ]:
        said = StringIO()
        with pytest.raises(CommandError) as refused:
            call_command(command, option, text, "--seller", "public", stderr=said, stdout=StringIO())
        assert "cannot be meant" in said.getvalue() + str(refused.value), command
    with pytest.raises(Refused, match="cannot be meant"):
        sold.run(day, preview=True)


def test_one_sellers_failure_is_said_with_its_name_and_the_others_are_billed(sold, monkeypatch):
    real = run_module.catalogue

    def failing() -> object:
        from django.db import connection

        if connection.schema_name == "agency_one":
            raise OverflowError("a number out of range\nwith details for the log")
        return real()

    monkeypatch.setattr(run_module, "catalogue", failing)
    said = StringIO()
    with pytest.raises(CommandError, match="Not billed: agency_one"):
        call_command("bill", as_of=FEBRUARY, stderr=said, stdout=StringIO())
    assert "agency_one: not billed. OverflowError: a number out of range\n" in said.getvalue()
    for schema, runs in (("public", 1), ("agency_one", 0), ("agency_two", 1)):
        with in_seller(schema):
            assert BillingRun.objects.count() == runs, schema


def test_a_subject_that_cannot_be_billed_is_listed_and_the_others_are_billed(sold):
    """31 days of 10^12 calls at 10,000,000.00 each are no amount of money."""
    absurd = {**METERED, "included": 0, "tiers": [{"up_to": None, "cents": 1_000_000_000}]}
    sold.assign(
        sold.instance("absurd", domain_on=date(2019, 1, 1)),
        date(2019, 1, 1),
        sold.plan(
            "Absurd", 100, schema=sold.schema, parent=sold.plan("Absurd below", 100, fees=[absurd]), fees=[absurd]
        ),
    )
    for day in range(1, 32):
        UsageDay.objects.create(
            instance_id=sold.shop.pk + 1, metric=METERED["metric"], day=date(2019, 1, day), quantity=10**12
        )
    outcome = sold.run(FEBRUARY)
    assert sold.lines(outcome) == [("charge", "2018-12", 20, 7097), ("charge", "2019-01", 31, 11000)]
    [listed] = outcome.unbillable
    assert listed["subject"] == "absurd"
    assert "January 2019 would come to" in listed["why"]
    assert BillingRun.objects.get().summary["unbillable"][0]["subject"] == "absurd"
    UsageDay.objects.update(quantity=0)
    assert sold.lines(sold.run(FEBRUARY)) == [("charge", "2019-01", 31, 100)]


def _finance(client_for) -> Client:
    """Somebody of the platform's finance, at the page of runs."""
    user = get_user_model().objects.create_user(username="f", email="f@example.com", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=FINANCE_GROUP)[0])
    return client_for("public", user=user)


def _asked(finance: Client, **form: object) -> RunRequest:
    answer = finance.post(
        reverse("billing_staff:run-ask", urlconf="pos_billing.urls.public"),
        {"seller": "public", "as_of": "2019-02-01", **form},
    )
    assert answer.status_code == 302, answer.content.decode()
    request = RunRequest.objects.latest("id")
    make_requested_run(request.pk)  # what a worker does
    return RunRequest.objects.get(pk=request.pk)


def test_the_page_asks_for_a_day_to_come_once_more(sold, client_for):
    form = {"seller": "public", "as_of": "2019-03-01", "make": "1"}
    answer = _finance(client_for).post(reverse("billing_staff:run-ask", urlconf="pos_billing.urls.public"), form)
    assert answer.status_code == 422
    assert "is after today" in answer.content.decode()
    assert not RunRequest.objects.exists()


def test_what_the_page_showed_is_issued_or_shown_again(committed_scenario, client_for, it_is):
    it_is(FEBRUARY)
    sold, finance = committed_scenario, _finance(client_for)
    sold.shop = sold.instance("shop", domain_on=date(2018, 12, 12))
    sold.assign(sold.shop, date(2019, 1, 20))
    preview = _asked(finance, preview="1")
    assert [one["amount_due"] for one in preview.result["statements"]] == [7097 + 11000]
    domain_correct_day(Domain.objects.get(instance=sold.shop), added_on=date(2018, 12, 1), **SAID)
    again = _asked(finance, make="1", shown=preview.pk)
    assert not Statement.objects.exists(), "it was not what the page showed"
    assert again.preview
    assert "Something changed since the preview" in again.message
    assert again.result["changes"] == [{"account": "Agency One", "was": 18097, "now": 22000}]
    issued = _asked(finance, make="1", shown=again.pk)
    assert issued.state == RunRequest.State.FINISHED
    assert Statement.objects.get().amount_due_cents == 22000
