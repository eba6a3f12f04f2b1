"""What every part of the double works with. It knows no other part that works: they import it, never the other way."""

import time
from collections.abc import Callable

from example_site.stripe_double.accounts import Accounts
from example_site.stripe_double.clock import Clock
from example_site.stripe_double.faults import Faults
from example_site.stripe_double.identifiers import Identifiers
from example_site.stripe_double.specification import Specification, violations
from example_site.stripe_double.store import Object, Store
from example_site.stripe_double.switches import Switches

Listener = Callable[[str, Object], None]


class Core:
    """The objects, the clock, the keys and the switches of a double, and who is told of events."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.base_url = ""
        self.clock = Clock()
        self.listeners: list[Listener] = []
        self.forget(None)

    def forget(self, seed: int | None) -> None:
        """Forget everything that was done."""
        self.store = Store()
        self.accounts = Accounts()
        self.switches = Switches()
        self.identifiers = Identifiers(seed)
        self.faults = Faults()
        self.problems: list[str] = []
        self.made_at: dict[str, float] = {}
        self.changes = 0

    def tell(self, place: str, event: Object) -> None:
        """Hand an event to everybody who listens."""
        self.changes += 1
        for listener in self.listeners:
            listener(place, event)

    def judge(self, name: str, item: Object) -> list[str]:
        """Return what Stripe's description holds against an object."""
        found = violations(self.specification.validator(name), item)
        return [str(violation) for violation in found]

    def record_problem(self, text: str) -> None:
        """Keep a fault of the double, or a use of what it does not have, for tests to find."""
        self.problems.append(text)

    def hidden_from_search(self, identifier: str) -> bool:
        """Tell whether an object is too young for Stripe's search, which lags behind by up to a minute."""
        if not self.switches.search_delay:
            return False
        return time.monotonic() - self.made_at.get(identifier, 0.0) < self.switches.search_delay
