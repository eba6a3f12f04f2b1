"""The whole path with the real dj-stripe: calls to the double, its signed webhooks to the site, rows in PostgreSQL."""

from __future__ import annotations

import uuid

import pytest
import stripe

from example_site.stripe_double.accounts import SECRET_KEY

pytestmark = pytest.mark.slow


@pytest.fixture
def mirrored(double, live_site, monkeypatch):
    """The site with dj-stripe pointed at the double, and its webhook endpoint registered there."""
    from djstripe.enums import APIKeyType
    from djstripe.models import Account, APIKey, WebhookEndpoint

    # One at a time: two handlers of dj-stripe 2.11 that meet on one object can undo each other's work.
    double.control.settings(concurrency=1)
    monkeypatch.setattr(stripe, "api_base", double.base_url)
    monkeypatch.setattr(stripe, "max_network_retries", 0)
    APIKey.objects.get_or_create(secret=SECRET_KEY, defaults={"type": APIKeyType.secret, "livemode": False})
    Account.get_default_account(api_key=SECRET_KEY)
    identifier = uuid.uuid4()
    made = WebhookEndpoint._api_create(
        api_key=SECRET_KEY,
        url=live_site.url("public", f"/stripe/webhook/{identifier}/"),
        enabled_events=["*"],
        metadata={"djstripe_uuid": str(identifier)},
    )
    endpoint = WebhookEndpoint.sync_from_stripe_data(made, api_key=SECRET_KEY)
    assert endpoint.djstripe_uuid == identifier
    return live_site


def test_an_invoice_is_paid_and_mirrored(mirrored, client, control, customer, make_invoice):
    from djstripe.models import Charge, Customer, Event, Invoice, PaymentIntent, PaymentMethod, WebhookEventTrigger

    invoice = make_invoice(7097, 11000, 100, metadata={"statement": "PB-1"})
    client.invoices.pay(invoice.id)
    control.drain(60, retries=True)
    row = Invoice.objects.get(id=invoice.id)
    assert (row.status, row.stripe_data["amount_paid"], row.metadata["statement"]) == ("paid", 18197, "PB-1")
    assert Customer.objects.get(id=customer.id).email == "owner@example.com"
    assert PaymentMethod.objects.get().stripe_data["card"]["last4"] == "4242"
    assert PaymentIntent.objects.get().stripe_data["status"] == "succeeded"
    assert Charge.objects.get().stripe_data["amount"] == 18197
    assert not WebhookEventTrigger.objects.filter(valid=False).exists()
    heard = set(Event.objects.values_list("id", flat=True))
    told = {event.id for event in client.events.list({"limit": 100}).auto_paging_iter()}
    assert heard == told
    assert client.events.list({"delivery_success": False}).data == []


def test_refusals_refunds_and_disputes_are_mirrored(mirrored, client, control, customer, make_invoice):
    from djstripe.models import Charge, Dispute, Invoice, WebhookEventTrigger

    method = customer.invoice_settings.default_payment_method
    control.change_card(method, next_outcomes=["insufficient_funds"])
    invoice = make_invoice(11000)
    with pytest.raises(stripe.CardError):
        client.invoices.pay(invoice.id)
    control.drain(60, retries=True)
    assert Invoice.objects.get(id=invoice.id).status == "open"
    assert Charge.objects.get().stripe_data["failure_code"] == "card_declined"
    client.invoices.pay(invoice.id)
    paid = next(charge for charge in client.charges.list().data if charge.paid)
    client.refunds.create({"charge": paid.id, "amount": 1000})
    control.dispute(paid.id)
    control.drain(60, retries=True)
    assert Charge.objects.get(id=paid.id).stripe_data["amount_refunded"] == 1000
    assert Dispute.objects.get().stripe_data["status"] == "needs_response"
    assert not WebhookEventTrigger.objects.filter(valid=False).exists()


def test_what_is_listed_at_stripe_can_be_synced(mirrored, client, customer, make_invoice):
    from djstripe.models import Account, BalanceTransaction, Charge, Customer, Product

    client.products.create({"name": "Production 110"})
    client.invoices.pay(make_invoice(11000).id)
    for model in (Customer, Charge, Product, BalanceTransaction):
        for item in model.api_list(api_key=SECRET_KEY):
            model.sync_from_stripe_data(item, api_key=SECRET_KEY)
        assert model.objects.count() == 1
    assert Account.get_default_account(api_key=SECRET_KEY).id == client.accounts.retrieve_current().id
