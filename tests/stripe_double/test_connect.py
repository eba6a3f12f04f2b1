"""Connected accounts: apart from each other, heard by Connect endpoints, and free to leave."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import stripe

from example_site.stripe_double.accounts import CLIENT_ID, PLATFORM_ACCOUNT, SECRET_KEY
from tests.stripe_double.conftest import make_client


@pytest.fixture
def partner(control):
    """A connected account with its keys."""
    return control.add_account("Partner One", email="one@example.com")


def acting(partner):
    """Return request options for the account."""
    return {"stripe_account": partner["account"]["id"]}


def test_objects_of_one_account_are_not_seen_by_another(double, client, partner):
    theirs = client.customers.create({"name": "Client"}, acting(partner))
    assert client.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.customers.retrieve(theirs.id)
    assert client.customers.retrieve(theirs.id, None, acting(partner)).name == "Client"
    own = make_client(double, partner["secret_key"]).v1
    assert own.customers.list().data[0].id == theirs.id


def test_an_account_that_is_not_connected_is_forbidden(client, control):
    stranger = control.add_account("Stranger", connected=False)
    with pytest.raises(stripe.PermissionError) as refused:
        client.customers.list(None, acting(stranger))
    assert refused.value.error.code == "account_invalid"


def test_accounts_are_retrieved_and_listed(client, partner):
    assert client.accounts.retrieve_current().id == PLATFORM_ACCOUNT
    assert client.accounts.retrieve_current(None, acting(partner)).id == partner["account"]["id"]
    assert client.accounts.retrieve(partner["account"]["id"]).email == "one@example.com"
    assert [item.id for item in client.accounts.list().data] == [partner["account"]["id"]]
    made = client.accounts.create({"type": "standard", "email": "two@example.com", "country": "US"})
    assert client.accounts.update(made.id, {"metadata": {"schema": "two"}}).metadata["schema"] == "two"


def test_an_account_link_leads_back(client, partner):
    link = client.account_links.create(
        {
            "account": partner["account"]["id"],
            "refresh_url": "http://one.localhost/again",
            "return_url": "http://one.localhost/back",
            "type": "account_onboarding",
        }
    )
    assert link.url == "http://one.localhost/back"
    with pytest.raises(stripe.PermissionError):
        client.account_links.create({"account": "acct_nobody", "type": "account_onboarding"})


def test_connect_endpoints_hear_of_connected_accounts_and_the_others_of_ones_own(client, control, partner, receiver):
    connected = client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"], "connect": True})
    client.customers.create({"name": "Own"})
    client.customers.create({"name": "Theirs"}, acting(partner))
    control.drain()
    events = receiver.events(connected.secret)
    assert [(event.account, event.data.object.name) for event in events] == [(partner["account"]["id"], "Theirs")]
    own = client.webhook_endpoints.create({"url": receiver.url, "enabled_events": ["*"]})
    client.webhook_endpoints.delete(connected.id)
    client.customers.create({"name": "Theirs again"}, acting(partner))
    made = client.customers.create({"name": "Own again"})
    control.drain()
    heard = [stripe.Webhook.construct_event(*receiver.received[-1], own.secret)]
    assert [event.data.object.id for event in heard] == [made.id]


def test_an_account_leaves(client, control, partner, receiver):
    hook = client.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["account.application.deauthorized"], "connect": True}
    )
    control.deauthorise(partner["account"]["id"])
    control.drain()
    event = receiver.events(hook.secret)[0]
    assert (event.type, event.account) == ("account.application.deauthorized", partner["account"]["id"])
    with pytest.raises(stripe.PermissionError):
        client.customers.list(None, acting(partner))


def test_connecting_by_oauth(double, client):
    query = {"client_id": CLIENT_ID, "redirect_uri": "http://one.localhost/back", "state": "s", "response_type": "code"}
    address = f"{double.base_url}/oauth/authorize"
    assert "Connect your Stripe account" in httpx.get(address, params=query).text
    denied = httpx.post(address, params=query, data={"answer": "cancel"})
    assert parse_qs(urlsplit(denied.headers["location"]).query)["error"] == ["access_denied"]
    agreed = httpx.post(address, params=query, data={"answer": "connect", "name": "Partner Two"})
    answer = parse_qs(urlsplit(agreed.headers["location"]).query)
    assert answer["state"] == ["s"]
    oauth = stripe.StripeClient(SECRET_KEY, base_addresses={"connect": double.base_url}).oauth
    token = oauth.token({"grant_type": "authorization_code", "code": answer["code"][0]})
    assert client.accounts.retrieve(token.stripe_user_id).settings.dashboard.display_name == "Partner Two"
    with pytest.raises(stripe.oauth_error.InvalidGrantError):
        oauth.token({"grant_type": "authorization_code", "code": answer["code"][0]})
    oauth.deauthorize({"client_id": CLIENT_ID, "stripe_user_id": token.stripe_user_id})
    with pytest.raises(stripe.PermissionError):
        client.accounts.retrieve(token.stripe_user_id)
