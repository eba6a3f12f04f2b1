"""The double's own pages: what it holds, and what happened."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from example_site.stripe_double.double import Double
from example_site.stripe_double.faults import KINDS
from example_site.stripe_double.pages.rendering import cents, moment, page
from example_site.stripe_double.store import Object
from example_site.stripe_double.summary import money

PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column of a list."""

    label: str
    number: bool = False


def text(value: Any) -> Object:
    """Return a plain cell."""
    return {"text": "—" if value in (None, "") else value}


def link(account: str, identifier: str | None, label: str | None = None) -> Object:
    """Return a cell that leads to an object."""
    return {"text": label or identifier, "link": f"/objects/{account}/{identifier}"} if identifier else text(None)


def state(value: str, kind: str | None = None) -> Object:
    """Return a cell that shows a state."""
    return {"text": value.replace("_", " "), "state": kind or value}


class Dashboard:
    """Pages to look at."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.overview),
            Route("/customers", self.customers),
            Route("/invoices", self.invoices),
            Route("/payments", self.payments),
            Route("/events", self.events),
            Route("/endpoints", self.endpoints),
            Route("/requests", self.requests),
            Route("/requests/{identifier}", self.requests),
            Route("/faults", self.faults),
            Route("/problems", self.problems),
            Route("/objects/{account}/{identifier}", self.object),
        ]

    async def overview(self, request: Request) -> Response:
        """Show sums, clock and accounts."""
        sums = money(self.double)
        total = {
            name: sum(values[name] for values in sums.values()) for name in ("kept", "charged", "refunded", "disputed")
        }
        accounts = [
            {
                "id": account,
                "name": shelf.table("account").objects[account]["settings"]["dashboard"]["display_name"],
                "connected": self.double.accounts.platform_of(account) is not None,
                "kept": sums[account]["kept"],
                "customers": len(shelf.table("customer").objects),
                "invoices": len(shelf.table("invoice").objects),
                "events": len(shelf.table("event").objects),
            }
            for account, shelf in self.double.store.shelves.items()
            if account in shelf.table("account").objects
        ]
        deliveries = sorted(Counter(item.state for item in self.double.webhooks.deliveries.values()).items())
        return page(self.double, "overview.html", "", "Overview", total=total, accounts=accounts, deliveries=deliveries)

    async def customers(self, request: Request) -> Response:
        """List customers."""

        def row(account: str, item: Object) -> list[Object]:
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

        def row(account: str, item: Object) -> list[Object]:
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

        def row(account: str, item: Object) -> list[Object]:
            card = item["payment_method_details"]["card"]
            shown = "disputed" if item["disputed"] else "refunded" if item["refunded"] else item["status"]
            action = text(None)
            if item["status"] == "succeeded" and not item["disputed"] and not item["refunded"]:
                action = {"text": "Dispute", "action": "dispute", "identifier": item["id"]}
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

        def row(account: str, item: Object) -> list[Object]:
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
                {"text": "Send again", "action": "resend", "identifier": item["id"]},
            ]

        columns = [Column("Event"), Column("About"), Column("Deliveries"), Column("When"), Column("")]
        return self._list(request, "event", "events", "Events", columns, row)

    async def endpoints(self, request: Request) -> Response:
        """List webhook endpoints."""

        def row(account: str, item: Object) -> list[Object]:
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

    async def requests(self, request: Request) -> Response:
        """List the latest requests."""
        wanted = request.path_params.get("identifier")
        chosen = [item for item in reversed(self.double.requests) if wanted in (None, item["id"])][:200]

        def status(item: Object) -> Object:
            code = item["status"]
            return state(str(code) if code else "dropped", "good" if code and code < 400 else "bad")

        rows = [
            [
                text(f"{item['method']} {item['path']}"),
                status(item),
                text(item["fault"]),
                text(f"{item['idempotency_key'] or '—'}{' (replayed)' if item['replayed'] else ''}"),
                text(f"{item['milliseconds']} ms"),
                text(moment(item["at"])),
            ]
            for item in chosen
        ]
        columns = [
            Column("Request"),
            Column("Status"),
            Column("Fault"),
            Column("Idempotency key"),
            Column("Took", True),
            Column("When"),
        ]
        return page(
            self.double,
            "list.html",
            "requests",
            "Requests",
            columns=columns,
            rows=rows,
            older=None,
            count=sum(self.double.calls.values()),
        )

    async def faults(self, request: Request) -> Response:
        """Show faults and a form for new ones."""
        return page(
            self.double, "faults.html", "faults", "Faults", kinds=list(KINDS.items()), rules=self.double.faults.rules
        )

    async def problems(self, request: Request) -> Response:
        """Show what went wrong in the double."""
        return page(self.double, "problems.html", "", "Problems", items=self.double.problems)

    async def object(self, request: Request) -> Response:
        """Show one object with its events."""
        account, identifier = request.path_params["account"], request.path_params["identifier"]
        shelf = self.double.store.shelves.get(account)
        found = (
            next((table.objects[identifier] for table in shelf.tables.values() if identifier in table.objects), None)
            if shelf
            else None
        )
        if shelf is None or found is None:
            return PlainTextResponse("There is no such object.", 404)
        about = [
            event for event in shelf.table("event").newest_first() if event["data"]["object"].get("id") == identifier
        ]
        deliveries = []
        for delivery in self.double.webhooks.deliveries_of(identifier):
            endpoint = self.double.store.shelf(delivery.owner).table("webhook_endpoint").get(delivery.endpoint)
            deliveries.append(
                {
                    "url": endpoint["url"] if endpoint else delivery.endpoint,
                    "state": delivery.state,
                    "attempts": delivery.attempts,
                }
            )
        links = [(found["hosted_invoice_url"], "Open the hosted page")] if found.get("hosted_invoice_url") else []
        status = found.get("status")
        return page(
            self.double,
            "object.html",
            "",
            found["object"].replace("_", " ").capitalize(),
            identifier=identifier,
            account=account,
            json=orjson.dumps(found, option=orjson.OPT_INDENT_2).decode(),
            events=about[:50],
            deliveries=deliveries,
            links=links,
            status=status if isinstance(status, str) else None,
            actions=self._actions(found),
        )

    def _actions(self, item: Object) -> list[tuple[str, str, str]]:
        kind, status = item["object"], item.get("status")
        if kind == "charge" and status == "succeeded" and not item["disputed"] and not item["refunded"]:
            return [("dispute", "Dispute", ""), ("refund", "Refund", "")]
        if kind == "dispute" and status not in ("won", "lost"):
            return [("close_dispute", "Close as won", "won"), ("close_dispute", "Close as lost", "lost")]
        if kind == "refund" and status == "succeeded":
            return [("fail_refund", "Let it fail", "")]
        if kind in ("setup_intent", "payment_intent") and status == "requires_action":
            return [("authenticate", "Pass 3-D Secure", "pass"), ("authenticate", "Fail 3-D Secure", "fail")]
        return [("resend", "Send again", "")] if kind == "event" else []

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
