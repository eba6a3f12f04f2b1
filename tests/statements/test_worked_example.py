"""The worked example of the rules, through facts, runs and statements: 180.97, then 110.00, then 110.00 + 39.03."""

from datetime import date

from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from pos_billing.statements.run import bill
from tests.web.scenario import correct_domain, worked_example


def statement_of(schema: str, as_of: date) -> Statement:
    with in_seller(schema):
        return Statement.objects.get(as_of=as_of)


def lines_of(schema: str, as_of: date) -> list[tuple]:
    with in_seller(schema):
        return list(
            Statement.objects.get(as_of=as_of)
            .lines.order_by("month")
            .values_list("kind", "month", "days", "days_in_month", "amount_cents")
        )


def test_platform_bills_the_worked_example(agency_one):
    worked_example(agency_one)
    bill("public", as_of=date(2019, 2, 1), by="tests")
    assert lines_of("public", date(2019, 2, 1)) == [
        ("charge", date(2018, 12, 1), 20, 31, 7097),
        ("charge", date(2019, 1, 1), 31, 31, 11000),
    ]
    first = statement_of("public", date(2019, 2, 1))
    assert (first.total_cents, first.due_on) == (18097, date(2019, 2, 15))
    bill("public", as_of=date(2019, 3, 1), by="tests")
    assert lines_of("public", date(2019, 3, 1)) == [("charge", date(2019, 2, 1), 28, 28, 11000)]
    correct_domain(None)
    bill("public", as_of=date(2019, 4, 1), by="tests")
    assert lines_of("public", date(2019, 4, 1)) == [
        ("adjustment", date(2018, 12, 1), 31, 31, 3903),
        ("charge", date(2019, 3, 1), 31, 31, 11000),
    ]
    assert statement_of("public", date(2019, 4, 1)).total_cents == 14903
