"""Any facts, changed in any order between runs: what is billed is what is due, with and without the shortcuts."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import dedicated_environment_create, domain_add, placement_begin, placement_end
from pos_billing.instances.models import DedicatedEnvironment, UsageDay
from pos_billing.plans.commands import assignment_change, plan_change, seller_settings_change
from pos_billing.plans.models import Plan
from pos_billing.plans.partner_accounts import placeholder
from pos_billing.rating.months import next_month
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import StatementLine
from pos_billing.statements.prove import prove
from pos_billing.statements.run import preview_of
from tests.statements.billing_scenario import EVERYWHERE, SAID, total_of_lines
from tests.statements.test_bill import METERED
from tests.statements.test_preview import canonical_preview

FIRST, LAST = date(2018, 12, 1), date(2019, 4, 20)
days = st.integers(0, (LAST - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
which = st.integers(0, 3)
changes = st.one_of(
    st.tuples(st.just("domain"), which, days),
    st.tuples(st.just("assign"), which, days, st.integers(0, 2), st.none() | days),
    st.tuples(st.just("assign box"), days),
    st.tuples(st.just("box unbilled"), days),
    st.tuples(st.just("box plan serves"), st.booleans()),
    st.tuples(st.just("box stands since"), days),
    st.tuples(st.just("delete"), which, days),
    st.tuples(st.just("price"), st.integers(0, 2), days, st.integers(1, 30_000)),
    st.tuples(st.just("usage"), which, days, st.integers(0, 3_000)),
    st.tuples(st.just("place"), which, days),
    st.tuples(st.just("take off"), which, days),
    st.tuples(st.just("floor"), st.none() | days),
    st.tuples(st.just("timing"), st.integers(0, 2), st.sampled_from(["arrears", "advance"])),
    st.tuples(st.just("run"), st.integers(0, 40)),
)


STANDING: list[tuple] = [
    ("domain", 0, date(2018, 12, 3)),
    ("assign", 0, date(2018, 12, 20), 0, None),
    ("domain", 1, date(2018, 12, 5)),
    ("assign", 1, date(2019, 1, 10), 1, None),
    ("assign", 3, date(2018, 12, 9), 2, None),
    ("assign box", date(2018, 12, 2)),
    ("place", 1, date(2019, 1, 5)),
    ("domain", 2, date(2018, 12, 7)),
]
"""What every world begins with, so that there is something to correct: plans, Domains, a server with an Instance."""


@pytest.fixture
def collecting(scenario):
    """Three Instances in production and one in staging, a dedicated environment, three plans on both sides."""
    metered = scenario.plan("Metered", 9900, fees=[METERED], environments=EVERYWHERE)
    staging = scenario.plan("Flat", 2500, environments=EVERYWHERE)
    server = scenario.plan("Server", 50000, environments=["dedicated"], fees=[METERED])
    scenario.sold = [
        scenario.own,
        scenario.plan(
            "Metered sold", 15000, schema=scenario.schema, parent=metered, environments=EVERYWHERE, fees=[METERED]
        ),
        scenario.plan("Flat sold", 3000, schema=scenario.schema, parent=staging, environments=EVERYWHERE),
    ]
    scenario.parents = [scenario.parent, metered, staging]
    scenario.server = scenario.plan(
        "Server sold", 60000, schema=scenario.schema, parent=server, environments=["dedicated"]
    )
    scenario.instances = [scenario.instance(f"site-{n}", created=FIRST) for n in range(3)]
    scenario.instances.append(scenario.instance("stage", created=FIRST, environment="staging"))
    scenario.box = dedicated_environment_create(name="box", partner=scenario.partner, created_on=FIRST, **SAID)
    return scenario


class Life:
    """Carries out changes; what a command refuses does not happen."""

    def __init__(self, collecting) -> None:
        self.collecting, self.as_of = collecting, date(2019, 2, 1)

    def live(self, change: tuple) -> None:
        name, *arguments = change
        with suppress(Refused):
            getattr(self, name.replace(" ", "_"))(*arguments)

    def domain(self, n, day):
        domain_add(self.collecting.instances[n], host=f"d{day:%m%d}.site-{n}.example.com", added_on=day, **SAID)

    def assign(self, n, day, plan, until):
        self.collecting.assign(self.collecting.instances[n], day, self.collecting.sold[plan], until)

    def assign_box(self, day):
        self.collecting.assign(self.collecting.box, day, self.collecting.server)

    def box_unbilled(self, day):
        assignment_change(self.collecting.box, plan=placeholder(), account=None, day=day, **SAID)

    def box_plan_serves(self, serves):
        """Whether the platform's plan of the server serves dedicated environments: a plan may be changed so."""
        environments = ["dedicated"] if serves else ["production"]
        Plan.objects.filter(pk=self.collecting.server.parent_id).update(environments=environments)

    def box_stands_since(self, day):
        DedicatedEnvironment.objects.filter(pk=self.collecting.box.pk).update(created_on=day)

    def delete(self, n, day):
        self.collecting.delete(self.collecting.instances[n], day)

    def price(self, plan, day, cents):
        self.collecting.price(self.collecting.parents[plan], cents, day)

    def usage(self, n, day, quantity):
        UsageDay.objects.update_or_create(
            instance=self.collecting.instances[n], metric="api_calls", day=day, defaults={"quantity": quantity}
        )

    def place(self, n, day):
        placement_begin(self.collecting.instances[n], dedicated_environment=self.collecting.box, day=day, **SAID)

    def take_off(self, n, day):
        placement_end(self.collecting.instances[n], day=day, **SAID)

    def floor(self, day):
        seller_settings_change(floor=day, **SAID)

    def timing(self, plan, timing):
        plan_change(self.collecting.parents[plan], timing=timing, **SAID)

    def run(self, later):
        """Bill both sides; first compare the shortcut with the long way."""
        self.as_of += timedelta(days=later)
        for schema in ("public", self.collecting.schema):
            quick = preview_of(schema, as_of=self.as_of)
            slow = preview_of(schema, as_of=self.as_of, by_shape=False)
            assert canonical_preview(quick) == canonical_preview(slow)
            assert quick.not_charged == slow.not_charged
            assert self.collecting.run(self.as_of, schema).total == quick.total
        _notes_are_read()


