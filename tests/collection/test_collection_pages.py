"""Collection pages in a browser: what staff and Partners do about money, and what others cannot."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from pypdf import PdfReader

from pos_billing.collection.models import Collection, CreditNote, Payment, Refund
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.refunds import payment_refund
from pos_billing.collection.money.state import State
from pos_billing.plans.models import SellerMember
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from tests.browser.looking import Visitor
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, GOOD, LAUNCH

SAID = {"by": "finance@example.com", "why": "test"}


@pytest.fixture
def declined(collecting) -> Statement:
    """A statement of 180.97 whose card was declined."""
    collecting.seed_instance()
    collecting.card(DECLINES)
    statement = collecting.bill(LAUNCH)
    assert collecting.collect(FIRST_PAYMENT).results == {"declined": 1}
    return statement


@pytest.fixture
def staff(collecting):
    """A superuser of the platform."""
    return get_user_model().objects.get(email="staff@example.com")


@pytest.fixture
def collection_page():
    """The address of the platform's collection pages."""
    return reverse("billing:collections", urlconf="pos_billing.urls.public")


def press(page, name: str, **fields: str) -> None:
    """Open an act, fill its form, save it."""
    page.get_by_role("link", name=name, exact=True).click()
    for field, value in fields.items():
        place = page.locator(f"[name={field}]")
        place.select_option(value) if place.evaluate("e => e.tagName") == "SELECT" else place.fill(value)
    page.get_by_role("button", name="Save").click()


@pytest.mark.browser
def test_staff_collects_what_the_card_did_not_pay(site, collecting, declined, browser_page, collection_page):
    visitor = Visitor(browser_page, site, "public").sign_in("staff@example.com", at="/admin/login/")
    page = visitor.look(collection_page, "staff-collection")
    assert "Next try on 18 Feb 2019" in page.inner_text("main")
    visitor.look(f"{collection_page}{declined.pk}/", "staff-collection-statement")
    press(page, "Pause", why="The Partner called")
    assert "Paused: The Partner called" in page.inner_text("main")
    press(page, "Let it go on", why="They will pay by bank")
    press(
        page,
        "Record a payment",
        cents="100.00",
        received_on="2019-02-16",
        kind="bank_transfer",
        reference="FT-1",
        why="On the bank's statement",
    )
    assert "$80.97" in page.inner_text("main")
    press(page, "Issue a credit note", cents="30.97", day="2019-02-16", why="Three days of outage")
    press(page, "Write off", why="Not worth the trouble")
    assert "Uncollectible" in page.inner_text("main")
    visitor.look(f"{collection_page}{declined.pk}/", "staff-collection-done")
    assert collecting.state(declined) is State.UNCOLLECTIBLE
    assert [n.number for n in CreditNote.objects.all()] == ["CN-2019-000001"]
    assert check_ledger(collecting.account) == 0
    collecting.collect()
    assert Collection.objects.get().invoice_id == "", "the open invoice at Stripe is closed"
    page.goto(site.url("public", collection_page))
    assert "Everything is paid" in page.inner_text("main")
    visitor.assert_well()


@pytest.mark.browser
def test_a_partner_records_its_clients_payments(site, collecting, browser_page):
    collecting.seed_instance()
    collecting.scenario.run(LAUNCH, "agency_one")
    with in_seller("agency_one"):
        statement = Statement.objects.get()
    visitor = Visitor(browser_page, site, "agency_one").sign_in("owner@agency-one.example.com")
    page = visitor.look("/dashboard/billing/collection/", "partner-collection")
    page.goto(site.url("agency_one", f"/dashboard/billing/collection/{statement.pk}/"))
    cents = f"{statement.amount_due_cents / 100:.2f}"
    press(page, "Record a payment", cents=cents, received_on="2019-02-16", kind="cash", why="Paid at the counter")
    press(page, "Take a payment back", kind="mistake", day="2019-02-17", why="It was another client")
    assert "taken back" in page.inner_text("main")
    press(page, "Record a payment", cents="1000.00", received_on="2019-02-18", kind="bank_transfer", why="Paid twice")
    assert "more was paid, and becomes credit" in page.inner_text("main")
    visitor.see("partner-payment-asked-again")
    page.get_by_role("button", name="Save").click()
    visitor.look(f"/dashboard/billing/collection/{statement.pk}/", "partner-collection-paid")
    visitor.look(f"/dashboard/billing/clients/{statement.account_id}/ledger/", "client-ledger")
    visitor.look("/dashboard/billing/stripe/", "partner-stripe")
    page.get_by_role("button", name="Connect with Stripe").click()
    page.get_by_text("Ready").wait_for()
    visitor.see("partner-stripe-ready")
    with in_seller("agency_one"):
        assert check_ledger(statement.account) == statement.amount_due_cents - 100000
    visitor.assert_well()


