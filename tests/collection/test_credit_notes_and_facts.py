"""Credit notes ahead of a correction and goodwill, in every order with the correction itself."""

from __future__ import annotations

from datetime import date

import pytest

from pos_billing.collection.money.credit_notes import credit_note_issue, creditable_cents
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.queries import credit_of
from pos_billing.facts.errors import Refused
from pos_billing.instances.commands import domain_correct_day
from pos_billing.instances.models import Domain
from pos_billing.statements.explanation import sentences
from pos_billing.statements.margin import totals
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.statements.owed import balance_of
from pos_billing.statements.prove import prove
from tests.statements.billing_scenario import BillingScenario

SAID = {"by": "finance@example.com", "why": "January was not to be charged"}
JANUARY, FEBRUARY, MARCH, APRIL, MAY = (date(2019, month, 1) for month in (1, 2, 3, 4, 5))


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """January 110.00, billed on 1 February: custom Domain 1 January, plan from that day on."""
    made = BillingScenario(agency_one)
    made.assign(made.instance("shop", domain_on=JANUARY), JANUARY)
    made.run(FEBRUARY)
    return made


def domain_on(day: date) -> None:
    """The Domain was added on another day than was said."""
    domain_correct_day(Domain.objects.get(), added_on=day, by="ops@example.com", why="put right")


def credit(cents: int, **options) -> None:
    """A credit note over a part of the first statement."""
    credit_note_issue(
        Statement.objects.order_by("sequence").first(), issued_on=FEBRUARY, cents=cents, **options, **SAID
    )


def pay(scenario: BillingScenario, cents: int) -> None:
    """A bank transfer."""
    payment_record(
        scenario.account, cents=cents, received_on=FEBRUARY, kind="bank_transfer", by="bank", why="Statement of account"
    )


def january() -> list[tuple[int, int]]:
    """Amount and what was credited ahead, of January's lines."""
    lines = StatementLine.objects.filter(month=JANUARY).order_by("pk")
    return list(lines.values_list("amount_cents", "credited_cents"))


def proven(*months: date) -> None:
    """The months hold."""
    for month in months:
        assert prove("public", month).differs == []


@pytest.mark.parametrize("paid", [True, False])
def test_a_note_ahead_of_the_correction_is_not_given_twice(scenario: BillingScenario, paid: bool) -> None:
    """January is credited and then corrected to nothing: what remains is February's 110.00."""
    if paid:
        pay(scenario, 11000)
    credit(11000)
    domain_on(FEBRUARY)
    scenario.run(MARCH)
    assert january() == [(11000, 0), (0, 11000)]
    # paid 110.00 and owed February's 110.00; not paid: January is credited, and February is open
    assert balance_of(scenario.account.pk).total == check_ledger(scenario.account) == (0 if paid else 11000)
    assert credit_of(scenario.account) == 0
    said = " ".join(sentences(StatementLine.objects.filter(month=JANUARY).last()))
    assert "CN-2019-000001 over $110.00" in said
    assert "What remains is $0.00" in said
    proven(JANUARY, date(2019, 2, 1))


def test_without_a_correction_a_note_stays_and_nothing_is_charged_again(scenario: BillingScenario) -> None:
    """A run after the note bills the next month alone."""
    credit(11000)
    scenario.run(MARCH)
    assert january() == [(11000, 0)]
    assert balance_of(scenario.account.pk).total == 11000  # February
    proven(JANUARY)


def test_a_correction_taken_back_charges_again_what_was_credited_ahead(scenario: BillingScenario) -> None:
    """Credited, corrected to nothing, corrected back, and to nothing again."""
    credit(11000)
    domain_on(FEBRUARY)
    scenario.run(MARCH)
    domain_on(JANUARY)
    scenario.run(APRIL)
    assert january() == [(11000, 0), (0, 11000), (11000, 0)]
    # January, February and March at 110.00 each; 110.00 was credited for a January that was to be charged after all,
    # and is charged again: lines 220.00 − 110.00 credited ahead = 110.00 due
    assert check_ledger(scenario.account) == 33000
    proven(JANUARY)
    domain_on(FEBRUARY)
    scenario.run(MAY)
    assert january() == [(11000, 0), (0, 11000), (11000, 0), (-11000, 0)]
    assert check_ledger(scenario.account) == 33000  # February, March and April
    proven(JANUARY)


