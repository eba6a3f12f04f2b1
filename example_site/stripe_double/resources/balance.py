"""The balance, and the transactions that make it."""

from example_site.stripe_double.listing import listed
from example_site.stripe_double.routing import endpoint
from example_site.stripe_double.scope import Parameters, Scope
from example_site.stripe_double.store import Object

FEE_SHARE_PER_MILLE, FEE_FIXED = 29, 30
REPORTING = {"charge": "charge", "refund": "refund", "adjustment": "dispute", "refund_failure": "refund_failure"}


def book(scope: Scope, kind: str, amount: int, currency: str, source: str, description: str | None = None) -> Object:
    """Write one movement of money; a charge bears Stripe's fee."""
    fee = (amount * FEE_SHARE_PER_MILLE + 500) // 1000 + FEE_FIXED if kind == "charge" else 0
    fee_details = []
    if fee:
        fee_details = [
            {
                "amount": fee,
                "application": None,
                "currency": currency,
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ]
    return scope.save(
        scope.new(
            "balance_transaction",
            amount=amount,
            available_on=scope.now,
            balance_type="payments",
            currency=currency,
            description=description,
            fee=fee,
            fee_details=fee_details,
            net=amount - fee,
            reporting_category=REPORTING.get(kind, kind),
            source=source,
            status="available",
            type=kind,
        )
    )


def balance_of(scope: Scope) -> int:
    """Return the sum of all movements."""
    return sum(int(item["net"]) for item in scope.table("balance_transaction").objects.values())


@endpoint("GET", "/v1/balance")
def retrieve(scope: Scope, parameters: Parameters) -> Object:
    """Return the sum of all movements, by currency."""
    sums: dict[str, int] = {}
    for item in scope.table("balance_transaction").objects.values():
        sums[item["currency"]] = sums.get(item["currency"], 0) + item["net"]
    amounts = [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}} for currency, amount in sums.items()
    ]
    return {
        "object": "balance",
        "available": amounts or [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
        "livemode": scope.livemode,
        "pending": [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}],
    }


@endpoint("GET", "/v1/balance_transactions")
def list_all(scope: Scope, parameters: Parameters) -> Object:
    """List the movements."""
    return listed(scope, "balance_transaction", parameters, "/v1/balance_transactions")


@endpoint("GET", "/v1/balance_transactions/{id}")
def retrieve_transaction(scope: Scope, parameters: Parameters, id: str) -> Object:
    """Return one movement."""
    return scope.find("balance_transaction", id)
