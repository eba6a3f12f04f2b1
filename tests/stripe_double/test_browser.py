"""Stripe.js's stand-in in a real browser: a card number never reaches the shop's server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from example_site.stripe_double.accounts import PUBLISHABLE_KEY

pytestmark = pytest.mark.browser

SHOP = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
<script src="{double}/v3/"></script>
<form id="form"><div id="card"></div><button>Save card</button></form><p id="result" role="status"></p>
<script>
  const stripe = Stripe("{key}");
  const clientSecret = new URLSearchParams(location.search).get("secret");
  const elements = stripe.elements({{ clientSecret, appearance: {{ theme: "stripe" }} }});
  const element = elements.create("payment");
  element.on("ready", () => document.body.dataset.ready = "yes");
  element.on("change", (event) => document.body.dataset.complete = event.complete);
  element.mount("#card");
  document.getElementById("form").addEventListener("submit", async (event) => {{
    event.preventDefault();
    const show = document.getElementById("result");
    show.textContent = "working";
    const submitted = await elements.submit();
    if (submitted.error) {{ show.textContent = submitted.error.message; return; }}
    const {{ error, setupIntent }} = await stripe.confirmSetup({{
      elements, clientSecret, redirect: new URLSearchParams(location.search).get("redirect") || "if_required",
      confirmParams: {{ return_url: location.origin + "/back" }},
    }});
    show.textContent = error ? error.message : setupIntent.status;
  }});
</script></html>"""


@pytest.fixture
def shop(double) -> Iterator[Any]:
    """A page of a shop, and everything its server was told."""
    heard: list[str] = []
    body = SHOP.format(double=double.base_url, key=PUBLISHABLE_KEY).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_error(405)

        def log_message(self, *arguments: Any) -> None:
            """Keep the output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.heard = heard
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    assert not any("4242" in text or "3155" in text for text in heard)


@pytest.fixture
def intent(client):
    """A SetupIntent of a new customer."""
    customer = client.customers.create({"email": "owner@example.com"})
    return client.setup_intents.create({"customer": customer.id, "usage": "off_session"})


def open_shop(page, shop, intent, extra=""):
    """Open the shop's page."""
    page.goto(f"http://127.0.0.1:{shop.server_port}/?secret={intent.client_secret}{extra}")
    page.wait_for_selector("body[data-ready=yes]")


def fill_card(page, number, expiry="12 / 40", cvc="123"):
    """Type a card into the frame, as its holder does."""
    frame = page.frame_locator("iframe[title='Secure payment input frame']")
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiration date").fill(expiry)
    frame.get_by_label("Security code").fill(cvc)
    return frame


def expect(page, text):
    """Wait until the result shows a text."""
    page.wait_for_function("text => document.getElementById('result').textContent.includes(text)", arg=text)


def test_a_card_is_saved(browser_page, shop, intent, client):
    open_shop(browser_page, shop, intent)
    frame = fill_card(browser_page, "4242424242424242")
    assert frame.get_by_label("Card number").input_value() == "4242 4242 4242 4242"
    browser_page.wait_for_selector("body[data-complete=true]")
    browser_page.get_by_role("button", name="Save card").click()
    expect(browser_page, "succeeded")
    saved = client.payment_methods.list({"customer": intent.customer}).data[0]
    assert (saved.card.last4, saved.card.exp_year, saved.billing_details.address.country) == ("4242", 2040, "US")


def test_an_incomplete_card_is_told_at_its_field(browser_page, shop, intent, client):
    open_shop(browser_page, shop, intent)
    frame = fill_card(browser_page, "4242", expiry="", cvc="")
    browser_page.get_by_role("button", name="Save card").click()
    expect(browser_page, "Your card number is incomplete.")
    assert frame.get_by_text("Your card's security code is incomplete.").is_visible()
    assert client.setup_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_refused_card_says_why(browser_page, shop, intent):
    open_shop(browser_page, shop, intent)
    fill_card(browser_page, "4000000000009995")
    browser_page.get_by_role("button", name="Save card").click()
    expect(browser_page, "Your card has insufficient funds.")


