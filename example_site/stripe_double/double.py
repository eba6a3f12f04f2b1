"""The double itself: everything it holds, and what every part of it needs."""

import logging
import time
from collections import Counter, deque
from typing import Any

import orjson

from example_site.stripe_double.accounts import Accounts
from example_site.stripe_double.clock import Clock
from example_site.stripe_double.errors import SpecificationViolation
from example_site.stripe_double.faults import Faults
from example_site.stripe_double.idempotency import Memory
from example_site.stripe_double.identifiers import Identifiers
from example_site.stripe_double.scope import Request, Scope
from example_site.stripe_double.specification import API_VERSION, Specification, violations
from example_site.stripe_double.store import Object, Store
from example_site.stripe_double.webhooks import Webhooks

LOGGED_REQUESTS = 2000

logger = logging.getLogger(__name__)


class Double:
    """A Stripe of one's own, in memory."""

    def __init__(self, *, seed: int | None = None, specification: Specification | None = None) -> None:
        self.specification = specification or Specification.load()
        self.base_url = ""
        self.clock = Clock()
        self.webhooks = Webhooks(self)
        self.clock.on_change(self.webhooks.clock_moved)
        self.reset(seed)

    def reset(self, seed: int | None = None) -> None:
        """Forget everything, and begin with one platform account."""
        self.store = Store()
        self.identifiers = Identifiers(seed)
        self.faults = Faults()
        self.memory = Memory()
        self.problems: list[str] = []
        self.requests: deque[Object] = deque(maxlen=LOGGED_REQUESTS)
        self.calls: Counter[str] = Counter()
        self.search_delay = 0.0
        self.rate_limits: dict[str, int | None] = {"read": None, "write": None}
        self.made_at: dict[str, float] = {}
        self.changes = 0
        self.clock.load({"offset": 0.0, "stopped_at": None})
        self.webhooks.reset()
        self.accounts = Accounts(self)
        self.accounts.add_platform()

    def scope(self, account: str, request: Request | None = None) -> Scope:
        """Return an account's view."""
        return Scope(self, account, request)

    def judge(self, name: str, item: Object) -> list[str]:
        """Return what Stripe's description holds against an object."""
        found = violations(self.specification.validator(name), item)
        return [str(violation) for violation in found]

    def record_problem(self, text: str) -> None:
        """Keep a fault of the double, or a use of what it does not have, for tests to find."""
        self.problems.append(text)

    def log_exception(self, label: str, error: Exception) -> None:
        """Write where an unexpected error came from to the log."""
        logger.error("%s failed", label, exc_info=error)

    def hidden_from_search(self, identifier: str) -> bool:
        """Tell whether an object is too young for Stripe's search, which lags behind by up to a minute."""
        if not self.search_delay:
            return False
        return time.monotonic() - self.made_at.get(identifier, 0.0) < self.search_delay

    def announce(self, scope: Scope, event_type: str, item: Object, previous: Object | None = None) -> Object:
        """Record an event about an object and hand it to the webhooks. Both are judged first."""
        scope.check(item["object"], item)
        snapshot = orjson.loads(orjson.dumps(item))
        data: Object = {"object": snapshot}
        if previous is not None:
            data["previous_attributes"] = orjson.loads(orjson.dumps(previous))
        event = scope.new(
            "event",
            type=event_type,
            api_version=API_VERSION,
            data=data,
            request={"id": scope.request.identifier, "idempotency_key": scope.request.idempotency_key},
            pending_webhooks=0,
        )
        connected = self.accounts.platform_of(scope.account)
        if connected is not None:
            event["account"] = scope.account
        found = self.judge("event", event)
        if found:
            raise SpecificationViolation(f"event {event_type}: {'; '.join(found)}")
        scope.save(event)
        self.made_at[item["id"]] = self.made_at.get(item["id"]) or time.monotonic()
        self.changes += 1
        self.webhooks.announce(scope, event)
        return event

    def dump(self) -> dict[str, Any]:
        """Return everything that survives a restart as JSON values."""
        return {
            "accounts": self.accounts.dump(),
            "clock": self.clock.dump(),
            "memory": self.memory.dump(),
            "store": self.store.dump(),
            "webhooks": self.webhooks.dump(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Take up what `dump` returned."""
        self.store.load(state["store"])
        self.accounts.load(state["accounts"])
        self.memory.load(state["memory"])
        self.clock.load(state["clock"])
        self.webhooks.load(state["webhooks"])
