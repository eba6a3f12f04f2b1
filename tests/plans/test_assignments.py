"""Assigning plans: in a Partner's ledger and, with the parent plan, in the platform's, on the same days."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import instance_change_environment, instance_delete
from pos_billing.instances.models import Instance
from pos_billing.plans.commands import (
    account_close,
    account_create,
    assignment_change,
    assignments_change,
    dedicated_environment_register,
    instance_register,
    instance_transfer,
    plan_archive,
    plan_create,
    plan_grant,
    plan_withdraw,
)
from pos_billing.plans.models import Account, Assignment, Plan
from pos_billing.sellers.schemas import in_seller

NOTED = {"by": "owner@agency-one.example.com", "why": "as agreed"}
CREATED, DAY = date(2018, 12, 1), date(2019, 1, 20)


def plan(name: str, cents: int, **options) -> Plan:
    options = {"environments": ["production"], "granted_to_all": True, "from_day": date(2018, 8, 1)} | options
    return plan_create(name=name, fees=[{"name": "Hosting", "cents": cents}], **options, **NOTED)


@pytest.fixture
def shop(agency_one) -> Instance:
    return instance_register(name="Shop", environment="production", created_on=CREATED, partner=agency_one, **NOTED)


@pytest.fixture
def parent(agency_one) -> Plan:
    return plan("Production 110", 11000)


@pytest.fixture
def sold(agency_one, parent):
    """A plan and a client of the Partner."""
    with in_seller("agency_one"):
        return plan("Business", 15000, parent=parent), account_create(name="Greengrocer", **NOTED)


def ledger(schema: str, subject) -> list[tuple[str, str | None, date, date | None]]:
    column = "instance" if isinstance(subject, Instance) else "dedicated_environment"
    with in_seller(schema):
        rows = Assignment.objects.filter(**{column: subject.pk}).select_related("plan", "account").order_by("days")
        return [(row.plan.name, row.account and row.account.name, row.days.lower, row.days.upper) for row in rows]


def refused(field: str, message: str, call, *args, **values) -> None:
    """``call`` is refused for ``field``, and neither ledger has changed."""
    before = [_everything(schema) for schema in ("public", "agency_one", "agency_two")]
    with pytest.raises(Refused, match=message) as found:
        call(*args, **values, **NOTED)
    assert found.value.field == field
    assert [_everything(schema) for schema in ("public", "agency_one", "agency_two")] == before


def _everything(schema: str) -> list:
    with in_seller(schema):
        return list(Assignment.objects.values_list().order_by("pk"))


def test_a_new_instance_is_unbilled_on_both_sides(shop):
    """On the platform the Partner pays; in the Partner's ledger no client is chosen yet."""
    assert ledger("public", shop) == [("Unbilled", "Agency One", CREATED, None)]
    assert ledger("agency_one", shop) == [("Unbilled", None, CREATED, None)]


def test_the_parent_plan_is_assigned_for_the_same_days(shop, sold):
    """What held before is cut back on both sides, and who assigned it stands beside it."""
    own, client = sold
    with in_seller("agency_one"):
        row = assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
    assert (row.plan, row.account, row.by) == (own, client, NOTED["by"])
    assert ledger("agency_one", shop) == [("Unbilled", None, CREATED, DAY), ("Business", "Greengrocer", DAY, None)]
    assert ledger("public", shop) == [
        ("Unbilled", "Agency One", CREATED, DAY), ("Production 110", "Agency One", DAY, None),
    ]  # fmt: skip


def test_a_plan_for_some_days_in_the_past_splits_what_held(shop, sold):
    """With ``until`` the days after it stay what they were, on both sides."""
    own, client = sold
    first, last = date(2018, 12, 10), date(2018, 12, 20)
    with in_seller("agency_one"):
        assignment_change(shop, plan=own, account=client, day=first, until=last, **NOTED)
    assert ledger("agency_one", shop) == [
        ("Unbilled", None, CREATED, first), ("Business", "Greengrocer", first, last), ("Unbilled", None, last, None),
    ]  # fmt: skip
    assert [(name, start, end) for name, _, start, end in ledger("public", shop)] == [
        ("Unbilled", CREATED, first), ("Production 110", first, last), ("Unbilled", last, None),
    ]  # fmt: skip


