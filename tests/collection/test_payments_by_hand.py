"""Payments by hand through the pages: what is refused, what is asked twice, and what can be done about each payment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from pos_billing.collection.models import Payment, Refund
from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.leftovers import leftovers
from pos_billing.collection.money.payments import payment_record, payment_reverse
from pos_billing.collection.money.queries import credit_of, open_statements, outstanding_of
from pos_billing.facts import clock
from pos_billing.instances.models import Instance
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement
from pos_billing.statements.owed import balance_of
from tests.browser.looking import Visitor
from tests.collection.collecting import CollectionScenario
from tests.statements.billing_scenario import SAID, BillingScenario

FEBRUARY, MARCH, APRIL = date(2019, 2, 1), date(2019, 3, 1), date(2019, 4, 1)
URLS = "pos_billing.urls.public"


@pytest.fixture
def scenario(agency_one) -> BillingScenario:
    """The worked example: 180.97 and 110.00 are open, paid by hand."""
    made = BillingScenario(agency_one)
    Account.objects.filter(pk=made.account.pk).update(collection_method="manual")
    made.assign(made.instance("shop", domain_on=date(2018, 12, 12)), date(2019, 1, 20))
    made.run(FEBRUARY)
    made.run(MARCH)
    return made


@pytest.fixture
def staff(client_for) -> Client:
    """A superuser of the platform."""
    return client_for("public", user=get_user_model().objects.get(email="staff@example.com"))


def first() -> Statement:
    """The statement over 180.97."""
    return Statement.objects.order_by("sequence").first()


def act_of(statement: Statement, act: str = "payment") -> str:
    """The form of an act about a statement."""
    return reverse("billing:collection-action", args=[statement.pk, act], urlconf=URLS)


def of_account(account: Account, act: str = "") -> str:
    """The page of an Account's payments, or the form of an act."""
    name, more = ("client-payment-action", [act]) if act else ("client-payments", [])
    return reverse(f"billing:{name}", args=[account.pk, *more], urlconf=URLS)


def said(**values: str) -> dict[str, str]:
    """A filled form."""
    return {"cents": "180.97", "received_on": "2019-02-16", "kind": "bank_transfer", "why": "bank", **values}


def text_of(answer) -> str:
    """What the page says."""
    return answer.content.decode()


def test_the_form_names_the_client_and_is_filled_in(scenario: BillingScenario, staff: Client) -> None:
    page = text_of(staff.get(act_of(first())))
    assert "Record a payment: 2019-000001, Agency One" in page
    assert 'value="180.97"' in page
    assert "$290.97" in page  # 180.97 and 110.00 are owed in all


def test_a_day_after_today_is_refused(scenario: BillingScenario, staff: Client) -> None:
    tomorrow = clock.seller_day() + timedelta(days=1)
    for act, values in (
        ("payment", said(received_on=str(tomorrow))),
        ("credit", {"kind": "ahead", "cents": "1", "why": "x", "day": str(tomorrow)}),
    ):
        answer = staff.post(act_of(first(), act), values)
        assert (answer.status_code, "This day has not come" in text_of(answer)) == (422, True)
    assert not Payment.objects.exists()


def test_the_same_reference_asks_once_more(scenario: BillingScenario, staff: Client) -> None:
    assert staff.post(act_of(first()), said(cents="100", reference="FT-1")).status_code == 302
    again = said(cents="50", reference="ft-1")
    asked = staff.post(act_of(first()), again)
    assert asked.status_code == 422
    assert "ft-1 was recorded for Agency One before: $100.00 on 16 Feb 2019" in text_of(asked)
    assert Payment.objects.count() == 1
    confirmed = asked.context["form"]["confirmed"].value()
    assert staff.post(act_of(first()), {**again, "confirmed": confirmed}).status_code == 302
    assert outstanding_of(first().pk) == 18097 - 15000


def test_more_than_is_owed_asks_once_more_and_says_what_happens(scenario: BillingScenario, staff: Client) -> None:
    asked = staff.post(act_of(first()), said(cents="5000"))
    # 5,000.00 − 290.97
    assert "Agency One owes $290.97: $4,709.03 more was paid, and becomes credit" in text_of(asked)
    confirmed = asked.context["form"]["confirmed"].value()
    other = staff.post(act_of(first()), said(cents="6000", confirmed=confirmed))
    assert other.status_code == 422, "the answer to another question counts for nothing"
    assert not Payment.objects.exists()
    assert staff.post(act_of(first()), said(cents="5000", confirmed=confirmed)).status_code == 302
    assert credit_of(scenario.account) == 470903


def test_the_form_of_a_paid_statement_is_refused(scenario: BillingScenario, staff: Client) -> None:
    """A second tab that was open before."""
    assert staff.post(act_of(first()), said()).status_code == 302
    answer = staff.post(act_of(first()), said(), follow=True)
    assert "is of no use for 2019-000001 any more: it is paid" in text_of(answer)
    assert Payment.objects.count() == 1


