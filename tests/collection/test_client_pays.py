"""A Partner's client on the storefront: what it owes, how to pay it, its card, its ledger."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from example_site.stripe_double.accounts import PLATFORM_ACCOUNT
from pos_billing.collection.models import Card, Payment
from pos_billing.collection.money.credit_notes import credit_note_issue
from pos_billing.collection.money.ledger import check_ledger
from pos_billing.collection.money.payments import payment_record
from pos_billing.collection.money.state import State
from pos_billing.collection.stripe.connect import seller_connect, stripe_account
from pos_billing.notices.models import Notice
from pos_billing.plans.commands import account_create, seller_settings_change
from pos_billing.plans.models import AccountMember
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from tests.browser.looking import SCREENS, Visitor
from tests.collection.collecting import DECLINES, FIRST_PAYMENT, LAUNCH
from tests.collection.test_payment_page_in_browser import THREE_D_SECURE, answer_bank, type_card
from tests.databases import PASSWORD

SAID = {"by": "owner@agency-one.example.com", "why": "test"}
LINKS = {"return_url": "http://agency-one.localhost/back", "refresh_url": "http://agency-one.localhost/again"}
PAGE = "/accounts/billing/payment/"
CLIENT = "client@example.org"


@pytest.fixture
def billed_client(collecting) -> Statement:
    """The client of Agency One with a statement and a user."""
    collecting.seed_instance()
    collecting.scenario.run(LAUNCH, "agency_one")
    collecting.be(FIRST_PAYMENT)
    with in_seller("agency_one"):
        user = get_user_model().objects.create_user(CLIENT, CLIENT, PASSWORD)
        AccountMember.objects.create(account=collecting.scenario.client, user=user)
        return Statement.objects.select_related("account").get()


@pytest.fixture
def client(billed_client, client_for):
    """Signed in on the Partner's storefront."""
    with in_seller("agency_one"):
        user = get_user_model().objects.get(email=CLIENT)
    return client_for("agency_one", user=user)


def test_without_stripe_the_page_says_how_to_pay(client, billed_client):
    with in_seller("agency_one"):
        name = seller_settings_change(email="money@agency-one.example.com", **SAID).name
    assert f"Please ask {name} how to pay: money@agency-one.example.com." in client.get(PAGE).content.decode()
    with in_seller("agency_one"):
        seller_settings_change(payment_note="IBAN DE02 1203 0000 0000 2020 51\nBank of Examples", **SAID)
    page = client.get(PAGE).content.decode()
    assert "IBAN DE02 1203 0000 0000 2020 51<br>Bank of Examples" in page
    assert billed_client.number in page
    assert "Past due" in page
    assert "Add a card" not in page
    refused = client.post(f"{PAGE}cards/add/", follow=True).content.decode()
    assert "Connect a Stripe account" in refused


def test_states_ledger_and_credit_note_are_the_clients_own(client, billed_client, collecting, settings, tmp_path):
    settings.POS_BILLING_DOCUMENTS_FOLDER = tmp_path
    with in_seller("agency_one"):
        other = account_create(name="Other client", email="other@example.org", **SAID)
        payment_record(
            billed_client.account,
            cents=1000,
            received_on=FIRST_PAYMENT,
            kind="cash",
            statements=[billed_client],
            **SAID,
        )
        note = credit_note_issue(billed_client, issued_on=FIRST_PAYMENT, cents=500, **SAID)
        owed = check_ledger(billed_client.account)
    listed = client.get("/accounts/billing/").content.decode()
    assert "Past due" in listed
    assert billed_client.number in client.get("/accounts/billing/", {"state": "past_due"}).content.decode()
    assert billed_client.number not in client.get("/accounts/billing/", {"state": "paid"}).content.decode()
    ledger = client.get(f"{PAGE}ledger/").content.decode()
    assert note.number in ledger
    rows = client.get(f"{PAGE}ledger/csv/").content.decode().splitlines()
    assert rows[-1].split(",")[-2] == f"{owed / 100:.2f}"
    assert client.get(f"{PAGE}credit-notes/{note.pk}/pdf/").status_code == 200
    for path in (PAGE, f"{PAGE}ledger/", f"{PAGE}ledger/csv/"):
        assert client.get(path, {"account": other.pk}).status_code == 404
        assert client.get(path, {"account": "x"}).status_code == 404