def _notes_are_read() -> None:
    """All of a test is one transaction, whose notes stay unread: without this every run would look at everything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pos_billing_changenote; DELETE FROM pos_billing_instances_changenote; "
            "DELETE FROM pos_billing_instances_dedicatedchangenote; DELETE FROM agency_one.pos_billing_changenote"
        )


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(changes, min_size=4, max_size=10),
    after=st.lists(changes, min_size=1, max_size=4),
    later=st.integers(0, 40),
)
def test_billed_is_due_whatever_happened(collecting, before, after, later):
    """Facts, a run, and a few more that the next run must find by their notes alone."""
    savepoint = transaction.savepoint()
    try:
        life = Life(collecting)
        for change in STANDING + before:
            life.live(change)
        life.run(0)
        for change in after:
            life.live(change)
        life.run(later)
        for schema in ("public", collecting.schema):
            billed = total_of_lines(schema)
            proof = collecting.run(life.as_of, schema, full=True)
            assert (proof.lines, proof.missed) == (0, 0), "an incremental run missed something"
            month, due = FIRST, 0
            while month < life.as_of.replace(day=1):
                found = prove(schema, month)
                assert found.differs == []
                due += found.due
                month = next_month(month)
            assert billed == due + _ahead(schema, life.as_of)
    finally:
        transaction.savepoint_rollback(savepoint)


def _ahead(schema: str, as_of: date) -> int:
    """What was billed for the month that is not closed: by plans billed in advance."""
    with in_seller(schema):
        rows = StatementLine.objects.filter(month__gte=as_of.replace(day=1))
        return sum(rows.values_list("amount_cents", flat=True))
