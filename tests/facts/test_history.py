"""History: who changed what and why, one entry for each command, and facts as they were known at a moment."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from example_site.partners.models import Partner
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.facts.known import ADDED, CHANGED, REMOVED, as_known, event_model
from pos_billing.instances import commands as register
from pos_billing.instances.models import EnvironmentPeriod, Instance
from pos_billing.plans import commands as sell
from pos_billing.plans.models import Account, Assignment, Plan
from pos_billing.plans.queries import (
    account_history,
    catalogue,
    facts_of,
    plan_history,
    settings_history,
    subject_history,
    timeline_of,
)
from pos_billing.rating.timeline import chargeable_since
from pos_billing.sellers.schemas import in_seller

ANN = {"by": "ann@example.com", "why": "the contract of May"}
BOB = {"by": "bob@example.com", "why": "told by phone"}
AUGUST, JANUARY = date(2018, 8, 1), date(2019, 1, 20)


def a_sold_shop(partner):
    """An Instance on a Partner's plan; returns it with the plan and the client."""
    parent = sell.plan_create(
        name="Production",
        environments=["production"],
        fees=[{"cents": 8000}],
        from_day=AUGUST,
        granted_to_all=True,
        **ANN,
    )
    shop = sell.instance_register(name="Shop", environment="production", created_on=AUGUST, partner=partner, **ANN)
    register.domain_add(shop, host="shop.example.com", added_on=date(2018, 12, 12), **ANN)
    with in_seller(partner.schema_name):
        client = sell.account_create(name="Bluegum", **ANN)
        plan = sell.plan_create(
            name="Production 110",
            parent=parent,
            environments=["production"],
            fees=[{"cents": 11000}],
            from_day=AUGUST,
            granted_to_all=True,
            **ANN,
        )
        sell.assignment_change(shop, plan=plan, account=client, day=JANUARY, **ANN)
    return shop, plan, client


def test_each_command_is_one_entry_newest_first_with_who_and_why(agency_one):
    shop, _, _ = a_sold_shop(agency_one)
    register.instance_rename(shop, name="Shop of Bluegum", **BOB)
    with in_seller("agency_one"), CaptureQueriesContext(connection) as queries:
        entries = subject_history(shop)

    assert {(one.command, one.by, one.why) for one in entries} == {
        ("instance_register", ANN["by"], ANN["why"]),
        ("domain_add", ANN["by"], ANN["why"]),
        ("assignment_change", ANN["by"], ANN["why"]),
        ("instance_rename", BOB["by"], BOB["why"]),
    }
    (renamed,) = (one for one in entries if one.command == "instance_rename")
    (change,) = renamed.facts
    assert (change.fact, change.action, change.differing) == (
        "instance",
        CHANGED,
        {"name": ("Shop", "Shop of Bluegum")},
    )
    # One query for each kind of facts and one for who and why, whatever happened; and the way into the schema.
    assert len(queries) <= 10


def test_added_and_removed_facts_have_their_values(agency_one):
    shop, _, _ = a_sold_shop(agency_one)
    server = register.dedicated_environment_create(name="Sydney", partner=agency_one, created_on=AUGUST, **ANN)
    register.placement_begin(shop, dedicated_environment=server, day=JANUARY, **ANN)
    register.placement_end(shop, day=JANUARY, **BOB)

    changes = [
        (entry.by, change) for entry in subject_history(shop) for change in entry.facts if change.fact == "placement"
    ]
    told = {change.action: (by, change.before, change.after) for by, change in changes}
    assert told[ADDED][0] == ANN["by"]
    assert told[ADDED][2]["dedicated_environment_id"] == server.pk
    assert told[REMOVED][0] == BOB["by"]
    assert told[REMOVED][1]["dedicated_environment_id"] == server.pk
    assert told[REMOVED][2] is None


def test_histories_of_plans_accounts_and_settings(agency_one):
    _, plan, client = a_sold_shop(agency_one)
    with in_seller("agency_one"):
        sell.price_change(plan.fees.get(), day=date(2019, 6, 1), cents=12000, **BOB)
        sell.plan_grant(plan, client, **BOB)
        sell.account_change(client, email="bills@bluegum.example.com", **BOB)
        sell.seller_settings_change(tax_note="ABN 51 824 753 556", **BOB)

        assert {one.command for one in plan_history(plan)} == {"plan_create", "price_change", "plan_grant"}
        assert {one.command for one in account_history(client)} == {"account_create", "account_change", "plan_grant"}
        assert "seller_settings_change" in {one.command for one in settings_history()}


