"""The client over real HTTP: credentials, attempts, pace, errors of every shape, and no secret in any message."""

import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from pos_billing.partner_api.client import PortalClient, RateLimit
from pos_billing.partner_api.errors import (
    PortalError,
    PortalForbidden,
    PortalLoggedOut,
    PortalMissing,
    PortalNotSetUp,
    PortalRejected,
    PortalUnreachable,
    PortalUnreadable,
)
from pos_billing.partner_api.settings import portal_settings
from tests.partner_api.portal_server import EMAIL, PASSWORD, SECRET, TOKEN, Fault


def test_a_token_goes_with_bearer_or_without(portal, portal_client):
    portal.add_partner(1, "Acme")
    assert portal_client().get("/api/partners") == {"data": [{"id": 1, "name": "Acme"}]}
    portal.bearer = False
    assert portal_client(bearer=False).get("/api/partners") == {"data": [{"id": 1, "name": "Acme"}]}
    assert [asked.authorization for asked in portal.asked] == [f"Bearer {TOKEN}", TOKEN]


def test_without_a_token_it_signs_in_once(portal, portal_client):
    client = portal_client(token="", email=EMAIL, password=PASSWORD)
    client.get("/api/partners")
    client.get("/api/endpoints")
    assert portal.paths() == ["/api/authenticate", "/api/partners", "/api/endpoints"]


def test_an_expired_token_is_renewed_and_the_question_asked_again(portal, portal_client):
    client = portal_client(token="expired", email=EMAIL, password=PASSWORD)
    assert client.get("/api/partners") == {"data": []}
    assert portal.paths() == ["/api/partners", "/api/authenticate", "/api/partners"]


def test_many_threads_with_an_expired_token_sign_in_once(portal, portal_client):
    client = portal_client(token="expired", email=EMAIL, password=PASSWORD, concurrency=8)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("/api/partners"), range(24)))
    assert answers == [{"data": []}] * 24
    assert portal.paths().count("/api/authenticate") == 1


def test_an_expired_token_without_credentials_says_what_to_do(portal, portal_client):
    with pytest.raises(PortalLoggedOut, match="POS_BILLING_PORTAL_TOKEN"):
        portal_client(token="expired").get("/api/partners")


def test_wrong_credentials_say_what_to_look_at(portal, portal_client):
    with pytest.raises(PortalLoggedOut, match="POS_BILLING_PORTAL_PASSWORD"):
        portal_client(token="", email=EMAIL, password="wrong").get("/api/partners")


def test_a_new_token_that_is_refused_as_well_ends_it(portal, portal_client):
    portal.faults.append(Fault("/api/partners", 401, times=None))
    with pytest.raises(PortalLoggedOut):
        portal_client(email=EMAIL, password=PASSWORD).get("/api/partners")
    assert portal.paths() == ["/api/partners", "/api/authenticate", "/api/partners"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_trouble_is_tried_again_with_growing_pauses(portal, portal_client, status):
    portal.faults.append(Fault("/api/partners", status, times=3))
    client = portal_client(backoff_seconds=1.0, attempts=4)
    assert client.get("/api/partners") == {"data": []}
    assert (client.calls, client.retries) == (4, 3)
    first, second, third = client.pauses
    assert 0.75 <= first <= 1.25 < 1.5 <= second <= 2.5 < 3.0 <= third <= 5.0


def test_trouble_that_stays_is_given_up_with_the_reason(portal, portal_client):
    portal.faults.append(Fault("/api/partners", 500, {"errors": ["database is down"]}, times=None))
    with pytest.raises(PortalUnreachable, match="500: database is down, 3 attempts"):
        portal_client(attempts=3).get("/api/partners")
    assert len(portal.asked) == 3


def test_the_pause_the_portal_asks_for_is_kept_up_to_a_minute(portal, portal_client):
    portal.faults.append(Fault("/api/partners", 429, headers={"Retry-After": "7"}))
    portal.faults.append(Fault("/api/partners", 429, headers={"Retry-After": "86400"}))
    client = portal_client()
    client.get("/api/partners")
    assert client.pauses == [7.0, 60.0]


def test_a_broken_connection_is_tried_again(portal, portal_client):
    portal.faults.append(Fault("/api/partners", drops_connection=True, times=2))
    assert portal_client().get("/api/partners") == {"data": []}
    portal.faults.append(Fault("/api/partners", drops_connection=True, times=None))
    with pytest.raises(PortalUnreachable, match="the connection failed"):
        portal_client(attempts=2).get("/api/partners")


def test_no_answer_in_time_is_tried_again(portal, portal_client):
    portal.faults.append(Fault("/api/partners", 200, "[]", delay_seconds=0.4))
    client = portal_client(timeout_seconds=0.1)
    assert client.get("/api/partners") == {"data": []}
    portal.faults.append(Fault("/api/partners", 200, "[]", delay_seconds=0.4, times=None))
    with pytest.raises(PortalUnreachable, match=r"no answer within 0\.1 seconds, 2 attempts"):
        portal_client(timeout_seconds=0.1, attempts=2).get("/api/partners")


def test_a_server_that_is_not_there(portal_client):
    with pytest.raises(PortalUnreachable, match="connection failed"):
        portal_client(url="http://127.0.0.1:1", attempts=2).get("/api/partners")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"errors": ["one", "two"]}, "one; two"),
        ({"errors": "just a text"}, "just a text"),
        ({"errors": {"name": ["is taken", "is short"]}}, "name: is taken; name: is short"),
        (
            {"error": "insufficient_scope", "required_scopes": ["instances:read"]},
            "insufficient_scope; needs the scopes instances:read",
        ),
        (b"", r"403\)"),
        ("<html>Forbidden</html>", r"403\)"),
        ([1, 2], r"403\)"),
    ],
)
def test_refusals_of_every_shape_are_told_and_not_repeated(portal, portal_client, body, said):
    portal.faults.append(Fault("/api/partners", 403, body, times=None))
    with pytest.raises(PortalForbidden, match=said):
        portal_client().get("/api/partners")
    assert len(portal.asked) == 1


