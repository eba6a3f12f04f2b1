"""The buttons of the double's pages."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from example_site.stripe_double.control_access import locate
from example_site.stripe_double.control_api import authenticate_intent
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.pages.rendering import form_of
from example_site.stripe_double.resources import account_objects, disputes, refunds
from example_site.stripe_double.store import account_of

Form = dict[str, str]


class Actions:
    """Each button is a form that posts here and comes back to its page."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"/{name}", self._endpoint(getattr(self, name)), methods=["POST"])
            for name in (
                "clock",
                "retry",
                "resend",
                "dispute",
                "close_dispute",
                "refund",
                "fail_refund",
                "authenticate",
                "fault",
                "unfault",
                "deauthorise",
            )
        ]

    def _endpoint(self, action: Any) -> Any:
        async def answer(request: Request) -> Response:
            origin = request.headers.get("origin")
            if origin not in (None, "null", f"{request.url.scheme}://{request.headers.get('host')}"):
                return PlainTextResponse("Only the double's own pages may do this.", 403)
            action(await form_of(request))
            self.double.changes += 1
            return RedirectResponse(request.headers.get("referer") or "/", 303)

        return answer

    def clock(self, form: Form) -> None:
        """Move, stop or release the clock."""
        if form.get("advance"):
            self.double.clock.advance(float(form["advance"]))
        elif form.get("moment"):
            self.double.clock.set(datetime.fromisoformat(form["moment"]).replace(tzinfo=UTC).timestamp())
        else:
            self.double.clock.freeze(bool(form.get("freeze")))

    def retry(self, form: Form) -> None:
        """Send waiting webhooks now."""
        self.double.webhooks.retry_now()

    def resend(self, form: Form) -> None:
        """Deliver an event again."""
        scope, event = locate(self.double, "event", form["identifier"])
        self.double.webhooks.resend(scope, event)

    def dispute(self, form: Form) -> None:
        """Dispute a charge."""
        scope, charge = locate(self.double, "charge", form["identifier"])
        disputes.open_dispute(scope, charge)

    def close_dispute(self, form: Form) -> None:
        """End a dispute."""
        scope, item = locate(self.double, "dispute", form["identifier"])
        disputes.close_dispute(scope, item, form["value"])

    def refund(self, form: Form) -> None:
        """Refund what is left of a charge, as somebody may do in Stripe's dashboard."""
        scope, charge = locate(self.double, "charge", form["identifier"])
        refunds.give_back(scope, charge, None)

    def fail_refund(self, form: Form) -> None:
        """Let a refund fail."""
        scope, item = locate(self.double, "refund", form["identifier"])
        refunds.fail_refund(scope, item)

    def authenticate(self, form: Form) -> None:
        """Answer 3-D Secure."""
        identifier = form["identifier"]
        scope, intent = locate(
            self.double, "setup_intent" if identifier.startswith("seti_") else "payment_intent", identifier
        )
        authenticate_intent(scope, intent, form.get("value") == "pass")

    def fault(self, form: Form) -> None:
        """Switch a fault on."""
        values: dict[str, Any] = {"kind": form["kind"], "where": form.get("where") or "*"}
        try:
            values["times"] = int(form["times"]) if form.get("times") else None
            values["probability"] = float(form.get("probability") or 1)
            if form.get("seconds"):
                values["seconds"] = float(form["seconds"])
            self.double.faults.add(**values)
        except ValueError as error:
            raise StripeError(400, "invalid_request_error", str(error)) from error

    def unfault(self, form: Form) -> None:
        """Switch a fault off."""
        self.double.faults.remove(int(form["identifier"]))

    def deauthorise(self, form: Form) -> None:
        """Disconnect an account."""
        account_objects.deauthorise(self.double, account_of(form["account"]))
