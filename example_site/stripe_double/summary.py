"""What the double holds, in numbers."""

from dataclasses import asdict
from typing import Any

from example_site.stripe_double.double import Double


def money(double: Double) -> dict[str, dict[str, int]]:
    """Return, for each account, what was charged, refunded and disputed, and what is left, in cents."""
    result = {}
    for account, shelf in double.store.shelves.items():
        charged = sum(
            item["amount"] for item in shelf.table("charge").objects.values() if item["status"] == "succeeded"
        )
        refunded = sum(
            item["amount"] for item in shelf.table("refund").objects.values() if item["status"] == "succeeded"
        )
        disputed = sum(item["amount"] for item in shelf.table("dispute").objects.values() if item["status"] != "won")
        paid = sum(item["amount_paid"] for item in shelf.table("invoice").objects.values() if item["status"] == "paid")
        result[account] = {
            "charged": charged,
            "refunded": refunded,
            "disputed": disputed,
            "kept": charged - refunded - disputed,
            "invoices_paid": paid,
        }
    return result


def summary(double: Double) -> dict[str, Any]:
    """Return the state of the double at a glance."""
    webhooks = double.webhooks
    return {
        "clock": {"now": double.clock.now(), "frozen": double.clock.frozen},
        "accounts": {
            account: {name: len(table.objects) for name, table in sorted(shelf.tables.items())}
            for account, shelf in double.store.shelves.items()
        },
        "money": money(double),
        "problems": len(double.problems),
        "requests": sum(double.calls.values()),
        "faults": len(double.faults.rules),
        "settings": {
            "back_off": list(webhooks.back_off),
            "concurrency": webhooks.concurrency,
            "paused": webhooks.paused,
            **asdict(double.switches),
        },
    }