def test_not_authorized_that_comes_as_500_is_not_repeated(portal, portal_client):
    portal.faults.append(Fault("/api/partners", 500, {"errors": "Pundit::NotAuthorizedError"}, times=None))
    with pytest.raises(PortalForbidden, match="may not read this"):
        portal_client().get("/api/partners")
    assert len(portal.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, PortalMissing), (410, PortalMissing), (422, PortalRejected), (400, PortalRejected), (302, PortalRejected)],
)
def test_other_refusals(portal, portal_client, status, kind):
    portal.faults.append(Fault("/api/partners", status, {"errors": ["no"]}, headers={"Location": "/sign_in"}))
    with pytest.raises(kind, match=f"{status}"):
        portal_client().get("/api/partners")


def test_an_answer_that_is_no_json_is_never_quoted(portal, portal_client):
    portal.faults.append(Fault("/api/x", 200, f'{{"data": {{"secret_key": "{SECRET}"'))
    with pytest.raises(PortalUnreadable) as caught:
        portal_client().get("/api/x")
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_secrets_the_portal_echoes_are_taken_out_of_messages_and_logs(portal, portal_client, caplog):
    caplog.set_level(logging.DEBUG)
    portal.faults.append(Fault("/api/partners", 422, {"errors": [f"bad token {TOKEN}", PASSWORD]}))
    client = portal_client(email=EMAIL, password=PASSWORD)
    with pytest.raises(PortalError) as caught:
        client.get("/api/partners")
    assert str(caught.value) == "/api/partners: the Portal answered 422: bad token …; …."
    assert TOKEN not in caplog.text
    assert PASSWORD not in caplog.text
    assert TOKEN not in repr(client._settings)
    assert PASSWORD not in repr(client._settings)


def test_numbers_with_a_fraction_stay_text(portal, portal_client):
    portal.faults.append(Fault("/api/x", 200, '{"price": 110.10}'))
    assert portal_client().get("/api/x") == {"price": "110.10"}


def test_calls_begin_no_faster_than_the_pace():
    now, waited = [100.0], []
    pace = RateLimit(4.0, sleep=waited.append, clock=lambda: now[0])
    for _ in range(3):
        pace.wait()
    now[0] += 10
    pace.wait()
    assert waited == [0.25, 0.5]


def test_the_pace_holds_for_real_threads(portal, settings_for):
    with PortalClient(settings_for(calls_per_second=50.0, concurrency=8)) as client, ThreadPoolExecutor(8) as pool:
        began = time.monotonic()
        list(pool.map(lambda _: client.get("/api/partners"), range(11)))
        assert time.monotonic() - began >= 0.2


def test_settings_refuse_to_guess(settings, settings_for):
    environ = {"POS_BILLING_PORTAL_TOKEN": "x"}
    settings.POS_BILLING_PORTAL_PRICE_UNIT = ""
    with pytest.raises(PortalNotSetUp, match="PRICE_UNIT to 'cents' or 'dollars'"):
        portal_settings(environ)
    settings.POS_BILLING_PORTAL_PRICE_UNIT = "dollars"
    with pytest.raises(PortalNotSetUp, match="POS_BILLING_PORTAL_TOKEN"):
        portal_settings({})
    assert portal_settings(environ).url == "https://partners.platformos.com"
    assert portal_settings({"POS_BILLING_PORTAL_EMAIL": "a", "POS_BILLING_PORTAL_PASSWORD": "b"}).email == "a"
    for wrong in ({"attempts": 0}, {"vanish_limit_percent": 101}, {"url": "partners.platformos.com"}):
        with pytest.raises(PortalNotSetUp, match="POS_BILLING_PORTAL_"):
            settings_for(**wrong)