def test_nothing_of_another_client_can_be_touched(client, billed_client, collecting):
    with in_seller("agency_one"):
        other = account_create(name="Other client", email="other@example.org", **SAID)
        card = Card.objects.create(
            account=other,
            payment_method_id="pm_1",
            brand="visa",
            last_four="4242",
            exp_month=2,
            exp_year=2030,
            is_default=True,
        )
        notice = Notice.objects.create(key="x", account=other, kind="card_missing", made_on=LAUNCH)
    for path in (f"cards/{card.pk}/charge/", f"cards/{card.pk}/remove/", f"notices/{notice.pk}/away/"):
        assert client.post(f"{PAGE}{path}").status_code == 404
    assert client.post(f"{PAGE}cards/add/", {"account": other.pk}).status_code == 404
    assert client.get(f"{PAGE}cards/added/", {"setup_intent": "seti_1"}).status_code == 404


def test_a_declined_statement_can_be_paid_on_stripes_page(client, billed_client, collecting):
    with in_seller("agency_one"):
        seller_connect(**LINKS, **SAID)
        collecting.card(DECLINES, account=collecting.scenario.client, stripe_account=stripe_account())
        assert collecting.collect().results == {"declined": 1}
        hosted = billed_client.collection.hosted_invoice_url
    page = client.get(PAGE).content.decode()
    assert hosted
    assert f'href="{hosted}"' in page
    assert "Pay it now" in page


def test_the_page_costs_the_same_with_many_payments(client, billed_client, django_assert_max_num_queries):
    client.get(PAGE)
    with django_assert_max_num_queries(40) as few:
        client.get(PAGE)
    with in_seller("agency_one"):
        for cents in range(100, 110):
            payment_record(billed_client.account, cents=cents, received_on=FIRST_PAYMENT, kind="cash", **SAID)
    with django_assert_max_num_queries(len(few) + 3):
        client.get(PAGE)


@pytest.mark.browser
def test_a_client_adds_a_card_with_3d_secure_and_is_charged(site, collecting, billed_client, browser_page):
    with in_seller("agency_one"):
        seller_connect(**LINKS, **SAID)
        account_id = stripe_account()
    visitor = Visitor(browser_page, site, "agency_one", oscar=True)
    page = browser_page
    page.goto(site.url("agency_one", "/accounts/login/"))
    page.fill("input[name=login-username]", CLIENT)
    page.fill("input[name=login-password]", PASSWORD)
    page.click("button[name=login_submit]")
    visitor.look(PAGE, "client-payment")
    page.get_by_role("button", name="Add a card").click()
    page.frame_locator("#card-element iframe").locator("[name=number]").wait_for()
    visitor.see("client-add-card")
    page.set_viewport_size(SCREENS["wide"])
    type_card(page, THREE_D_SECURE)
    answer_bank(page, passed=True)
    page.get_by_text("was added. It is the card your statements are charged to.").wait_for()
    with in_seller("agency_one"):
        assert collecting.collect().results == {"paid": 1}
        assert collecting.state(billed_client) is State.PAID
        assert Payment.objects.get().stripe_account == account_id
    money = collecting.control.money()
    assert (money[account_id]["charged"], money[PLATFORM_ACCOUNT]["charged"]) == (billed_client.amount_due_cents, 0)
    page = visitor.look(PAGE, "client-payment-paid")
    assert "Nothing to pay" in page.inner_text("main, .billing")
    visitor.look(f"{PAGE}ledger/", "client-own-ledger")
    visitor.look("/accounts/billing/", "client-statements-paid")
    visitor.assert_well()