def test_a_payment_that_became_credit_is_listed_and_taken_back(scenario: BillingScenario, staff: Client) -> None:
    """400.00 for 290.97: 109.03 of credit, which April's statement uses; then the bank takes the payment back."""
    payment = payment_record(scenario.account, cents=40000, received_on=MARCH, kind="cash", **SAID)
    page = text_of(staff.get(of_account(scenario.account)))
    for part in ("$180.97 of", "$110.00 of", "$109.03 as credit"):
        assert part in page
    scenario.run(APRIL)
    assert outstanding_of(Statement.objects.order_by("sequence").last().pk) == 11000 - 10903
    answer = staff.post(
        of_account(scenario.account, "reverse"),
        {"payment": payment.pk, "kind": "returned", "day": "2019-04-02", "why": "bounced"},
    )
    assert answer.status_code == 302
    # 180.97 + 110.00 + 110.00, on every page
    assert check_ledger(scenario.account) == balance_of(scenario.account.pk).total == 40097
    assert sum(row.outstanding for row in open_statements(scenario.account)) == 40097
    for name in ("clients", "client", "collections", "client-ledger", "client-payments"):
        args = [] if name in ("clients", "collections") else [scenario.account.pk]
        page = text_of(staff.get(reverse(f"billing:{name}", args=args, urlconf=URLS)))
        wanted = ["$180.97", "$110.00"] if name == "collections" else ["$400.97"]
        assert all(cents in page for cents in wanted), name
    assert "Nothing any more" in text_of(staff.get(of_account(scenario.account)))


def test_credit_that_no_statement_will_use_is_listed_and_given_back(scenario: BillingScenario, staff: Client) -> None:
    """The client ends in February; it paid 300.00 for 290.97: 9.03 are to be given back."""
    payment = payment_record(scenario.account, cents=30000, received_on=MARCH, kind="cash", **SAID)
    assert leftovers() == []
    scenario.delete(Instance.objects.get(), MARCH)
    [left] = leftovers()
    assert (left.account, left.credit, left.rest) == (scenario.account, 903, 0)
    page = text_of(staff.get(reverse("billing:collections", urlconf=URLS)))
    assert "What no statement will settle" in page
    assert "$9.03" in page
    form = staff.get(f"{of_account(scenario.account, 'give-back')}?payment={payment.pk}")
    assert 'value="9.03"' in text_of(form)
    values = {"payment": payment.pk, "cents": "9.03", "day": "2019-03-02", "why": "ended"}
    assert staff.post(of_account(scenario.account, "give-back"), values).status_code == 302
    assert (Refund.objects.get().cents, check_ledger(scenario.account), leftovers()) == (903, 0, [])


def test_a_rest_that_no_statement_will_follow_is_listed_for_a_write_off(
    scenario: BillingScenario, staff: Client
) -> None:
    """By card: 290.67 came for 290.97, and the client ends: 0.30 cannot be charged."""
    Account.objects.filter(pk=scenario.account.pk).update(collection_method="card")
    payment_record(scenario.account, cents=29067, received_on=MARCH, kind="cash", **SAID)
    assert leftovers() == []
    scenario.delete(Instance.objects.get(), MARCH)
    [left] = leftovers()
    second = Statement.objects.order_by("sequence").last()
    assert (left.rest, left.statement_id) == (30, second.pk)
    assert staff.post(act_of(second, "write-off"), {"why": "too small"}).status_code == 302
    assert (check_ledger(scenario.account), leftovers()) == (0, [])


def test_a_credit_note_line_by_line_and_what_the_page_says_first(scenario: BillingScenario, staff: Client) -> None:
    """The page leads to the fact; 70.97 of December are credited as goodwill, by their line."""
    page = text_of(staff.get(act_of(first(), "credit")))
    assert "Is the fact wrong? Then correct the fact." in page
    assert reverse("billing:instance", args=[first().lines.first().instance_id], urlconf=URLS) in page
    line = first().lines.get(month=date(2018, 12, 1))
    values = {"kind": "goodwill", "day": "2019-02-20", "why": "outage", f"line_{line.pk}": "70.97"}
    both = staff.post(act_of(first(), "credit"), {**values, "cents": "1"})
    assert "either one amount, or amounts of lines" in text_of(both)
    assert staff.post(act_of(first(), "credit"), values).status_code == 302
    [note] = first().credit_notes.all()
    assert (note.kind, [(part.statement_line_id, part.cents) for part in note.lines.all()]) == (
        "goodwill",
        [(line.pk, 7097)],
    )
    assert outstanding_of(first().pk) == 11000


@pytest.mark.browser
def test_the_pages_are_looked_at(site, collecting: CollectionScenario, browser_page) -> None:
    """Credit that settled a statement, the list of leftovers, payments of an Account, the form of a credit note."""
    collecting.seed_instance()
    Account.objects.filter(pk=collecting.account.pk).update(collection_method="manual")
    first_one = collecting.bill(FEBRUARY)
    collecting.bill(MARCH)
    second = Statement.objects.order_by("sequence").last()
    payment = payment_record(
        collecting.account, cents=11000, received_on=MARCH, kind="cash", statements=[second], **SAID
    )
    credit_note_issue(second, issued_on=MARCH, kind="goodwill", cents=5000, **SAID)
    visitor = Visitor(browser_page, site, "public").sign_in("staff@example.com", at="/admin/login/")
    page = visitor.look(reverse("billing:collection", args=[first_one.pk], urlconf=URLS), "collection-by-credit")
    assert "Settled by credit" in page.inner_text("main")
    assert "$130.97" in page.inner_text("main")
    visitor.look(act_of(first_one, "credit"), "credit-note-form")
    visitor.look(act_of(first_one), "payment-form")
    payment_record(collecting.account, cents=20000, received_on=MARCH, kind="cash", reference="FT-7", **SAID)
    payment_reverse(payment, kind="returned", cents=1000, reversed_on=MARCH, **SAID)
    collecting.scenario.delete(Instance.objects.get(), MARCH)
    visitor.look(of_account(collecting.account), "payments-of-account")
    visitor.look(of_account(collecting.account, "give-back"), "give-back-form")
    page = visitor.look(reverse("billing:collections", urlconf=URLS), "collection-leftovers")
    assert "What no statement will settle" in page.inner_text("main")
    visitor.assert_well()
