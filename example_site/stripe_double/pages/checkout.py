"""Pages for the payer: the card form's frame, 3-D Secure, the hosted invoice, and its PDF."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from example_site.stripe_double.control_api import authenticate_intent
from example_site.stripe_double.double import Double
from example_site.stripe_double.pages.rendering import HERE, cents, text_of
from example_site.stripe_double.resources.hosted_links import works
from example_site.stripe_double.resources.invoice_payments import confirmation_secret
from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object

COUNTRIES = (
    ("US", "United States"),
    ("AU", "Australia"),
    ("CA", "Canada"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GB", "United Kingdom"),
    ("NL", "Netherlands"),
    ("PL", "Poland"),
    ("ES", "Spain"),
)


class Checkout:
    """What the card's holder sees."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/favicon.ico", self.icon),
            Route("/v3/", self.stripe_js),
            Route("/v3", self.stripe_js),
            Route("/dahlia/stripe.js", self.stripe_js),
            Route("/elements/payment", self.payment_element),
            Route("/authenticate/{account}/{secret}", self.authenticate, methods=["GET", "POST"]),
            Route("/i/{account}/{invoice}", self.invoice),
            Route("/i/{account}/{invoice}/pdf", self.invoice_pdf),
            Route("/credit_notes/{account}/{note}/pdf", self.credit_note_pdf),
            Route("/receipts/{account}/{charge}", self.receipt),
        ]

    async def stripe_js(self, request: Request) -> Response:
        """Send the stand-in for Stripe.js."""
        headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        return FileResponse(HERE / "static" / "stripe.js", media_type="text/javascript", headers=headers)

    async def icon(self, request: Request) -> Response:
        """Send the sign of the double."""
        return FileResponse(HERE / "static" / "icon.svg", media_type="image/svg+xml")

    async def payment_element(self, request: Request) -> Response:
        """Send the card form that lives in a frame."""
        theme = "night" if request.query_params.get("theme") == "night" else "stripe"
        return HTMLResponse(text_of("payment_element.html", theme=theme, countries=COUNTRIES))

    async def authenticate(self, request: Request) -> Response:
        """Ask the card's holder, as a bank does, and take the answer."""
        scope = self._scope(request.path_params["account"])
        secret = request.path_params["secret"]
        identifier = secret.partition("_secret_")[0]
        name = "setup_intent" if identifier.startswith("seti_") else "payment_intent"
        intent = scope.table(name).get(identifier) if scope else None
        if scope is None or intent is None or intent["client_secret"] != secret:
            return PlainTextResponse("There is no such request.", 404)
        waiting = intent["status"] == "requires_action"
        if request.method == "POST":
            passed = bool((await request.json())["passed"])
            if waiting:
                authenticate_intent(scope, intent, passed)
            return JSONResponse({"status": intent["status"], "return_url": self._return_url(scope, intent)})
        card = ""
        if waiting:
            method = scope.find("payment_method", intent["payment_method"])
            card = f"{method['card']['brand'].title()} •••• {method['card']['last4']}"
        amount = cents(intent["amount"], intent["currency"]) if name == "payment_intent" else ""
        return HTMLResponse(
            text_of(
                "authenticate.html",
                waiting=waiting,
                card=card,
                amount=amount,
                merchant=self._merchant(scope),
                purpose="this payment" if amount else "that this card may be saved",
            )
        )

    def _return_url(self, scope: Scope, intent: Object) -> str | None:
        url = scope.notes(intent["id"]).get("return_url")
        if not url:
            return None
        name = intent["object"]
        joint = "&" if "?" in url else "?"
        status = "succeeded" if intent["status"] == "succeeded" else "failed"
        return (
            f"{url}{joint}{name}={intent['id']}&{name}_client_secret={intent['client_secret']}&redirect_status={status}"
        )

    async def invoice(self, request: Request) -> Response:
        """Show an invoice, and take its payment."""
        values = self._invoice_values(request)
        if values is None:
            return PlainTextResponse("There is no such invoice.", 404)
        scope = self.double.scope(request.path_params["account"])
        if not works(scope, values["invoice"], request.query_params.get("s", "")):
            return PlainTextResponse("This link has expired. Please contact the business that sent it.", 410)
        return HTMLResponse(text_of("hosted_invoice.html", printed=False, **values))

    async def invoice_pdf(self, request: Request) -> Response:
        """Send an invoice as PDF."""
        values = self._invoice_values(request)
        if values is None:
            return PlainTextResponse("There is no such invoice.", 404)
        return await self._pdf(text_of("hosted_invoice.html", printed=True, **values), values["invoice"]["number"])

    async def credit_note_pdf(self, request: Request) -> Response:
        """Send a credit note as PDF."""
        scope = self._scope(request.path_params["account"])
        note = scope.table("credit_note").get(request.path_params["note"]) if scope else None
        if scope is None or note is None:
            return PlainTextResponse("There is no such credit note.", 404)
        return await self._pdf(
            text_of(
                "hosted_invoice.html",
                printed=True,
                heading="Credit note",
                invoice=note,
                lines=note["lines"]["data"],
                merchant=self._merchant(scope),
                customer=self._customer(scope, note),
                amount=note["total"],
                note="Credited",
                date=note["created"],
                client_secret=None,
                key=None,
                saved=None,
                pdf=None,
            ),
            note["number"],
        )

    async def receipt(self, request: Request) -> Response:
        """Show what a charge took."""
        scope = self._scope(request.path_params["account"])
        charge = scope.table("charge").get(request.path_params["charge"]) if scope else None
        if scope is None or charge is None:
            return PlainTextResponse("There is no such charge.", 404)
        line = {"description": charge["description"], "amount": charge["amount"]}
        shown = {
            "number": charge["id"],
            "status": charge["status"],
            "currency": charge["currency"],
            "total": charge["amount"],
        }
        return HTMLResponse(
            text_of(
                "hosted_invoice.html",
                printed=True,
                heading="Receipt",
                invoice=shown,
                lines=[line],
                pdf=None,
                merchant=self._merchant(scope),
                customer=self._customer(scope, charge),
                amount=charge["amount"],
                note="Paid",
                date=charge["created"],
                client_secret=None,
                key=None,
                saved=None,
            )
        )

    def _invoice_values(self, request: Request) -> Object | None:
        scope = self._scope(request.path_params["account"])
        invoice = scope.table("invoice").get(request.path_params["invoice"]) if scope else None
        if scope is None or invoice is None or invoice["status"] == "draft":
            return None
        secret = confirmation_secret(scope, invoice)
        customer = scope.table("customer").get(invoice["customer"])
        default = invoice["default_payment_method"] or (customer or {}).get("invoice_settings", {}).get(
            "default_payment_method"
        )
        open_amount = invoice["status"] == "open"
        return {
            "heading": "Invoice",
            "invoice": invoice,
            "lines": list(scope.where("line_item", "invoice", invoice["id"])),
            "merchant": self._merchant(scope),
            "customer": self._customer(scope, invoice),
            "pdf": invoice["invoice_pdf"],
            "amount": invoice["amount_remaining"] if open_amount else invoice["total"],
            "note": "To be paid" if open_amount else "Total",
            "date": invoice["effective_at"] or invoice["created"],
            "client_secret": secret["client_secret"] if secret else None,
            "key": self.double.accounts.keys_of(scope.place)["publishable_key"],
            "saved": scope.table("payment_method").get(default) if default else None,
        }

    def _scope(self, account: str) -> Scope | None:
        return self.double.scope(account) if account in self.double.store.shelves else None

    def _merchant(self, scope: Scope) -> str:
        return str(scope.find("account", scope.account)["settings"]["dashboard"]["display_name"])

    def _customer(self, scope: Scope, item: Object) -> str:
        customer = scope.table("customer").get(item["customer"]) if item["customer"] else None
        return str(customer["name"] or customer["email"] or customer["id"]) if customer else "Guest"

    async def _pdf(self, html: str, number: str) -> Response:
        try:
            from weasyprint import CSS, HTML
        except (ImportError, OSError) as error:
            return PlainTextResponse(f"PDFs need WeasyPrint and the libraries it uses: {error}", 503)

        def write() -> bytes:
            style = CSS(filename=str(HERE / "static" / "style.css"))
            return bytes(
                HTML(string=html.replace('<link rel="stylesheet" href="/static/style.css">', "")).write_pdf(
                    stylesheets=[style]
                )
            )

        headers = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
        return Response(await run_in_threadpool(write), media_type="application/pdf", headers=headers)
