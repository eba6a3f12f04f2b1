"""The double's own pages: what it holds, and what happened."""

from collections import Counter

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from example_site.stripe_double.double import Double
from example_site.stripe_double.faults import KINDS
from example_site.stripe_double.pages.lists import Cell, Column, state, text
from example_site.stripe_double.pages.rendering import moment, page
from example_site.stripe_double.store import Object
from example_site.stripe_double.summary import money


class Dashboard:
    """Pages to look at."""

    def __init__(self, double: Double) -> None:
        self.double = double

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.overview),
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

    async def requests(self, request: Request) -> Response:
        """List the latest requests."""
        wanted = request.path_params.get("identifier")
        chosen = [item for item in reversed(self.double.requests) if wanted in (None, item["id"])][:200]

        def status(item: Object) -> Cell:
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