def test_a_plan_in_the_past_holds_up_to_the_change_that_is_known(shop, sold, parent):
    """Assigned from an earlier day without ``until``, a plan does not overwrite what was assigned later."""
    own, client = sold
    with in_seller("agency_one"):
        other = plan("Premium", 25000, parent=parent)
        assignment_change(shop, plan=other, account=client, day=DAY, **NOTED)
        assignment_change(shop, plan=own, account=client, day=CREATED, **NOTED)
    assert [row[0] for row in ledger("agency_one", shop)] == ["Business", "Premium"]
    assert ledger("public", shop) == [("Production 110", "Agency One", CREATED, None)]


def test_assigning_it_again_writes_nothing(shop, sold):
    """The count says so, and the rows stay the same ones on both sides."""
    own, client = sold
    with in_seller("agency_one"):
        assert assignments_change([shop], plan=own, account=client, day=DAY, **NOTED) == 2
        before = [_everything(schema) for schema in ("public", "agency_one")]
        assert assignments_change([shop], plan=own, account=client, day=DAY, **NOTED) == 0
    assert [_everything(schema) for schema in ("public", "agency_one")] == before


def test_the_platform_names_the_payer_itself(shop, parent, sold):
    """Without an Account it is the owner's; another's is refused; the Partner's own ledger stays."""
    before = ledger("agency_one", shop)
    row = assignment_change(shop, plan=parent, account=None, day=DAY, **NOTED)
    assert row.account == Account.objects.get(partner__schema_name="agency_one")
    assert ledger("agency_one", shop) == before
    other = Account.objects.get(partner__schema_name="agency_two")
    refused("account", "belongs to Agency One", assignment_change, shop, plan=parent, account=other, day=DAY)


def test_only_the_platform_takes_a_plan_back(shop, sold):
    """A Partner would stop its own costs by it."""
    own, client = sold
    with in_seller("agency_one"):
        unbilled = Plan.objects.get(placeholder=True)
        assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
        refused("plan", "only the platform", assignment_change, shop, plan=unbilled, account=None, day=DAY)
    assignment_change(shop, plan=Plan.objects.get(placeholder=True), account=None, day=DAY, **NOTED)
    assert ledger("public", shop) == [("Unbilled", "Agency One", CREATED, None)]


def test_days_on_which_it_does_not_exist_are_refused(shop, sold):
    """Before it was created, and from the day it was deleted on."""
    own, client = sold
    instance_delete(shop, day=date(2019, 3, 1), **NOTED)
    with in_seller("agency_one"):
        for day, message in ((date(2018, 11, 30), "was created on"), (date(2019, 3, 1), "ended on")):
            refused("day", message, assignment_change, shop, plan=own, account=client, day=day)
        assignment_change(shop, plan=own, account=client, day=date(2019, 2, 28), **NOTED)


def test_somebody_must_pay_for_a_billed_plan(shop, sold):
    """Only Unbilled has no client; a closed Account takes nothing new; the last day comes after the first."""
    own, client = sold
    with in_seller("agency_one"):
        refused("account", "only Unbilled", assignment_change, shop, plan=own, account=None, day=DAY)
        refused("until", "must be after", assignment_change, shop, plan=own, account=client, day=DAY, until=DAY)
        refused("subjects", "at least one", assignments_change, [], plan=own, account=client, day=DAY)
        account_close(client, day=DAY, **NOTED)
        refused("account", "was closed on", assignment_change, shop, plan=own, account=client, day=DAY)


def test_a_plan_that_is_not_granted_is_refused(shop, agency_one, parent):
    """The client needs the grant of the plan, the Partner that of the parent, on the day it is assigned."""
    with in_seller("agency_one"):
        own = plan("Business", 15000, parent=parent, granted_to_all=False)
        client = account_create(name="Greengrocer", **NOTED)
        refused("plan", "not granted to Greengrocer", assignment_change, shop, plan=own, account=client, day=DAY)
        plan_grant(own, client, **NOTED)
    Plan.objects.filter(pk=parent.pk).update(granted_to_all=False)
    with in_seller("agency_one"):
        refused("plan", "not granted to you", assignment_change, shop, plan=own, account=client, day=DAY)
    payer = Account.objects.get(partner=agency_one)
    refused("plan", "not granted to Agency One", assignment_change, shop, plan=parent, account=None, day=DAY)
    plan_grant(parent, payer, **NOTED)
    with in_seller("agency_one"):
        assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
        plan_withdraw(own, client, **NOTED)
        refused("plan", "not granted", assignment_change, shop, plan=own, account=client, day=CREATED)
    assert ledger("public", shop)[-1][0] == "Production 110"