def test_partial_and_several_notes(scenario: BillingScenario) -> None:
    """30.00 and 20.00 ahead of a correction by 56.77: 6.77 are left to be given; another correction gives all of it."""
    credit(3000)
    credit(2000)
    domain_on(date(2019, 1, 17))  # 15 of 31 days: 110.00 × 15 ÷ 31 = 53.23; 110.00 − 53.23 = 56.77
    scenario.run(MARCH)
    assert january() == [(11000, 0), (-677, 5000)]
    domain_on(FEBRUARY)
    scenario.run(APRIL)
    assert january() == [(11000, 0), (-677, 5000), (-5323, 0)]
    assert check_ledger(scenario.account) == 22000  # February and March
    proven(JANUARY)


def test_more_was_credited_than_the_correction_gives(scenario: BillingScenario) -> None:
    """100.00 ahead of a correction by 56.77: the rest stays for the next correction of January."""
    credit(10000)
    domain_on(date(2019, 1, 17))
    scenario.run(MARCH)
    assert january() == [(11000, 0), (0, 5677)]
    domain_on(FEBRUARY)
    scenario.run(APRIL)  # 53.23 to give, of which 43.23 were credited
    assert january() == [(11000, 0), (0, 5677), (-1000, 4323)]
    assert check_ledger(scenario.account) == 22000
    proven(JANUARY)


def test_a_note_after_the_correction_is_refused(scenario: BillingScenario) -> None:
    """The correction gave January back: there is nothing left of it to credit, whatever the kind."""
    domain_on(FEBRUARY)
    scenario.run(MARCH)
    assert creditable_cents(Statement.objects.order_by("sequence").first()) == 0
    for kind in ("ahead", "goodwill"):
        with pytest.raises(Refused, match="0 cents can be credited"):
            credit(1, kind=kind)


def test_goodwill_stays_whatever_happens(scenario: BillingScenario) -> None:
    """20.00 of goodwill, then January is corrected to nothing: 110.00 come back as well."""
    pay(scenario, 11000)
    credit(2000, kind="goodwill")
    domain_on(FEBRUARY)
    scenario.run(MARCH)
    assert january() == [(11000, 0), (-11000, 0)]
    assert check_ledger(scenario.account) == 11000 - 11000 - 2000  # February, less January's payment and goodwill
    proven(JANUARY)


def test_one_key_is_credited_ahead_and_another_corrected(scenario: BillingScenario) -> None:
    """A note over January does not lower what comes back for February."""
    scenario.run(MARCH)
    credit(11000)
    domain_on(MARCH)
    scenario.run(APRIL)
    assert january() == [(11000, 0), (0, 11000)]
    february = StatementLine.objects.filter(month=date(2019, 2, 1)).order_by("pk")
    assert list(february.values_list("amount_cents", "credited_cents")) == [(11000, 0), (-11000, 0)]
    assert check_ledger(scenario.account) == 11000  # March
    proven(JANUARY, date(2019, 2, 1))


def test_what_is_credited_is_no_cost_and_no_revenue(scenario: BillingScenario, agency_one) -> None:
    """The Partner's margin knows the platform's credit notes; corrected afterwards, they count once."""
    credit(2000)
    assert [(t.month, t.cost) for t in totals(agency_one.schema_name, JANUARY, JANUARY)] == [(JANUARY, 9000)]
    domain_on(FEBRUARY)
    scenario.run(MARCH)
    assert [(t.month, t.cost) for t in totals(agency_one.schema_name, JANUARY, JANUARY)] == [(JANUARY, 0)]
