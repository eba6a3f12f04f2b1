"""The control page's HTTP calls under /_control/: what a person or a test may do that no caller of Stripe can.

Bodies and answers are JSON. `account` in a body names whose object is meant; without it, every account is searched.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from example_site.stripe_double import cards
from example_site.stripe_double.control_access import keys, locate, roll_secret, send_event, top_up
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import SpecificationViolation, StripeError
from example_site.stripe_double.faults import KINDS
from example_site.stripe_double.resources import (
    account_objects,
    disputes,
    payment_intents,
    payment_methods,
    refunds,
    setup_intents,
)
from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object, place_of
from example_site.stripe_double.summary import money, summary
from example_site.stripe_double.webhooks import WAITING

Action = Callable[[Double, Request, Object], Any]
CARD_FIELDS = ("exp_month", "exp_year", "last4")


def state(double: Double, request: Request, body: Object) -> Any:
    """Return a summary of everything."""
    return summary(double)


def reset(double: Double, request: Request, body: Object) -> Any:
    """Forget everything."""
    double.reset(body.get("seed"))
    return summary(double)


def problems(double: Double, request: Request, body: Object) -> Any:
    """Return what went wrong in the double."""
    return double.problems


def clock(double: Double, request: Request, body: Object) -> Any:
    """Set (`now`), advance (`advance`), stop or release (`frozen`) the clock."""
    if body.get("now") is not None:
        double.clock.set(float(body["now"]), frozen=body.get("frozen"))
    elif body.get("frozen") is not None:
        double.clock.freeze(bool(body["frozen"]))
    if body.get("advance"):
        double.clock.advance(float(body["advance"]))
    return {"now": double.clock.now(), "frozen": double.clock.frozen}


def faults(double: Double, request: Request, body: Object) -> Any:
    """List, add or remove faults."""
    if request.method == "GET":
        return [rule.describe() for rule in double.faults.rules]
    if request.method == "DELETE":
        number = request.path_params.get("number")
        double.faults.remove(number)
        return {"removed": number or "all"}
    try:
        return double.faults.add(**body).describe()
    except (TypeError, ValueError) as error:
        raise StripeError(400, "invalid_request_error", f"{error} Kinds: {', '.join(KINDS)}.") from error


def settings(double: Double, request: Request, body: Object) -> Any:
    """Change settings."""
    webhooks = double.webhooks
    for name, value in body.items():
        if name == "back_off":
            webhooks.back_off = tuple(float(item) for item in value)
        elif name == "concurrency":
            webhooks.concurrency = int(value)
        elif name == "paused":
            webhooks.set_paused(bool(value))
        else:
            try:
                double.switches.change(name, value)
            except ValueError as error:
                raise StripeError(400, "invalid_request_error", str(error)) from error
    return summary(double)["settings"]


def webhooks(double: Double, request: Request, body: Object) -> Any:
    """Tell whether webhooks are on their way; POST sends those that wait for a retry."""
    if request.method == "POST" and double.webhooks.quiet:
        double.webhooks.retry_now()
    waiting = sum(1 for delivery in double.webhooks.deliveries.values() if delivery.state == WAITING)
    return {"quiet": double.webhooks.quiet, "waiting": waiting}


def deliveries(double: Double, request: Request, body: Object) -> Any:
    """Return deliveries, of one event (`?event=`) or all."""
    event = request.query_params.get("event")
    chosen = double.webhooks.deliveries_of(event) if event else double.webhooks.deliveries.values()
    return [asdict(delivery) for delivery in chosen]


def resend(double: Double, request: Request, body: Object) -> Any:
    """Deliver an event again."""
    scope, event = locate(double, "event", request.path_params["identifier"])
    return [asdict(delivery) for delivery in double.webhooks.resend(scope, event, body.get("endpoint"))]


def dispute(double: Double, request: Request, body: Object) -> Any:
    """Dispute a charge."""
    scope, charge = locate(double, "charge", request.path_params["identifier"])
    return disputes.open_dispute(scope, charge, body.get("reason", "fraudulent"))


def close_dispute(double: Double, request: Request, body: Object) -> Any:
    """End a dispute."""
    scope, item = locate(double, "dispute", request.path_params["identifier"])
    return disputes.close_dispute(scope, item, body["status"])


def fail_refund(double: Double, request: Request, body: Object) -> Any:
    """Let a refund fail at the bank."""
    scope, item = locate(double, "refund", request.path_params["identifier"])
    return refunds.fail_refund(scope, item)


def add_card(double: Double, request: Request, body: Object) -> Any:
    """Give a customer a card."""
    scope, customer = locate(double, "customer", body["customer"])
    method = payment_methods.make_card(
        scope, body.get("number", "4242424242424242"), body.get("exp_month"), body.get("exp_year")
    )
    if body.get("set_up"):
        scope.notes(method["id"])["set_up"] = True
    payment_methods.attach_to(scope, method["id"], customer["id"])
    if body.get("default", True):
        chosen = {**customer["invoice_settings"], "default_payment_method": method["id"]}
        scope.update(customer, "customer.updated", invoice_settings=chosen)
    return method


def change_card(double: Double, request: Request, body: Object) -> Any:
    """Change how a card behaves, or renew it as its bank would."""
    scope, method = locate(double, "payment_method", request.path_params["identifier"])
    notes = scope.notes(method["id"])
    if "charge" in body:
        notes["charge"] = cards.check_outcome(body["charge"])
    if "next_outcomes" in body:
        notes["next_outcomes"] = [cards.check_outcome(outcome) for outcome in body["next_outcomes"]]
    renewed = {name: body[name] for name in CARD_FIELDS if name in body}
    if renewed:
        scope.update(method, "payment_method.automatically_updated", card={**method["card"], **renewed})
    return method


def authenticate_intent(scope: Scope, intent: Object, passed: bool) -> Object:
    """Answer 3-D Secure for an intent that waits for it."""
    if intent["status"] != "requires_action":
        raise StripeError(400, "invalid_request_error", f"{intent['id']} does not wait for 3-D Secure.")
    module = setup_intents if intent["object"] == "setup_intent" else payment_intents
    module.authenticated(scope, intent, passed)
    return intent


def authenticate(double: Double, request: Request, body: Object) -> Any:
    """Answer 3-D Secure in the holder's place."""
    identifier = request.path_params["identifier"]
    scope, intent = locate(double, "setup_intent" if identifier.startswith("seti_") else "payment_intent", identifier)
    return authenticate_intent(scope, intent, bool(body.get("passed", True)))


