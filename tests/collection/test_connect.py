"""A Partner charges its clients by its own Stripe account: direct charges, and nothing crosses over."""

from __future__ import annotations

from datetime import date

import pytest
import stripe
from djstripe.models import Account as StripeAccount
from djstripe.models import Customer, Invoice, PaymentMethod

from example_site.stripe_double.accounts import PLATFORM_ACCOUNT, SECRET_KEY
from pos_billing.collection.models import Collection, ConnectedAccount, Payment
from pos_billing.collection.money.state import State
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe.connect import NoStripeAccount, connected_account, seller_connect, stripe_account
from pos_billing.collection.stripe.installation import installation_token
from pos_billing.facts.errors import Refused
from pos_billing.plans.commands import account_change
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement
from tests.collection.collecting import FIRST_PAYMENT, GOOD, LAUNCH

SAID = {"by": "owner@agency-one.example.com", "why": "test"}
LINKS = {"return_url": "http://agency-one.localhost/back", "refresh_url": "http://agency-one.localhost/again"}


@pytest.fixture
def reseller(collecting):
    """Agency One with a connected account and a client that pays by card: 150.00 a month for Business."""
    with in_seller("agency_one"):
        link = seller_connect(**LINKS, **SAID)
        assert link == LINKS["return_url"]
        account_change(collecting.scenario.client, collection_method="card", **SAID)
        collecting.scenario.client.refresh_from_db()
    collecting.seed_instance()
    collecting.card()
    collecting.bill(LAUNCH)
    collecting.scenario.run(LAUNCH, "agency_one")
    collecting.be(FIRST_PAYMENT)
    return collecting


def collect_client(collecting):
    """The Partner's own collection."""
    with in_seller("agency_one"):
        return collecting.collect()


def client_statement() -> Statement:
    """The statement to the client."""
    with in_seller("agency_one"):
        return Statement.objects.select_related("account").get()


def test_the_platform_has_no_connected_account(collecting):
    assert stripe_account() == ""
    with pytest.raises(Refused, match="own Stripe account"):
        seller_connect(**LINKS, **SAID)


def test_without_an_account_nothing_is_charged(collecting):
    with in_seller("agency_one"), pytest.raises(NoStripeAccount):
        stripe_account()


def test_a_client_is_charged_by_its_partner_and_the_platform_by_none_of_it(reseller):
    with in_seller("agency_one"):
        account_id = stripe_account()
        reseller.card(GOOD, account=reseller.scenario.client, stripe_account=account_id)
    statement = client_statement()
    assert collect_client(reseller).results == {"paid": 1}
    with in_seller("agency_one"):
        assert reseller.state(statement) is State.PAID
        assert Payment.objects.get().stripe_account == account_id
        assert Collection.objects.get().stripe_account == account_id
    assert not Payment.objects.exists(), "the platform's ledger has none of it"
    money = reseller.control.money()
    assert (money[account_id]["charged"], money[PLATFORM_ACCOUNT]["charged"]) == (statement.amount_due_cents, 0)


def test_what_webhooks_store_belongs_to_the_connected_account(reseller):
    """dj-stripe alone would keep all of it as the platform's own."""
    with in_seller("agency_one"):
        account_id = stripe_account()
        reseller.card(GOOD, account=reseller.scenario.client, stripe_account=account_id)
    collect_client(reseller)
    reseller.collect()
    with in_seller("agency_one"):
        theirs = Invoice.objects.get(id=Collection.objects.get().invoice_id)
    ours = Invoice.objects.get(id=Collection.objects.get().invoice_id)
    assert theirs.djstripe_owner_account.id == account_id
    assert ours.djstripe_owner_account.id == PLATFORM_ACCOUNT
    assert theirs.customer is not None
    assert theirs.customer.djstripe_owner_account.id == account_id
    assert {m.djstripe_owner_account.id for m in PaymentMethod.objects.all()} == {account_id, PLATFORM_ACCOUNT}
    assert StripeAccount.objects.filter(id=account_id).exists()
    assert Customer.objects.filter(djstripe_owner_account__id=account_id).count() == 1


def test_an_event_of_one_account_never_pays_a_statement_of_another(reseller):
    """Metadata that names the platform's statement on a connected account's invoice is not believed."""
    with in_seller("agency_one"):
        account_id = stripe_account()
    platform_statement = Statement.objects.get()
    client = stripe.StripeClient(
        SECRET_KEY,
        base_addresses={"api": reseller.double.base_url},
        stripe_version=stripe_api.API_VERSION,
        stripe_account=account_id,
    ).v1
    customer = client.customers.create({"name": "Mallory"})
    reseller.control.add_card(customer.id)
    draft = client.invoices.create(
        {
            "customer": customer.id,
            "auto_advance": False,
            "metadata": {
                "pos_billing_installation": installation_token(),
                "pos_billing_schema": "public",
                "pos_billing_statement": platform_statement.number,
                "pos_billing_generation": "1",
            },
        }
    )
    client.invoices.add_lines(draft.id, {"lines": [{"amount": 18097, "description": "x"}]})
    client.invoices.finalize_invoice(draft.id)
    client.invoices.pay(draft.id)
    reseller.control.drain(retries=True)
    assert reseller.state(platform_statement) is State.DUE
    assert not Payment.objects.exists()
    with in_seller("agency_one"):
        assert not Payment.objects.exists()


def test_deauthorised_accounts_are_charged_no_more_and_can_be_connected_again(reseller):
    with in_seller("agency_one"):
        account_id = stripe_account()
        reseller.card(GOOD, account=reseller.scenario.client, stripe_account=account_id)
    reseller.control.deauthorise(account_id)
    reseller.control.drain()
    with in_seller("agency_one"):
        assert connected_account() is None
    assert collect_client(reseller).results == {"no Stripe account": 1}
    with in_seller("agency_one"):
        seller_connect(**LINKS, **SAID)
        assert stripe_account() not in {"", account_id}
    assert ConnectedAccount.objects.count() == 1
    assert collect_client(reseller).results == {"no card": 1}


def test_a_partner_gives_money_back_from_its_own_account(reseller):
    from pos_billing.collection.money.refunds import payment_refund

    with in_seller("agency_one"):
        account_id = stripe_account()
        reseller.card(GOOD, account=reseller.scenario.client, stripe_account=account_id)
        reseller.collect()
        payment_refund(Payment.objects.get(), statement=Statement.objects.get(), refunded_on=date(2019, 2, 20), **SAID)
        assert reseller.collect(date(2019, 2, 20)).refunds == 1
        assert reseller.state(Statement.objects.get()) is State.REFUNDED
    money = reseller.control.money()
    assert money[account_id]["refunded"] == client_statement().amount_due_cents
    assert money[PLATFORM_ACCOUNT]["refunded"] == 0
