"""What of Stripe's behaviour differs between accounts, or is not documented: set for the time of a test or a demo.

Each switch names the documented fact behind it, or says that there is none; then both positions are tested.
"""

from dataclasses import dataclass, field, fields
from typing import Any

from example_site.stripe_double.specification import API_VERSION


@dataclass
class Switches:
    """The settings of a running double. `control.settings(name=value)` sets them."""

    reads_per_second: int | None = None
    """Calls of one kind in a second, for all endpoints (docs.stripe.com/rate-limits: 100, in a sandbox 25)."""
    writes_per_second: int | None = None
    endpoint_per_second: int | None = None
    """Calls of one endpoint in a second (docs.stripe.com/rate-limits: 25)."""
    search_delay: float = 0.0
    """Seconds until a search finds an object (API reference: "searchable in less than a minute")."""
    search_available: bool = True
    """API reference: "Search functionality is not available to merchants in India". The error is not documented."""
    account_api_version: str = API_VERSION
    """The accounts' own version: events bear it, and so do endpoints made without one (API reference, Event)."""
    invoice_template_methods: list[str] = field(default_factory=lambda: ["card"])
    """How invoices may be paid that name no payment_method_types (API reference: "your invoice template settings")."""
    refunds_need_balance: bool = False
    """Refunds wait for money in the balance (docs.stripe.com/refunds). Off: a bank account stands behind it."""
    lines_of_inactive_products: bool = False
    """Whether an invoice's line may name an archived product. Documented for prices and subscriptions only."""
    unknown_filters: bool = False
    """Whether a list by an id that there is not is empty, instead of `resource_missing`. Not documented."""
    off_stripe_records: bool = True
    """Whether paid_out_of_band leaves an invoice payment with a payment record. Documented for attach_payment only."""

    def change(self, name: str, value: Any) -> None:
        """Set a switch; raise ValueError when there is none of that name, or the value is of another kind."""
        if name not in {item.name for item in fields(self)}:
            raise ValueError(f"No setting is called {name}.")
        kind = type(getattr(self, name))
        fits = isinstance(value, kind) or value is None or (kind is float and isinstance(value, int))
        limit = name.endswith("_per_second")
        if not (value is None or isinstance(value, int) if limit else fits and value is not None):
            raise ValueError(f"The setting {name} does not take {value!r}.")
        setattr(self, name, value)
