"""The incremental run looks at all that can have changed: after each kind of change, a full run finds nothing."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from pos_billing.facts.days import change_from
from pos_billing.instances.commands import (
    dedicated_environment_create,
    dedicated_environment_remove,
    domain_add,
    domain_correct_day,
    instance_rename,
    placement_begin,
    placement_end,
)
from pos_billing.instances.models import DedicatedEnvironment, Domain, EnvironmentPeriod, Instance, UsageDay
from pos_billing.plans.commands import assignment_change, fee_add, plan_change, price_change, seller_settings_change
from pos_billing.plans.models import Assignment, Plan
from pos_billing.plans.partner_accounts import placeholder
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.forgetting import forget_read_notes
from pos_billing.statements.models import BillingRun, StatementLine
from tests.statements.billing_scenario import EVERYWHERE, SAID
from tests.statements.test_bill import METERED, usage

LAST = date(2019, 3, 1)


@pytest.fixture
def billed(scenario):
    """Two Instances (one metered), one Unbilled, a dedicated environment with an Instance on it; billed twice."""
    metered = scenario.plan("Metered", 11000, fees=[METERED], environments=EVERYWHERE)
    scenario.metered = scenario.plan(
        "Metered sold", 15000, schema=scenario.schema, parent=metered, environments=EVERYWHERE
    )
    storage = {"name": "Storage", "metric": "storage_mb", "included": 10, "tiers": [{"up_to": None, "cents": 3}]}
    server = scenario.plan("Server", 50000, fees=[storage], environments=["dedicated"])
    scenario.server = scenario.plan(
        "Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"]
    )
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(scenario.shop, date(2019, 1, 20))
    scenario.counted = scenario.instance("counted", domain_on=date(2019, 1, 1))
    scenario.assign(scenario.counted, date(2019, 1, 1), scenario.metered)
    scenario.waiting = scenario.instance("waiting", domain_on=date(2019, 1, 10))
    scenario.box = dedicated_environment_create(
        name="box", partner=scenario.partner, created_on=date(2019, 1, 1), **SAID
    )
    scenario.assign(scenario.box, date(2019, 1, 1), scenario.server)
    scenario.placed = scenario.instance("placed")
    placement_begin(scenario.placed, dedicated_environment=scenario.box, day=date(2019, 1, 5), **SAID)
    scenario.housed = scenario.instance("housed", domain_on=date(2019, 1, 2))
    scenario.assign(scenario.housed, date(2019, 1, 2))
    placement_begin(scenario.housed, dedicated_environment=scenario.box, day=date(2019, 1, 15), **SAID)
    usage(scenario.counted, "api_calls", {date(2019, 1, 5): 1200})
    usage(scenario.placed, "storage_mb", {date(2019, 1, 6): 50})
    for as_of in (date(2019, 2, 1), LAST):
        for schema in ("public", scenario.schema):
            scenario.run(as_of, schema)
    notes_are_read(scenario)
    assert scenario.run(LAST).subjects == 0
    return scenario


def notes_are_read(scenario) -> None:
    """All of a test is one transaction, whose notes count as unread: leave those that it makes from here on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pos_billing_changenote; DELETE FROM pos_billing_instances_changenote; "
            "DELETE FROM pos_billing_instances_dedicatedchangenote; "
            f"DELETE FROM {scenario.schema}.pos_billing_changenote"
        )


def unbilled(subject, day: date, until: date | None = None) -> None:
    """The platform takes the subject's plan back for these days; its payer stays."""
    assignment_change(subject, plan=placeholder(), account=None, day=day, until=until, **SAID)


def platform_plan(sold: Plan) -> Plan:
    return Plan.objects.get(pk=sold.parent_id)