def test_an_archived_plan_is_refused_from_its_day_on(shop, sold, parent):
    """The day before is fine; so it is with the parent."""
    own, client = sold
    with in_seller("agency_one"):
        plan_archive(own, day=DAY, **NOTED)
        refused("plan", "Business is archived", assignment_change, shop, plan=own, account=client, day=DAY)
        assignment_change(shop, plan=own, account=client, day=date(2019, 1, 19), until=DAY, **NOTED)
    plan_archive(parent, day=date(2018, 12, 10), **NOTED)
    with in_seller("agency_one"):
        refused("plan", "parent plan", assignment_change, shop, plan=own, account=client, day=date(2018, 12, 10))


def test_a_plan_that_does_not_serve_the_environment_is_refused(shop, sold):
    """On any of the days asked for: those before the move, or up to the move, are fine."""
    own, client = sold
    instance_change_environment(shop, environment="staging", day=date(2019, 3, 1), **NOTED)
    with in_seller("agency_one"):
        refused("plan", "does not serve staging", assignment_change, shop, plan=own, account=client, day=DAY)
        assignment_change(shop, plan=own, account=client, day=DAY, until=date(2019, 3, 1), **NOTED)


def test_a_plan_without_a_price_on_the_day_is_refused(shop, sold):
    """Nothing would be charged, and nobody would have said so."""
    with in_seller("agency_one"):
        later = plan("Next year", 9900, parent=sold[0].parent_id, from_day=date(2020, 1, 1))
        refused("day", "no price", assignment_change, shop, plan=later, account=sold[1], day=DAY)


def test_another_partners_instance_is_refused(shop, agency_two, sold):
    """Also from the day on which it was transferred away, and beyond that day."""
    own, client = sold
    with in_seller("agency_two"):
        unbilled = Plan.objects.get(placeholder=True)
        refused("day", "not yours", assignment_change, shop, plan=unbilled, account=None, day=DAY)
    moved = date(2019, 3, 1)
    instance_transfer(shop, partner=agency_two, day=moved, **NOTED)
    with in_seller("agency_one"):
        refused("day", "not yours", assignment_change, shop, plan=own, account=client, day=moved)
        refused(
            "until", "yours until", assignment_change, shop, plan=own, account=client, day=DAY, until=date(2019, 3, 2)
        )
        assignment_change(shop, plan=own, account=client, day=DAY, **NOTED)
    assert ledger("agency_one", shop)[-1] == ("Business", "Greengrocer", DAY, moved)
    assert ledger("public", shop)[-1] == ("Unbilled", "Agency Two", moved, None)


def test_a_dedicated_environment_takes_plans_for_them_alone(agency_one, sold):
    """And its parent plan follows, as for an Instance."""
    server = dedicated_environment_register(name="Server", partner=agency_one, created_on=CREATED, **NOTED)
    assert ledger("agency_one", server) == [("Unbilled", None, CREATED, None)]
    with in_seller("public"):
        parent = plan("Server", 90000, environments=["dedicated"])
    with in_seller("agency_one"):
        refused("plan", "not a plan for dedicated", assignment_change, server, plan=sold[0], account=sold[1], day=DAY)
        own = plan("Own server", 120000, parent=parent, environments=["dedicated"])
        assignment_change(server, plan=own, account=sold[1], day=DAY, **NOTED)
    assert ledger("public", server)[-1] == ("Server", "Agency One", DAY, None)


def test_one_refused_subject_refuses_all(agency_one, shop, sold):
    """All or none, with the reason."""
    own, client = sold
    late = instance_register(
        name="Late", environment="production", created_on=date(2019, 2, 1), partner=agency_one, **NOTED
    )
    with in_seller("agency_one"):
        refused("day", "Late was created", assignments_change, [shop, late], plan=own, account=client, day=DAY)


def queries_for(number: int, partner, own: Plan, client: Account) -> int:
    subjects = [
        instance_register(
            name=f"site-{number}-{n}", environment="production", created_on=CREATED, partner=partner, **NOTED
        )
        for n in range(number)
    ]
    with in_seller("agency_one"), CaptureQueriesContext(connection) as queries:
        assert assignments_change(subjects, plan=own, account=client, day=DAY, **NOTED) == 2 * number
    assert all(ledger("public", subject)[-1][0] == "Production 110" for subject in subjects)
    return len(queries)


def test_fifty_subjects_take_as_many_queries_as_five(agency_one, sold):
    """The work is one set, however large."""
    assert queries_for(50, agency_one, *sold) == queries_for(5, agency_one, *sold)
