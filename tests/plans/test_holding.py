"""Assigning from a past day: until when it holds, what follows, and taking the place of what was assigned later."""

from datetime import date

import pytest

from pos_billing.facts.errors import Refused
from pos_billing.plans.commands import (
    account_create,
    assignment_change,
    assignments_change,
    dedicated_environment_register,
    instance_register,
    instance_transfer,
    plan_create,
)
from pos_billing.plans.holding import held_from, sentences
from pos_billing.plans.models import Assignment
from pos_billing.rating.facts import Subject
from pos_billing.sellers.schemas import in_seller

NOTED = {"by": "owner@agency-one.example.com", "why": "as agreed"}
CREATED, PAST, LATER, NOW = date(2018, 12, 1), date(2019, 1, 15), date(2019, 2, 7), date(2019, 3, 20)


def plan(name: str, cents: int, **options):
    options = {"environments": ["production"]} | options
    fees = [{"name": "Hosting", "cents": cents}]
    return plan_create(name=name, fees=fees, granted_to_all=True, from_day=date(2018, 8, 1), **options, **NOTED)


def ledger(schema: str, subject: Subject) -> list[tuple[str, date, date | None]]:
    column = "instance" if subject.kind == "instance" else "dedicated_environment"
    with in_seller(schema):
        rows = Assignment.objects.filter(**{f"{column}_id": subject.id}).select_related("plan").order_by("days")
        return [(row.plan.name, row.days.lower, row.days.upper) for row in rows]


@pytest.fixture
def sold(agency_one):
    """Two Instances: both on Glide from 1 January, one of them assigned Glide anew after a week of Other."""
    parent, cheap = plan("Production 110", 11000), plan("Production 90", 9000)
    shops = [
        instance_register(name=name, environment="production", created_on=CREATED, partner=agency_one, **NOTED)
        for name in ("bakery", "greengrocer")
    ]
    with in_seller("agency_one"):
        client = account_create(name="Client", **NOTED)
        glide, new = plan("Glide", 15000, parent=cheap), plan("Business", 20000, parent=parent)
        other = plan("Other", 12000, parent=cheap)
        assignments_change(shops, plan=glide, account=client, day=date(2019, 1, 1), **NOTED)
        assignment_change(shops[0], plan=other, account=client, day=date(2019, 2, 1), until=LATER, **NOTED)
    return shops, client, new


def test_it_says_until_when_it_holds_and_what_holds_today(sold):
    (bakery, greengrocer), client, new = sold
    subjects = [Subject("instance", bakery.pk), Subject("instance", greengrocer.pk)]
    with in_seller("agency_one"):
        assignments_change([bakery, greengrocer], plan=new, account=client, day=LATER, **NOTED)
        assignments_change([bakery, greengrocer], plan=new, account=client, day=PAST, **NOTED)
        found = held_from(subjects, PAST, NOW)
    # bakery: Other is known from 1 February; greengrocer's next change is Business itself: one row, without an end
    assert sentences(found) == ["bakery: until 1 Feb 2019, then Other, assigned 1 Feb 2019. Today it is on Business."]


def test_a_plan_with_an_end_is_followed_by_what_held(sold):
    (_, greengrocer), client, new = sold
    with in_seller("agency_one"):
        assignment_change(greengrocer, plan=new, account=client, day=PAST, until=LATER, **NOTED)
        found = held_from([Subject("instance", greengrocer.pk)], PAST, NOW)
    assert sentences(found) == [
        "greengrocer: until 7 Feb 2019, then Glide again, assigned 7 Feb 2019. Today it is on Glide."
    ]


def test_later_assignments_are_replaced_on_both_sides(sold):
    (bakery, _), client, new = sold
    subject = Subject("instance", bakery.pk)
    with in_seller("agency_one"):
        assignment_change(bakery, plan=new, account=client, day=PAST, replace_later=True, **NOTED)
        assert held_from([subject], PAST, NOW) == []
    assert ledger("agency_one", subject)[-1] == ("Business", PAST, None)
    assert ledger("public", subject)[-1] == ("Production 110", PAST, None)
    with in_seller("agency_one"), pytest.raises(Refused, match="not both") as refused:
        assignment_change(bakery, plan=new, account=client, day=PAST, until=LATER, replace_later=True, **NOTED)
    assert refused.value.field == "until"


def test_replacing_ends_where_the_instance_goes_to_another_partner(sold, agency_two):
    (bakery, _), client, new = sold
    with in_seller("public"):
        instance_transfer(bakery, partner=agency_two, day=date(2019, 3, 1), **NOTED)
    subject = Subject("instance", bakery.pk)
    theirs = ledger("agency_two", subject)
    with in_seller("agency_one"):
        assignment_change(bakery, plan=new, account=client, day=PAST, replace_later=True, **NOTED)
        found = held_from([subject], PAST, NOW)
    assert ledger("agency_one", subject)[-1] == ("Business", PAST, date(2019, 3, 1))
    assert ledger("agency_two", subject) == theirs
    assert sentences(found) == ["bakery: until 1 Mar 2019, then no plan."]


def test_the_same_for_a_dedicated_environment(agency_one):
    with in_seller("public"):
        parent = plan("Server", 50000, environments=["dedicated"])
        box = dedicated_environment_register(name="box", partner=agency_one, created_on=CREATED, **NOTED)
    subject = Subject("dedicated", box.pk)
    with in_seller("agency_one"):
        client = account_create(name="Client", **NOTED)
        own = plan("Own server", 70000, environments=["dedicated"], parent=parent)
        better = plan("Better server", 80000, environments=["dedicated"], parent=parent)
        assignment_change(box, plan=better, account=client, day=LATER, **NOTED)
        assignment_change(box, plan=own, account=client, day=PAST, **NOTED)
        [held] = held_from([subject], PAST, NOW)
        assert (held.follows, held.until, held.again, held.today) == ("Better server", LATER, False, "Better server")
        assignment_change(box, plan=own, account=client, day=PAST, replace_later=True, **NOTED)
    assert ledger("agency_one", subject)[-1] == ("Own server", PAST, None)
