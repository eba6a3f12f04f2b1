"""Lists of what the double holds."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from example_site.stripe_double.double import Double
from example_site.stripe_double.pages.rendering import cents, moment, page
from example_site.stripe_double.store import Object

PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column of a list."""

    label: str
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """What a list shows in one place: a text, a link, a state, or a button."""

    text: str
    link: str = ""
    state: str = ""
    action: str = ""
    identifier: str = ""


def text(value: Any) -> Cell:
    """Return a plain cell."""
    return Cell("—" if value in (None, "") else str(value))


def link(account: str, identifier: str | None, label: str | None = None) -> Cell:
    """Return a cell that leads to an object."""
    return Cell(label or identifier, link=f"/objects/{account}/{identifier}") if identifier else text(None)


def state(value: str, kind: str | None = None) -> Cell:
    """Return a cell that shows a state."""
    return Cell(value.replace("_", " "), state=kind or value)


class Lists:
    """Pages of lists, newest first."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/customers", self.customers),
            Route("/invoices", self.invoices),
            Route("/payments", self.payments),
            Route("/events", self.events),
            Route("/endpoints", self.endpoints),
        ]

    async def customers(self, request: Request) -> Response:
        """List customers."""

        def row(account: str, item: Object) -> list[Cell]:
            shelf = self.double.store.shelf(account)
            default = shelf.table("payment_method").get(item["invoice_settings"]["default_payment_method"] or "")
            card = f"{default['card']['brand']} •••• {default['card']['last4']}" if default else None
            invoices = sum(1 for _ in shelf.table("invoice").where("customer", item["id"]))
            return [
                link(account, item["id"], item["name"] or item["email"] or item["id"]),
                text(item["email"]),
                text(card),
                text(invoices),
                text(cents(item["balance"], item["currency"] or "usd")),
                text(moment(item["created"])),
            ]

        columns = [
            Column("Customer"),
            Column("Email"),
            Column("Card"),
            Column("Invoices", True),
            Column("Balance", True),
            Column("Made"),
        ]
        return self._list(request, "customer", "customers", "Customers", columns, row)

    async def invoices(self, request: Request) -> Response:
        """List invoices."""

        def row(account: str, item: Object) -> list[Cell]:
            return [
                link(account, item["id"], item["number"] or item["id"]),
                state(item["status"]),
                link(account, item["customer"], item["customer_name"] or item["customer"]),
                text(cents(item["total"], item["currency"])),
                text(cents(item["amount_remaining"], item["currency"])),
                text(moment(item["created"])),
            ]

        columns = [
            Column("Invoice"),
            Column("Status"),
            Column("Customer"),
            Column("Total", True),
            Column("Left to pay", True),
            Column("Made"),
        ]
        return self._list(request, "invoice", "invoices", "Invoices", columns, row)

    async def payments(self, request: Request) -> Response:
        """List charges."""

        def row(account: str, item: Object) -> list[Cell]:
            card = item["payment_method_details"]["card"]
            shown = "disputed" if item["disputed"] else "refunded" if item["refunded"] else item["status"]
            action = text(None)
            if item["status"] == "succeeded" and not item["disputed"] and not item["refunded"]:
                action = Cell("Dispute", action="dispute", identifier=item["id"])
            return [
                link(account, item["id"]),
                state(shown),
                text(cents(item["amount"], item["currency"])),
                text(f"{card['brand']} •••• {card['last4']}"),
                text(item["failure_message"] or item["description"]),
                text(moment(item["created"])),
                action,
            ]

        columns = [
            Column("Charge"),
            Column("Status"),
            Column("Amount", True),
            Column("Card"),
            Column("Note"),
            Column("Made"),
            Column(""),
        ]
        return self._list(request, "charge", "payments", "Payments", columns, row)

    async def events(self, request: Request) -> Response:
        """List events with their deliveries."""

        def row(account: str, item: Object) -> list[Cell]:
            deliveries = self.double.webhooks.deliveries_of(item["id"])
            shown = text("no endpoint")
            if deliveries:
                states = Counter(delivery.state for delivery in deliveries)
                worst = next(name for name in ("failed", "dropped", "waiting", "delivered") if states[name])
                shown = state(", ".join(f"{count} {name}" for name, count in states.items()), worst)
            subject = item["data"]["object"].get("id", "")
            return [
                link(account, item["id"], item["type"]),
                link(account, subject),
                shown,
                text(moment(item["created"])),
                Cell("Send again", action="resend", identifier=item["id"]),
            ]

        columns = [Column("Event"), Column("About"), Column("Deliveries"), Column("When"), Column("")]
        return self._list(request, "event", "events", "Events", columns, row)

    async def endpoints(self, request: Request) -> Response:
        """List webhook endpoints."""

        def row(account: str, item: Object) -> list[Cell]:
            connect = self.double.store.shelf(account).secret(item["id"]).get("connect")
            return [
                link(account, item["id"]),
                text(item["url"]),
                text("connected accounts" if connect else "own account"),
                text(", ".join(item["enabled_events"])),
                state(item["status"], "good" if item["status"] == "enabled" else "bad"),
            ]

        columns = [Column("Endpoint"), Column("URL"), Column("Hears of"), Column("Events"), Column("Status")]
        return self._list(request, "webhook_endpoint", "endpoints", "Endpoints", columns, row)

    def _list(self, request: Request, name: str, section: str, title: str, columns: list[Column], row: Any) -> Response:
        number = (
            max(1, int(request.query_params.get("page", "1"))) if request.query_params.get("page", "1").isdigit() else 1
        )
        pairs = [
            (account, item)
            for account, shelf in self.double.store.shelves.items()
            for item in islice(shelf.table(name).newest_first(), number * PAGE + 1)
        ]
        pairs.sort(key=lambda pair: -pair[1]["created"])
        rows = [row(account, item) for account, item in pairs[(number - 1) * PAGE : number * PAGE]]
        count = sum(len(shelf.table(name).objects) for shelf in self.double.store.shelves.values())
        older = number + 1 if len(pairs) > number * PAGE else None
        return page(self.double, "list.html", section, title, columns=columns, rows=rows, count=count, older=older)
