"""Connecting a Standard account by OAuth: the page that asks its owner, and the calls behind it."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from example_site.stripe_double.accounts import CLIENT_ID
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import StripeError
from example_site.stripe_double.pages.rendering import form_of, text_of
from example_site.stripe_double.resources.account_objects import add_account, deauthorise


def oauth_error(kind: str, text: str, status: int = 400) -> JSONResponse:
    """Return an error in OAuth's shape."""
    return JSONResponse({"error": kind, "error_description": text}, status)


class Connect:
    """OAuth of the double. Stripe's API description does not cover it, so it is judged by our tests only."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/oauth/authorize", self.authorise, methods=["GET", "POST"]),
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/oauth/deauthorize", self.deauthorise, methods=["POST"]),
        ]

    async def authorise(self, request: Request) -> Response:
        """Ask the owner of an account whether the platform may act for it."""
        query = dict(request.query_params)
        if query.get("client_id") != CLIENT_ID or not query.get("redirect_uri"):
            return PlainTextResponse(f"client_id must be {CLIENT_ID}, and redirect_uri must be given.", 400)
        if request.method == "GET":
            return HTMLResponse(text_of("connect.html", state=query.get("state", "")))
        form = await form_of(request)
        answer = {"state": query.get("state", "")}
        if form.get("answer") == "connect":
            name = form.get("name") or "Connected account"
            made = add_account(self.double, name=name, connected_to=None)
            code = f"ac_{self.double.identifiers.token(32)}"
            self.double.accounts.authorisation_codes[code] = made["account"]["id"]
            answer |= {"code": code, "scope": "read_write"}
        else:
            answer |= {"error": "access_denied", "error_description": "The user denied your request"}
        joint = "&" if "?" in query["redirect_uri"] else "?"
        return RedirectResponse(f"{query['redirect_uri']}{joint}{urlencode(answer)}", 303)

    async def token(self, request: Request) -> Response:
        """Exchange a code for access to the account that gave it."""
        form = await form_of(request)
        failure = self._refuse(request, form.get("client_secret", ""))
        if failure is not None:
            return failure
        code = form.get("code", "")
        account = self.double.accounts.authorisation_codes.pop(code, None)
        if form.get("grant_type") != "authorization_code" or account is None:
            return oauth_error("invalid_grant", f"Authorization code does not exist: {code}")
        self.double.accounts.connect(account)
        keys = self.double.accounts.keys_of(account)
        return JSONResponse(
            {
                "access_token": keys["secret_key"],
                "livemode": False,
                "refresh_token": f"rt_{self.double.identifiers.token(32)}",
                "scope": "read_write",
                "stripe_publishable_key": keys["publishable_key"],
                "stripe_user_id": account,
                "token_type": "bearer",
            }
        )

    async def deauthorise(self, request: Request) -> Response:
        """Give up access to an account."""
        form = await form_of(request)
        failure = self._refuse(request, form.get("client_secret", ""))
        if failure is not None:
            return failure
        account = form.get("stripe_user_id", "")
        try:
            deauthorise(self.double, account)
        except StripeError as error:
            return oauth_error("invalid_client", str(error), 401)
        return JSONResponse({"stripe_user_id": account})

    def _refuse(self, request: Request, secret: str) -> JSONResponse | None:
        header = request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.double.accounts.is_secret(secret or header):
            return None
        return oauth_error("invalid_client", "No such API key: Authentication is required for this endpoint.", 401)