def accounts(double: Double, request: Request, body: Object) -> Any:
    """Make an account; GET lists all with their keys."""
    if request.method == "GET":
        return {account: double.accounts.keys_of(account) for account in double.store.shelves}
    options: dict[str, Any] = {
        name: body[name] for name in ("name", "email", "secret_key", "publishable_key", "country") if name in body
    }
    if not body.get("connected", True):
        options["connected_to"] = None
    return account_objects.add_account(double, **options)


def deauthorise(double: Double, request: Request, body: Object) -> Any:
    """Take the platform's access to an account away."""
    account = request.path_params["identifier"]
    account_objects.deauthorise(double, account, place_of(account, bool(body.get("livemode"))))
    return {"deauthorised": request.path_params["identifier"]}


def calls(double: Double, request: Request, body: Object) -> Any:
    """Return the counters of calls; DELETE sets them to nothing."""
    if request.method == "DELETE":
        double.calls.clear()
    return dict(double.calls)


def requests(double: Double, request: Request, body: Object) -> Any:
    """Return the latest requests."""
    return list(double.requests)


def all_money(double: Double, request: Request, body: Object) -> Any:
    """Return the sums of money by account."""
    return money(double)


def control_routes(double: Double) -> list[Route]:
    """Return the routes under /_control."""

    def route(path: str, action: Action, *methods: str) -> Route:
        async def answer(request: Request) -> Response:
            raw = await request.body()
            try:
                body = orjson.loads(raw) if raw else {}
                status, value = 200, action(double, request, body)
                double.changes += request.method != "GET"
            except orjson.JSONDecodeError as error:
                status, value = 400, {"error": {"message": f"The body is not JSON: {error}"}}
            except KeyError as error:
                status, value = 400, {"error": {"message": f"The body lacks {error}"}}
            except StripeError as error:
                status, value = error.status, error.body()
            except SpecificationViolation as violation:
                double.record_problem(str(violation))
                status, value = 500, {"error": {"message": str(violation)}}
            return Response(orjson.dumps(value), status, media_type="application/json")

        return Route(path, answer, methods=list(methods))

    return [
        route("/state", state, "GET"),
        route("/reset", reset, "POST"),
        route("/problems", problems, "GET"),
        route("/clock", clock, "GET", "POST"),
        route("/faults", faults, "GET", "POST", "DELETE"),
        route("/faults/{number:int}", faults, "DELETE"),
        route("/settings", settings, "POST"),
        route("/webhooks", webhooks, "GET"),
        route("/webhooks/retry", webhooks, "POST"),
        route("/deliveries", deliveries, "GET"),
        route("/events/{identifier}/resend", resend, "POST"),
        route("/charges/{identifier}/dispute", dispute, "POST"),
        route("/disputes/{identifier}/close", close_dispute, "POST"),
        route("/refunds/{identifier}/fail", fail_refund, "POST"),
        route("/cards", add_card, "POST"),
        route("/cards/{identifier}", change_card, "POST"),
        route("/intents/{identifier}/authenticate", authenticate, "POST"),
        route("/accounts", accounts, "GET", "POST"),
        route("/accounts/{identifier}/deauthorise", deauthorise, "POST"),
        route("/keys", keys, "POST"),
        route("/endpoints/{identifier}/roll", roll_secret, "POST"),
        route("/events", send_event, "POST"),
        route("/top-up", top_up, "POST"),
        route("/calls", calls, "GET", "DELETE"),
        route("/requests", requests, "GET"),
        route("/money", all_money, "GET"),
    ]
