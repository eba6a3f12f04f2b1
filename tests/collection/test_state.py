"""The state of a statement: every rule, and that outstanding is one formula."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from example_site.bench.bulk_statements import make_statements
from pos_billing.collection.models import Dispute, Payment
from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.queries import statement_states, with_standing, with_state
from pos_billing.collection.money.refunds import payment_refund
from pos_billing.collection.money.state import Standing, State, state_of
from pos_billing.collection.money.write_offs import statement_write_off
from pos_billing.plans.models import Plan
from pos_billing.statements.models import Statement
from tests.collection.collecting import FIRST_PAYMENT, LAUNCH

DUE = date(2019, 2, 15)


@pytest.mark.parametrize(
    ("standing", "as_of", "state"),
    [
        (Standing(0, DUE), date(2019, 3, 1), State.NOTHING_DUE),
        (Standing(100, DUE), date(2019, 2, 1), State.DUE),
        (Standing(100, DUE), DUE, State.DUE),
        (Standing(100, DUE), date(2019, 2, 16), State.PAST_DUE),
        (Standing(100, DUE, paid=40), date(2019, 2, 16), State.PAST_DUE),
        (Standing(100, DUE, paid=100), date(2019, 2, 16), State.PAID),
        (Standing(100, DUE, paid=60, credited=40), DUE, State.PAID),
        (Standing(100, DUE, credited=100), DUE, State.CREDITED),
        (Standing(100, DUE, paid=100, refunded=30), DUE, State.PAID),
        (Standing(100, DUE, paid=100, refunded=100), DUE, State.REFUNDED),
        (Standing(100, DUE, written_off=100), DUE, State.UNCOLLECTIBLE),
        (Standing(100, DUE, paid=60, written_off=40), DUE, State.UNCOLLECTIBLE),
        (Standing(100, DUE, paid=100, disputed=100), DUE, State.DISPUTED),
        (Standing(100, DUE, paid=100, disputed=0), date(2020, 1, 1), State.PAID),
    ],
)
def test_first_rule_that_fits_decides(standing, as_of, state):
    assert state_of(standing, as_of) is state


cents = st.integers(min_value=0, max_value=10**9)


@given(due=st.integers(min_value=1, max_value=10**9), paid=cents, credited=cents, written_off=cents, day=st.dates())
def test_open_is_exactly_what_asks_for_money(due, paid, credited, written_off, day):
    standing = Standing(due, DUE, paid=paid, credited=credited, written_off=written_off)
    assert (state_of(standing, day) in {State.DUE, State.PAST_DUE}) == (standing.outstanding > 0)
    assert state_of(standing, day).label


def test_lists_filter_by_the_same_rules(collecting, client_for, owner_of):
    """PostgreSQL's form of the rules and Python's agree on every kind of statement, on every day."""
    statement = paid_in_some_way(collecting)
    seen = set()
    for on in (date(2019, 2, 1), FIRST_PAYMENT, date(2019, 3, 1)):
        rows = {row.pk: row for row in with_state(with_standing(Statement.objects.all()), on)}
        assert {pk: row.payment_state for pk, row in rows.items()} == statement_states(rows, on)
        seen |= {row.payment_state for row in rows.values()}
    assert seen == {"due", "past_due", "paid", "refunded", "credited", "uncollectible", "disputed"}
    owner = client_for("agency_one", user=owner_of("agency_one"))
    for state, number in ((State.PAID, statement.number), (State.PAST_DUE, None)):
        page = owner.get("/dashboard/billing/from-platform/", {"state": state.value}).content.decode()
        assert (statement.number in page) == (number is not None)


def paid_in_some_way(collecting) -> Statement:
    """Statements in every state; the one that is the Partner's is paid."""
    said = {"by": "finance@example.com", "why": "test"}
    collecting.seed_instance()
    statement = collecting.bill(LAUNCH)
    payment_record(collecting.account, cents=18097, received_on=LAUNCH, kind="cash", statements=[statement], **said)
    plan = Plan.objects.get_or_create(name="Many", defaults={"environments": ["production"]})[0]
    ids = make_statements(collecting.control, collecting.double.base_url, plan, 5, LAUNCH, FIRST_PAYMENT)
    rows = list(Statement.objects.filter(pk__in=ids).select_related("account").order_by("pk"))
    for row in rows[:2]:
        payment_record(
            row.account, cents=row.amount_due_cents, received_on=LAUNCH, kind="cash", statements=[row], **said
        )
    refunded, disputed = Payment.objects.filter(account__in=[r.account for r in rows]).order_by("pk")
    payment_refund(refunded, statement=rows[0], refunded_on=LAUNCH, cents=rows[0].amount_due_cents, **said)
    Dispute.objects.create(
        payment=disputed, dispute_id="du_1", cents=5, reason="fraudulent", status="needs_response", opened_on=LAUNCH
    )
    credit_note_issue(rows[2], issued_on=LAUNCH, **said)
    statement_write_off(rows[3], written_on=LAUNCH, **said)
    return statement
