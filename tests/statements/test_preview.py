"""A preview says byte for byte what is then issued, and writes nothing."""

import json
from datetime import date

import pytest
from django.db import connection

from pos_billing.instances.commands import domain_add, domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import BillingRun, Statement, StatementCounter, StatementLine
from pos_billing.work.locks import LockSpace
from tests.statements.billing_scenario import EVERYWHERE, SAID
from tests.statements.test_bill import METERED, usage
from tests.statements.test_interrupted import other_connection

NAMES = ("number", "sequence", "as_of", "due_on", "currency", "seller", "buyer")


def canonical_preview(outcome) -> bytes:
    """What a preview says, without the ids of rows that do not exist yet."""
    return _canonical(
        {
            **{name: getattr(draft, name) for name in NAMES},
            "account": draft.account,
            "sums": [draft.lines, draft.total, draft.brought_forward, draft.amount_due, draft.carried_forward],
            "lines": [
                [
                    line.what.kind, line.month, line.instance_id, line.dedicated_environment_id, line.subject_name,
                    line.what.plan_id, line.plan_name, line.what.fee_id, line.fee_name, line.days, line.days_in_month,
                    line.due_cents, line.billed_cents, line.amount_cents, list(line.corrects),
                    json.loads(line.explanation),
                ]
                for line in outcome.drafts(draft.account)
            ],
        }
        for draft in outcome.statements
    )  # fmt: skip


def canonical_issued(outcome) -> bytes:
    """What the run's rows in the database say."""
    return _canonical(
        {
            **{name: getattr(row, name) for name in NAMES},
            "account": row.account_id,
            "sums": [
                row.line_count, row.total_cents, row.brought_forward_cents, row.amount_due_cents,
                row.carried_forward_cents,
            ],
            "lines": [
                [
                    line.kind, line.month, line.instance_id, line.dedicated_environment_id, line.subject_name,
                    line.plan_id, line.plan_name, line.fee_id, line.fee_name, line.days, line.days_in_month,
                    line.due_cents, line.billed_cents, line.amount_cents, line.corrects, line.explanation,
                ]
                for line in row.lines.order_by("id")
            ],
        }
        for row in Statement.objects.filter(run_id=outcome.run_id).order_by("sequence")
    )  # fmt: skip


def _canonical(statements) -> bytes:
    return json.dumps(list(statements), default=str, sort_keys=True, indent=1).encode()


@pytest.fixture
def busy(scenario):
    """Charges, a retroactive one, corrections, a metered fee, names with signs that COPY and JSON must escape."""
    metered = scenario.plan('Me\ttered \\ "quoted"', 11000, fees=[METERED], environments=EVERYWHERE)
    sold = scenario.plan("Metered sold", 15000, schema=scenario.schema, parent=metered, environments=EVERYWHERE)
    scenario.shop = scenario.instance("shop", domain_on=date(2018, 12, 12))
    scenario.assign(scenario.shop, date(2019, 1, 20))
    counted = scenario.instance("Łódź\\n 🛒", domain_on=None)
    domain_add(counted, host="www.counted.example.com", added_on=date(2019, 1, 3), **SAID)
    scenario.assign(counted, date(2019, 1, 1), sold)
    usage(counted, "api_calls", {date(2019, 1, 5): 1600})
    return scenario


def test_preview_equals_what_is_then_issued(busy):
    for as_of in (date(2019, 2, 1), date(2019, 3, 1)):
        for schema in ("public", busy.schema):
            preview = canonical_preview(busy.run(as_of, schema, preview=True))
            assert len(preview) > 500
            with in_seller(schema):
                assert preview == canonical_issued(busy.run(as_of, schema))
        domain = Domain.objects.get(instance=busy.shop, host__startswith="www.")
        domain_correct_day(domain, added_on=date(2018, 12, 1), **SAID)


def test_preview_writes_nothing(busy):
    before = [model.objects.count() for model in (BillingRun, Statement, StatementLine)]
    number = StatementCounter.objects.get().next_number
    outcome = busy.run(date(2019, 2, 1), preview=True)
    assert (outcome.preview, outcome.run_id, outcome.lines) == (True, None, 4)
    assert before == [model.objects.count() for model in (BillingRun, Statement, StatementLine)]
    assert StatementCounter.objects.get().next_number == number


def test_preview_needs_no_lock(committed_scenario):
    """A page can show what is due while a run is under way."""
    scenario = committed_scenario
    scenario.assign(scenario.instance(domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    with other_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext('public'))", [LockSpace.BILLING_RUN])
        assert scenario.run(date(2019, 2, 1), preview=True).total == 18097


def queries(action) -> int:
    """How many statements ``action`` sends."""
    sent = []
    with connection.execute_wrapper(lambda execute, *arguments: (sent.append(1), execute(*arguments))[1]):
        action()
    return len(sent)


def test_queries_do_not_grow_with_instances_or_accounts(scenario):
    counts = []
    for size in (3, 60):
        for number in range(size):
            shop = scenario.instance(f"site-{size}-{number}", domain_on=date(2019, 1, 1))
            scenario.assign(shop, date(2019, 1, 1))
        counts.append(queries(lambda: scenario.run(date(2019, 2, 1), preview=True)))
    counts.append(queries(lambda: scenario.run(date(2019, 2, 1))))
    assert counts[0] == counts[1]
    assert counts[2] <= counts[1] + 10
    assert counts[2] < 40