CHANGES = {
    "domain added earlier": lambda w: domain_add(w.shop, host="old.example.com", added_on=date(2018, 12, 3), **SAID),
    "domain day corrected": lambda w: domain_correct_day(
        Domain.objects.get(host="www.shop.example.com"), added_on=date(2018, 12, 20), **SAID
    ),
    "instance deleted": lambda w: w.delete(w.shop, date(2019, 1, 25)),
    "plan assigned to what was Unbilled": lambda w: w.assign(w.waiting, date(2019, 2, 20)),
    "plan changed in the past": lambda w: w.assign(w.shop, date(2019, 2, 3), w.metered),
    "environment changed in the past": lambda w: change_from(
        EnvironmentPeriod, {"instance": w.shop}, date(2019, 1, 25), {"environment": "staging"}
    ),
    "price changed in the past": lambda w: w.price(w.parent, 12345, date(2019, 1, 25)),
    "metered price changed": lambda w: price_change(
        platform_plan(w.metered).fees.get(metric="api_calls"),
        day=date(2019, 1, 1),
        included=500,
        tiers=[{"up_to": None, "cents": 3, "per": 1}],
        **SAID,
    ),
    "fee added": lambda w: fee_add(w.parent, name="Support", cents=700, day=date(2019, 1, 1), **SAID),
    "timing changed": lambda w: plan_change(w.parent, timing="advance", **SAID),
    "usage came late": lambda w: usage(w.counted, "api_calls", {date(2019, 1, 7): 500}),
    "usage corrected": lambda w: UsageDay.objects.filter(instance=w.counted).update(quantity=5000),
    "usage of a dedicated environment": lambda w: usage(w.placed, "storage_mb", {date(2019, 1, 9): 500}),
    "placement ended in the past": lambda w: placement_end(w.placed, day=date(2019, 1, 6), **SAID),
    "placed in the past": lambda w: placement_begin(w.shop, dedicated_environment=w.box, day=date(2019, 2, 10), **SAID),
    "dedicated environment removed": lambda w: [
        placement_end(w.placed, day=date(2019, 2, 1), **SAID),
        dedicated_environment_remove(w.box, day=date(2019, 2, 10), **SAID),
    ],
    "environment Unbilled again": lambda w: unbilled(w.box, date(2019, 2, 10)),
    "plan stops serving dedicated environments": lambda w: Plan.objects.filter(pk=w.server.parent_id).update(
        environments=["production"]
    ),
    "environment stood later than was said": lambda w: DedicatedEnvironment.objects.filter(pk=w.box.pk).update(
        created_on=date(2019, 1, 20)
    ),
    "floor set": lambda w: seller_settings_change(floor=date(2019, 1, 15), **SAID),
    "own host names": lambda w: seller_settings_change(platform_suffixes=["shop.example.com"], **SAID),
    "assignment removed": lambda w: Assignment.objects.filter(instance=w.shop, plan=w.parent).delete(),
    "raw SQL": lambda w: connection.cursor().execute(
        "UPDATE pos_billing_instances_domain SET added_on = '2018-12-01' WHERE host = 'www.shop.example.com'"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_incremental_run_finds_what_a_full_run_would(billed, change):
    CHANGES[change](billed)
    assert billed.run(LAST).lines, f"{change} moved nothing: the test proves nothing"
    proof = billed.run(LAST, full=True)
    assert proof.full
    assert (proof.lines, proof.missed) == (0, 0)


@pytest.mark.parametrize("change", ["domain added earlier", "price changed in the past", "assignment removed"])
def test_incremental_run_corrects_earlier_months_when_it_bills_a_new_one(billed, change):
    CHANGES[change](billed)
    lines = billed.billed(date(2019, 4, 1))
    assert {line[0] for line in lines if line[1] < "2019-03"} == {"adjustment"}
    assert [line for line in lines if line[1] == "2019-03"]
    proof = billed.run(date(2019, 4, 1), full=True)
    assert (proof.lines, proof.missed) == (0, 0)


def moves(scenario, change: str) -> dict[str, int]:
    """What the next statements of the platform gain by a change, by the name of the subject."""
    outcome = scenario.run(LAST)
    found: dict[str, int] = {}
    for name, cents in StatementLine.objects.filter(statement__run_id=outcome.run_id).values_list(
        "subject_name", "amount_cents"
    ):
        found[name] = found.get(name, 0) + cents
    assert found, f"{change} moved nothing"
    return found


@pytest.mark.parametrize(
    ("change", "housed"),
    [
        ("environment Unbilled again", 7464),  # 10 to 28 February: 19 of 28 days at 110.00
        ("plan stops serving dedicated environments", 17032),  # 17 of 31 days, 60.32, and February
        ("environment stood later than was said", 1774),  # 15 to 19 January: 5 of 31 days
    ],
)
def test_what_stands_on_an_environment_bears_its_own_fee_when_the_environment_is_not_billed(billed, change, housed):
    CHANGES[change](billed)
    assert moves(billed, change)["housed"] == housed


def test_month_that_closed_is_billed_up_to_an_end_that_was_entered_long_before(billed):
    """The plan ends on 11 March, as was known before March was billed: 10 of 31 days at 110.00."""
    unbilled(billed.shop, date(2019, 3, 11))
    notes_are_read(billed)
    assert billed.run(LAST).lines == 0
    assert ("charge", "2019-03", 10, 3548) in billed.billed(date(2019, 4, 1))


@pytest.fixture
def ahead(billed):
    """Entered in February, for "waiting" (Domain 10 January): Business from 10 March on."""
    billed.assign(billed.waiting, date(2019, 3, 10))
    notes_are_read(billed)
    return billed


@pytest.mark.parametrize(
    ("as_of", "lines"),
    [
        (date(2019, 3, 9), []),
        # 10 to 31 January, 22 of 31 days at 110.00, and February
        (date(2019, 3, 10), [("charge", "2019-01", 22, 7806), ("charge", "2019-02", 28, 11000)]),
    ],
)
def test_plan_entered_ahead_reaches_back_on_its_first_day(ahead, as_of, lines):
    assert ahead.billed(as_of) == lines
    proof = ahead.run(as_of, full=True)
    assert (proof.lines, proof.missed) == (0, 0)


def test_plan_entered_ahead_reaches_back_over_every_unbilled_stretch(billed):
    """The client is not known in January; from 1 February it is, and the plan begins on 10 March."""
    with in_seller(billed.schema):
        change_from(
            Assignment,
            {"instance": billed.waiting},
            date(2019, 2, 1),
            {"plan": placeholder(), "account": billed.client, "by": "tests", "entered_at": timezone.now()},
        )
    billed.assign(billed.waiting, date(2019, 3, 10))
    notes_are_read(billed)
    # 22 of 31 days at 150.00, and February
    assert billed.billed(date(2019, 3, 10), billed.schema) == [
        ("charge", "2019-01", 22, 10645),
        ("charge", "2019-02", 28, 15000),
    ]


def test_full_run_names_what_an_incremental_run_would_have_missed(billed):
    billed.price(billed.parent, 12345, date(2019, 1, 25))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pos_billing_changenote")
    assert billed.run(LAST).lines == 0
    proof = billed.run(LAST, full=True)
    # 7 of 31 days at 123.45 instead of 110.00, then February whole.
    assert [(m["subject"], m["month"], m["amount_cents"]) for m in proof.missed_named] == [
        ("shop", date(2019, 1, 1), 8516 + 2788 - 11000),
        ("shop", date(2019, 2, 1), 1345),
    ]
    assert proof.missed == 2
    assert BillingRun.objects.latest("id").summary["missed"] == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda w: instance_rename(w.shop, name="Renamed", **SAID),
        lambda w: Instance.objects.update(tags=["a"]),
        lambda w: DedicatedEnvironment.objects.update(name="crate"),
        lambda w: seller_settings_change(address="Elsewhere", **SAID),
        lambda w: plan_change(w.parent, description="Our best", **SAID),
    ],
)
def test_what_moves_no_amount_leaves_no_note(billed, change):
    before = _notes()
    change(billed)
    assert _notes() == before