def test_refund_through_the_page_goes_to_the_card(site, collecting, client_for, staff, collection_page):
    collecting.seed_instance()
    collecting.card(GOOD)
    statement = collecting.bill(LAUNCH)
    collecting.collect(FIRST_PAYMENT)
    payment = Payment.objects.get()
    client = client_for("public", user=staff)
    answer = client.post(
        f"{collection_page}{statement.pk}/refund/",
        {"payment": payment.pk, "cents": "50.00", "day": "2019-02-20", "why": "Goodwill"},
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert collecting.collect(date(2019, 2, 20)).refunds == 1
    assert (Refund.objects.get().status, collecting.money()["refunded"]) == ("succeeded", 5000)
    refused = client.post(
        f"{collection_page}{statement.pk}/refund/",
        {"payment": payment.pk, "cents": "500.00", "day": "2019-02-20", "why": "Too much"},
    )
    assert refused.status_code == 422
    assert "13097 cents can be given back" in refused.content.decode()


def test_credit_note_as_pdf_for_both_sides_and_nobody_else(
    site, collecting, client_for, staff, owner_of, settings, tmp_path
):
    settings.POS_BILLING_DOCUMENTS_FOLDER = tmp_path
    collecting.seed_instance()
    statement = collecting.bill(LAUNCH)
    payment = payment_record(
        collecting.account, cents=18097, received_on=FIRST_PAYMENT, kind="bank_transfer", statements=[statement], **SAID
    )
    note = payment_refund(payment, statement=statement, refunded_on=FIRST_PAYMENT, cents=5000, **SAID).credit_note
    own = client_for("agency_one", user=owner_of("agency_one")).get(
        f"/dashboard/billing/payment/credit-notes/{note.pk}/pdf/"
    )
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(own.streaming_content))).pages)
    for said in ("Credit note CN-2019-000001", statement.number, "$50.00", "December 2018", "January 2019", "Platform"):
        assert said in text, said
    stranger = client_for("agency_two", user=owner_of("agency_two"))
    assert stranger.get(f"/dashboard/billing/payment/credit-notes/{note.pk}/pdf/").status_code == 404
    assert stranger.get(f"/dashboard/billing/credit-notes/{note.pk}/pdf/").status_code == 404
    assert stranger.get(f"/dashboard/billing/collection/{statement.pk}/").status_code == 404
    with in_seller("public"):
        assert note.document.sha256


def test_members_that_may_read_only_change_nothing(site, collecting, client_for):
    collecting.seed_instance()
    collecting.scenario.run(LAUNCH, "agency_one")
    with in_seller("agency_one"):
        statement = Statement.objects.get()
        reader = get_user_model().objects.create_user("reader@example.com", "reader@example.com", "x", is_staff=True)
        SellerMember.objects.create(user=reader, role="read")
    client = client_for("agency_one", user=reader)
    assert client.get(f"/dashboard/billing/collection/{statement.pk}/").status_code == 200
    for act in ("payment", "write-off", "pause", "credit"):
        assert client.post(f"/dashboard/billing/collection/{statement.pk}/{act}/", {"why": "x"}).status_code == 403
    assert client.post("/dashboard/billing/stripe/connect/").status_code == 403
    assert client.post("/dashboard/billing/payment/cards/add/").status_code == 403
