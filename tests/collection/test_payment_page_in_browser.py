"""The Payment page in a real browser: a card is added, 3-D Secure fails and then passes, the statement is paid."""

from __future__ import annotations

import pytest

from pos_billing.collection.models import Card, CardSetup, Payment
from pos_billing.collection.money.state import State
from tests.browser.looking import Visitor
from tests.collection.collecting import FIRST_PAYMENT, GOOD, LAUNCH, NEEDS_3DS, CollectionScenario

pytestmark = pytest.mark.browser
THREE_D_SECURE = "4000002500003155"


PAGE = "/dashboard/billing/payment/"


@pytest.fixture
def owner(site, collecting: CollectionScenario, browser_page):
    """The Partner's owner, signed in on its Payment page; 180.97 will be due on 15 February."""
    collecting.seed_instance()
    collecting.bill(LAUNCH)
    visitor = Visitor(browser_page, site, "agency_one").sign_in("owner@agency-one.example.com")
    browser_page.goto(site.url("agency_one", PAGE))
    yield visitor
    visitor.assert_well()


def type_card(page, number: str) -> None:
    """Type into Stripe's own frame, as its holder does, and save."""
    frame = page.frame_locator("#card-element iframe")
    frame.locator("[name=number]").fill(number)
    frame.locator("[name=expiry]").fill("12 / 30")
    frame.locator("[name=cvc]").fill("123")
    frame.locator("[name=postalCode]").fill("12345")
    page.get_by_role("button", name="Save the card").click()


def answer_bank(page, *, passed: bool) -> None:
    """Press a button of the bank's 3-D Secure page."""
    bank = page.frame_locator("[aria-label='3-D Secure'] iframe")
    bank.locator("#test-source-authorize-3ds" if passed else "#test-source-fail-3ds").click()


def test_a_card_that_asks_for_3d_secure(owner, collecting, site):
    page = owner.page
    owner.look(PAGE, "payment-empty")
    page.get_by_role("button", name="Add a card").click()
    page.frame_locator("#card-element iframe").locator("[name=number]").wait_for()
    owner.see("payment-add-card")
    type_card(page, THREE_D_SECURE)
    answer_bank(page, passed=False)
    page.locator("#card-problem:not([hidden])").wait_for()
    assert "authenticate" in page.inner_text("#card-problem")
    owner.see("payment-3d-secure-failed")
    assert not Card.objects.exists()

    page.get_by_role("button", name="Save the card").click()
    answer_bank(page, passed=True)
    page.get_by_text("was added").wait_for()
    assert str(Card.objects.get()) == "Visa 3155"
    owner.see("payment-card-added")
    statement = collecting.account.statements.get()
    assert collecting.collect(FIRST_PAYMENT).results == {"paid": 1}
    assert collecting.state(statement) is State.PAID
    page.reload()
    assert "Visa 3155" in page.inner_text("main")
    assert "$180.97" in page.inner_text("section[aria-labelledby=payments-title]")
    owner.look(PAGE, "payment-paid")
    page.get_by_role("link", name="Ledger").first.click()
    assert "all paid" in page.inner_text("main")
    owner.look(f"{PAGE}ledger/", "ledger")


def test_confirming_a_payment_on_stripes_page(owner, collecting, site):
    """The card asks for 3-D Secure at every charge: the notice leads to Stripe's page, where it is confirmed."""
    page = owner.page
    collecting.card(NEEDS_3DS)
    assert collecting.collect(FIRST_PAYMENT).results == {"action required": 1}
    page.reload()
    owner.see("payment-to-confirm")
    page.get_by_role("link", name="Confirm the payment").first.click()
    page.get_by_role("button").first.wait_for()
    page.get_by_role("button", name="Pay").first.click()
    answer_bank(page, passed=True)
    page.get_by_text("Paid", exact=False).first.wait_for()
    collecting.control.drain()
    assert Payment.objects.get().cents == 18097
    page.goto(site.url("agency_one", PAGE))
    assert "Nothing to pay" in page.inner_text("main")


def test_cards_are_chosen_and_removed_but_not_the_last_while_money_is_due(owner, collecting, site):
    page = owner.page
    collecting.card(GOOD)
    collecting.card("5555555555554444")
    page.reload()
    page.get_by_role("button", name="Charge this card").click()
    page.get_by_text("charged to Visa 4242 from now on").wait_for()
    page.get_by_role("button", name="Remove the card ending in 4444").click()
    page.get_by_text("Mastercard 4444 was removed").wait_for()
    page.get_by_role("button", name="Remove the card ending in 4242").click()
    page.get_by_text("This is the only card").wait_for()
    assert Card.objects.get(removed_at=None).last_four == "4242"
    collecting.collect(FIRST_PAYMENT)
    page.goto(site.url("agency_one", PAGE))
    page.get_by_role("button", name="Remove the card ending in 4242").click()
    page.get_by_text("Visa 4242 was removed").wait_for()
    owner.see("payment-card-removed")


def test_another_partner_sees_none_of_it(owner, collecting, client_for, owner_of):
    card = collecting.card(GOOD)
    collecting.collect(FIRST_PAYMENT)
    setup = CardSetup.objects.create(
        account=collecting.account, setup_intent_id="seti_of_agency_one", status="requires_payment_method", by="x"
    )
    stranger = client_for("agency_two", user=owner_of("agency_two"))
    page = stranger.get(PAGE)
    assert page.status_code == 200
    assert b"4242" not in page.content
    assert b"180.97" not in page.content
    assert stranger.post(f"{PAGE}cards/{card.pk}/remove/").status_code == 404
    assert stranger.get(f"{PAGE}cards/added/?setup_intent={setup.setup_intent_id}").status_code == 404
    assert b"180.97" not in b"".join(stranger.get(f"{PAGE}ledger/csv/"))