def _notes() -> list[int]:
    counts = []
    with connection.cursor() as cursor:
        for table in ("changenote", "instances_changenote", "instances_dedicatedchangenote"):
            cursor.execute(f"SELECT count(*) FROM pos_billing_{table}")
            counts.append(cursor.fetchone()[0])
    return counts


def test_notes_are_forgotten_when_every_seller_has_read_them(committed_scenario):
    scenario = committed_scenario
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    scenario.run(date(2019, 2, 1))
    assert forget_read_notes() > 0
    assert _notes() == [0, 0, 0]
    scenario.run(date(2019, 2, 1), scenario.schema)
    domain_correct_day(Domain.objects.get(instance=shop), added_on=date(2018, 12, 1), **SAID)
    assert scenario.run(date(2019, 2, 1)).subjects == 1
    forget_read_notes()
    assert _notes()[1] == 1, "the Partner has not read it yet"
    assert scenario.lines(scenario.run(date(2019, 2, 1), scenario.schema)) == [
        ("adjustment", "2018-12", 31, 15000 - 9677)
    ]
    forget_read_notes()
    assert _notes() == [0, 0, 0]
    assert scenario.run(date(2019, 2, 1)).subjects == 0
    assert StatementLine.objects.count() == 3


def test_change_committed_during_a_run_is_seen_by_the_next(committed_scenario):
    """The note of a transaction that was open when the run read its snapshot is not taken for read."""
    import threading

    scenario = committed_scenario
    shop = scenario.instance(domain_on=date(2018, 12, 12))
    scenario.assign(shop, date(2019, 1, 20))
    changed, billed = threading.Event(), threading.Event()

    def slow_change() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                Domain.objects.filter(instance=shop).update(added_on=date(2018, 12, 1))
                changed.set()
                assert billed.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_change)
    thread.start()
    assert changed.wait(30)
    first = scenario.billed(date(2019, 2, 1))
    billed.set()
    thread.join()
    assert first[0] == ("charge", "2018-12", 20, 7097)
    assert scenario.billed(date(2019, 2, 1)) == [("adjustment", "2018-12", 31, 3903)]


def test_another_database_cluster_forces_a_full_run(billed):
    """Transaction ids of notes mean nothing in a cluster that the database was restored into."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE pos_billing_billingrun SET database_system = database_system + 1")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert billed.run(LAST).full
    with in_seller(billed.schema):
        assert not billed.run(LAST, billed.schema).full