def test_what_was_changed_by_hand_is_in_the_history_too(agency_one):
    shop, _, _ = a_sold_shop(agency_one)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")  # as in a session of one's own
        cursor.execute("UPDATE pos_billing_instances_instance SET name = 'By hand' WHERE id = %s", [shop.pk])
    event = event_model(Instance).objects.order_by("pgh_id").last()
    assert (event.name, event.pgh_label) == ("By hand", "update")


def test_an_update_that_changes_nothing_leaves_no_trace(agency_one):
    shop, _, _ = a_sold_shop(agency_one)
    before = event_model(Instance).objects.count()
    Instance.objects.filter(pk=shop.pk).update(name=shop.name)
    assert event_model(Instance).objects.count() == before


@pytest.mark.parametrize(("by", "why", "field"), [("", "x", "by"), ("ann", " ", "why")])
def test_nobody_changes_facts_without_a_name_and_a_reason(agency_one, by, why, field):
    with pytest.raises(Refused) as refused, recorded("test", by=by, why=why):
        pass
    assert refused.value.field == field


def test_a_command_inside_another_keeps_the_outer_one(agency_one):
    with recorded("outer", **ANN):
        register.instance_create(name="x", environment="qa", created_on=AUGUST, partner=agency_one, **BOB)
    (entry,) = subject_history(Instance.objects.get())
    assert (entry.command, entry.by) == ("outer", ANN["by"])


def test_a_refused_command_changes_nothing_and_the_outer_one_goes_on(agency_one):
    with recorded("outer", **ANN):
        shop = register.instance_create(name="x", environment="qa", created_on=AUGUST, partner=agency_one, **ANN)
        with pytest.raises(Refused):
            register.instance_create(
                name="y", environment="qa", created_on=AUGUST, partner=agency_one, uuid=shop.uuid, **ANN
            )
    assert list(Instance.objects.values_list("name", flat=True)) == ["x"]
    assert EnvironmentPeriod.objects.count() == 1


def test_a_violation_nobody_gave_words_to_is_not_hidden(agency_one):
    with pytest.raises(IntegrityError), recorded("test", **ANN):
        Assignment.objects.create(plan=Plan.objects.get(placeholder=True), days=None)


def test_facts_as_they_were_known_at_a_moment(own_database):
    """What a statement of that moment was made of, whatever was corrected since. Each command commits by itself."""
    agency_one = Partner.objects.get(schema_name="agency_one")
    shop, plan, _ = a_sold_shop(agency_one)
    then = timezone.now()
    domain = shop.domains.get()
    register.domain_correct_day(domain, added_on=date(2018, 12, 1), **BOB)
    with in_seller("agency_one"):
        sell.price_change(plan.fees.get(), day=AUGUST, cents=9900, **BOB)
        other = sell.account_create(name="Coastline", **BOB)
        sell.assignment_change(shop, plan=plan, account=other, day=JANUARY, **BOB)

        as_of = date(2019, 3, 1)
        assert chargeable_since(timeline_of(shop, as_of)) == date(2018, 12, 1)
        assert chargeable_since(timeline_of(shop, as_of, then)) == date(2018, 12, 12)
        assert facts_of([shop.pk], then)[shop.pk].first_custom_domain.added_on == date(2018, 12, 12)
        assert [price.cents for price in catalogue()[plan.pk].fees[0].prices] == [9900]
        assert [price.cents for price in catalogue(then)[plan.pk].fees[0].prices] == [11000]
        assert facts_of([shop.pk])[shop.pk].assignments[-1].account == other.pk
        assert facts_of([shop.pk], then)[shop.pk].assignments[-1].account != other.pk
        assert [row.name for row in as_known(Account, then)] == ["Bluegum"]
        assert as_known(Account, then - timedelta(days=1)) == []

        entry = subject_history(shop)[0]
        assert (entry.command, entry.by) == ("assignment_change", BOB["by"])
        assert entry.at > then
