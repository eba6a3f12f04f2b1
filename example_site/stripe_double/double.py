"""The double itself: its core, and the parts that answer, remember, fail and deliver."""

import logging
from collections import Counter, deque
from typing import Any

from example_site.stripe_double.core import Core
from example_site.stripe_double.idempotency import Memory
from example_site.stripe_double.resources.account_objects import add_platform
from example_site.stripe_double.scope import Request, Scope
from example_site.stripe_double.specification import Specification
from example_site.stripe_double.store import Object
from example_site.stripe_double.webhooks import Webhooks

LOGGED_REQUESTS = 2000

logger = logging.getLogger(__name__)


class Double(Core):
    """A Stripe of one's own, in memory."""

    def __init__(self, *, seed: int | None = None, specification: Specification | None = None) -> None:
        super().__init__(specification or Specification.load())
        self.webhooks = Webhooks(self)
        self.listeners.append(self.webhooks.announce)
        self.clock.on_change(self.webhooks.clock_moved)
        self.reset(seed)

    def reset(self, seed: int | None = None) -> None:
        """Forget everything, and begin with one platform account."""
        self.forget(seed)
        self.memory = Memory()
        self.requests: deque[Object] = deque(maxlen=LOGGED_REQUESTS)
        self.calls: Counter[str] = Counter()
        self.clock.load({"offset": 0.0, "stopped_at": None})
        self.webhooks.reset()
        add_platform(self)

    def scope(self, place: str, request: Request | None = None) -> Scope:
        """Return the view of an account, in test mode or in live mode."""
        return Scope(self, place, request)

    def log_exception(self, label: str, error: Exception) -> None:
        """Write where an unexpected error came from to the log."""
        logger.error("%s failed", label, exc_info=error)

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
