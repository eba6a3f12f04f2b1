"""Control calls about access: keys, secrets of endpoints, events by hand, money in the balance."""

from typing import Any

from starlette.requests import Request

from example_site.stripe_double.accounts import SECRET_KEY
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.resources import balance, refunds
from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object, place_of


def locate(double: Double, name: str, identifier: str) -> tuple[Scope, Object]:
    """Return an object of any account, with that account's scope."""
    for account, shelf in double.store.shelves.items():
        item = shelf.table(name).get(identifier)
        if item is not None:
            return double.scope(account), item
    raise StripeError(404, "invalid_request_error", f"No such {name}: '{identifier}'")


def keys(double: Double, request: Request, body: Object) -> Any:
    """Make a restricted key (`permissions`), or roll a key (`roll`): it works for `seconds` more."""
    if "roll" in body:
        old = body["roll"]
        new = f"{old[:8]}{double.identifiers.token(32)}"
        return {"key": double.accounts.roll(old, new, double.clock.moment() + float(body.get("seconds", 0)))}
    like = body.get("like", SECRET_KEY)
    new = f"rk_{'live' if double.accounts.keys[like].livemode else 'test'}_{double.identifiers.token(32)}"
    return {"key": double.accounts.restrict(new, body["permissions"], like)}


def roll_secret(double: Double, request: Request, body: Object) -> Any:
    """Give an endpoint a new secret; the old one signs for `seconds` more (the dashboard offers up to a day)."""
    scope, endpoint = locate(double, "webhook_endpoint", request.path_params["identifier"])
    notes = scope.notes(endpoint["id"])
    until = double.clock.moment() + float(body.get("seconds", 0))
    notes.setdefault("rolled", []).append([notes["secret"], until])
    notes["secret"] = f"whsec_{double.identifiers.token(32)}"
    return {"secret": notes["secret"]}


def send_event(double: Double, request: Request, body: Object) -> Any:
    """Announce an object once more, for example an account in the other mode (`livemode`)."""
    scope, item = locate(double, body["object"], body["identifier"])
    return double.scope(place_of(scope.account, bool(body.get("livemode")))).emit(body["type"], item)


def top_up(double: Double, request: Request, body: Object) -> Any:
    """Pay money into the balance of an account; refunds that wait for it go on."""
    scope = double.scope(body["account"])
    balance.book(scope, "topup", int(body["cents"]), "usd", scope.account, "Top-up")
    return refunds.send_waiting(scope)