def test_3d_secure_is_failed_and_then_passed(browser_page, shop, intent, client):
    open_shop(browser_page, shop, intent)
    fill_card(browser_page, "4000002500003155")
    challenge = browser_page.frame_locator("iframe[title='3-D Secure authentication']")
    browser_page.get_by_role("button", name="Save card").click()
    challenge.get_by_role("button", name="Fail").click()
    expect(browser_page, "unable to authenticate")
    assert client.setup_intents.retrieve(intent.id).status == "requires_payment_method"
    browser_page.get_by_role("button", name="Save card").click()
    challenge.get_by_role("button", name="Complete").click()
    expect(browser_page, "succeeded")
    assert browser_page.get_by_role("dialog").count() == 0
    assert client.setup_intents.retrieve(intent.id).status == "succeeded"


def test_without_if_required_the_browser_goes_to_the_return_url(browser_page, shop, intent):
    open_shop(browser_page, shop, intent, "&redirect=always")
    fill_card(browser_page, "4242424242424242")
    browser_page.get_by_role("button", name="Save card").click()
    browser_page.wait_for_url("**/back?*")
    assert "redirect_status=succeeded" in browser_page.url
    assert f"setup_intent={intent.id}" in browser_page.url


def test_an_invoice_is_paid_on_its_page_with_the_card_on_file(browser_page, control, customer, client, make_invoice):
    control.add_card(customer.id, "4000002760003184")
    invoice = make_invoice(7097, 11000)
    browser_page.goto(invoice.hosted_invoice_url)
    challenge = browser_page.frame_locator("iframe[title='3-D Secure authentication']")
    browser_page.get_by_role("button", name="Pay with Visa ending in 3184").click()
    challenge.get_by_text("$180.97").wait_for()
    challenge.get_by_role("button", name="Fail").click()
    browser_page.get_by_text("unable to authenticate").wait_for()
    browser_page.get_by_role("button", name="Pay with Visa ending in 3184").click()
    challenge.get_by_role("button", name="Complete").click()
    browser_page.get_by_text("paid", exact=True).wait_for()
    assert client.invoices.retrieve(invoice.id).status == "paid"


def test_an_invoice_is_paid_on_its_page_with_another_card(browser_page, client, make_invoice):
    nobody = client.customers.create({"name": "NewInstance"})
    invoice = make_invoice(11000, of=nobody.id)
    browser_page.goto(invoice.hosted_invoice_url)
    fill_card(browser_page, "5555555555554444")
    browser_page.get_by_role("button", name="Pay $110.00").click()
    browser_page.get_by_text("paid", exact=True).wait_for()
    assert client.charges.list().data[0].payment_method_details.card.brand == "mastercard"


def test_the_pages_show_what_is_held_and_their_buttons_work(browser_page, double, client, control, make_invoice):
    client.invoices.pay(make_invoice(11000).id)
    page = browser_page
    page.goto(double.base_url)
    assert page.get_by_text("$110.00").first.is_visible()
    page.get_by_role("link", name="Payments").click()
    page.get_by_role("button", name="Dispute").click()
    page.get_by_text("disputed", exact=True).wait_for()
    assert client.disputes.list().data[0].status == "needs_response"
    page.get_by_role("link", name="Events").click()
    page.get_by_role("link", name="charge.dispute.created").click()
    page.get_by_role("heading", name="Event", exact=True).wait_for()
    page.get_by_role("link", name="Faults").click()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Switch off").wait_for()
    assert control.faults()[0]["where"] == "POST /v1/invoices/*/pay"
    page.goto(double.base_url)
    before = control.state()["clock"]["now"]
    page.get_by_role("button", name="+ 1 day").click()
    page.wait_for_load_state()
    assert control.state()["clock"]["now"] >= before + 86400
    for section in ("customers", "invoices", "endpoints", "requests", "problems"):
        assert page.goto(f"{double.base_url}/{section}").ok
