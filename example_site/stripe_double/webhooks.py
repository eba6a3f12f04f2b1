"""Webhooks: which endpoints hear of an event, and deliveries that are signed, retried, and sometimes go astray."""

import asyncio
import heapq
import itertools
from collections import deque
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import orjson

from example_site.stripe_double.core import Core
from example_site.stripe_double.delivery import Sender
from example_site.stripe_double.scope import Scope
from example_site.stripe_double.store import Object, is_live, place_of
from example_site.stripe_double.versions import rendered

# Seconds of the double's clock before each retry; Stripe goes on for about three days.
BACK_OFF = (300, 1800, 7200, 18000, 36000, 43200, 43200, 43200, 43200)
CONCURRENCY = 4
WAITING, DELIVERED, FAILED, DROPPED = "waiting", "delivered", "failed", "dropped"


@dataclass
class Delivery:
    """One event on its way to one endpoint."""

    number: int
    event: str
    event_type: str
    account: str
    owner: str
    endpoint: str
    state: str = WAITING
    due: float = 0.0
    attempts: list[dict[str, Any]] = field(default_factory=list)


class Webhooks:
    """All deliveries: those that wait, and what became of the others."""

    def __init__(self, double: Core) -> None:
        self.double = double
        self.sender = Sender()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.reset()

    def reset(self) -> None:
        """Forget all deliveries; those under way end unheard."""
        self.generation = getattr(self, "generation", 0) + 1
        self.deliveries: dict[int, Delivery] = {}
        self.of_event: dict[str, list[int]] = {}
        self.back_off: tuple[float, ...] = BACK_OFF
        self.concurrency = CONCURRENCY
        self.paused = False
        self._numbers = itertools.count(1)
        self._ready: deque[int] = deque()
        self._held: dict[str, list[int]] = {}
        self._later: list[tuple[float, int]] = []
        self._busy = 0
        self._on_the_way = 0
        self._retry_timer: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Begin to deliver, on the running event loop."""
        self.loop = asyncio.get_running_loop()
        self.clock_moved()
        self._pump()

    async def stop(self) -> None:
        """End deliveries that are under way."""
        for task in list(self._tasks):
            task.cancel()
        await self.sender.close()
        self.loop = None

    def announce(self, place: str, event: Object) -> None:
        """Send an event to every endpoint that asked for it."""
        for owner, endpoint in self._endpoints_for(place, event["type"]):
            self._send_new(place, event, owner, endpoint)
        event["pending_webhooks"] = self.pending(event["id"])

    def resend(self, scope: Scope, event: Object, endpoint: str | None = None) -> list[Delivery]:
        """Deliver an event once more, as the dashboard's "Resend" does."""
        wanted = self._endpoints_for(scope.place, event["type"])
        chosen = [(owner, item) for owner, item in wanted if endpoint in (None, item["id"])]
        return [self._send_new(scope.place, event, owner, item, faults=False) for owner, item in chosen]

    def pending(self, event: str) -> int:
        """Return how many endpoints have not taken an event yet."""
        return sum(1 for delivery in self.deliveries_of(event) if delivery.state != DELIVERED)

    def deliveries_of(self, event: str) -> list[Delivery]:
        """Return the deliveries of an event."""
        return [self.deliveries[number] for number in self.of_event.get(event, ())]

    def _endpoints_for(self, place: str, event_type: str) -> list[tuple[str, Object]]:
        """Return the endpoints that hear of an event, each with its owner's place.

        Test events go to the live Connect endpoints as well (docs.stripe.com/connect/webhooks: "both live and test
        webhooks are sent to your production webhook URLs").
        """
        platform = self.double.accounts.platform_of(place)
        hearing = [(place, False)]
        if platform is not None:
            hearing += [(place_of(platform, live), True) for live in sorted({is_live(place), True})]
        found = []
        for owner, connected in hearing:
            shelf = self.double.store.shelves.get(owner)
            if shelf is None:
                continue
            for endpoint in shelf.table("webhook_endpoint").objects.values():
                if (
                    shelf.secret(endpoint["id"]).get("connect", False) is not connected
                    or endpoint["status"] != "enabled"
                ):
                    continue
                if any(fnmatchcase(event_type, pattern) for pattern in endpoint["enabled_events"]):
                    found.append((owner, endpoint))
        return found

    def _send_new(self, account: str, event: Object, owner: str, endpoint: Object, *, faults: bool = True) -> Delivery:
        delivery = Delivery(next(self._numbers), event["id"], event["type"], account, owner, endpoint["id"])
        self.deliveries[delivery.number] = delivery
        self.of_event.setdefault(event["id"], []).append(delivery.number)
        fault = self.double.faults.for_webhook(event["type"], account) if faults else None
        if fault is None:
            self._enqueue(delivery.number)
        elif fault.kind == "webhook_drop":
            delivery.state = DROPPED
        elif fault.kind == "webhook_double":
            self._enqueue(delivery.number)
            self._enqueue(delivery.number)
        elif fault.kind == "webhook_late":
            self._after(fault.seconds or 0.0, delivery.number)
        else:
            self._hold(delivery, fault.window, fault.seconds or 0.0)
        return delivery

    def _hold(self, delivery: Delivery, window: int, seconds: float) -> None:
        held = self._held.setdefault(delivery.endpoint, [])
        held.append(delivery.number)
        self._on_the_way += 1
        if len(held) >= window:
            self._release(delivery.endpoint)
        elif len(held) == 1 and self.loop is not None:
            self.loop.call_later(seconds, self._release, delivery.endpoint)

    def _release(self, endpoint: str) -> None:
        for number in reversed(self._held.pop(endpoint, [])):
            self._on_the_way -= 1
            self._enqueue(number)

    def _after(self, seconds: float, number: int) -> None:
        generation = self.generation
        self._on_the_way += 1

        def arrive() -> None:
            if generation == self.generation:
                self._on_the_way -= 1
                self._enqueue(number)

        if self.loop is not None:
            self.loop.call_later(seconds, arrive)

    def _enqueue(self, number: int) -> None:
        self._ready.append(number)
        self._pump()

    def _pump(self) -> None:
        if self.loop is None or self.paused:
            return
        while self._ready and self._busy < self.concurrency:
            self._busy += 1
            task = self.loop.create_task(self._deliver(self.deliveries[self._ready.popleft()], self.generation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery, generation: int) -> None:
        shelf = self.double.store.shelf(delivery.owner)
        endpoint = shelf.table("webhook_endpoint").get(delivery.endpoint)
        event = self.double.store.shelf(delivery.account).table("event").get(delivery.event)
        try:
            if endpoint is None or event is None or endpoint["status"] != "enabled":
                # docs.stripe.com/webhooks: disabling or deleting an endpoint prevents the retries that come due.
                delivery.state = FAILED
                return
            shown = self._shown(Scope(self.double, delivery.account), event, endpoint)
            secrets = self._secrets(shelf.secret(endpoint["id"]))
            attempt = await self.sender.send(endpoint["url"], secrets, orjson.dumps(shown, option=orjson.OPT_INDENT_2))
        finally:
            if generation == self.generation:
                self._busy -= 1
                self._pump()
        if generation == self.generation:
            self._record(delivery, event, {"at": self.double.clock.now(), **attempt})
            self._pump()

    def _secrets(self, notes: Object) -> list[str]:
        """Return the secrets that sign; a rolled one goes on until its time (docs.stripe.com/webhooks, "Roll")."""
        now = self.double.clock.moment()
        return [notes["secret"], *(old for old, until in notes.get("rolled", []) if now < until)]

    def _shown(self, scope: Scope, event: Object, endpoint: Object) -> Object:
        """Return an event in the version of an endpoint (API reference, webhook endpoint `api_version`)."""
        version = endpoint["api_version"] or self.double.switches.account_api_version
        if version == event["api_version"]:
            return event
        data: Object = scope.notes(event["id"]).get("data") or event["data"]
        return {**event, "api_version": version, "data": rendered(data, version, scope.payments_of(data["object"]))}

    def _record(self, delivery: Delivery, event: Object, attempt: dict[str, Any]) -> None:
        delivery.attempts.append(attempt)
        status = attempt["status"]
        if status is not None and 200 <= status < 300:
            delivery.state = DELIVERED
        elif delivery.state != DELIVERED:
            retries = len(delivery.attempts) - 1
            if retries < len(self.back_off):
                delivery.due = self.double.clock.moment() + self.back_off[retries]
                heapq.heappush(self._later, (delivery.due, delivery.number))
                self._set_timer()
            else:
                delivery.state = FAILED
        event["pending_webhooks"] = self.pending(event["id"])
        self.double.changes += 1

    def clock_moved(self) -> None:
        """Send the retries that have become due."""
        now = self.double.clock.moment()
        while self._later and self._later[0][0] <= now:
            _, number = heapq.heappop(self._later)
            if self.deliveries[number].state == WAITING:
                self._enqueue(number)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._retry_timer is not None:
            self._retry_timer.cancel()
            self._retry_timer = None
        if self._later and self.loop is not None and not self.double.clock.frozen:
            wait = max(0.0, self._later[0][0] - self.double.clock.moment()) + 0.01
            self._retry_timer = self.loop.call_later(wait, self.clock_moved)

    def retry_now(self) -> int:
        """Send all waiting retries at once; return how many."""
        numbers = [number for _, number in sorted(self._later) if self.deliveries[number].state == WAITING]
        self._later.clear()
        for number in numbers:
            self._enqueue(number)
        return len(numbers)

    def set_paused(self, paused: bool) -> None:
        """Hold all deliveries back, or let them go."""
        self.paused = paused
        self._pump()

    @property
    def quiet(self) -> bool:
        """Tell whether nothing is on its way (retries that wait for their time do not count)."""
        return not self._ready and not self._busy and self._on_the_way == 0

    def dump(self) -> Object:
        """Return the state to be kept."""
        return {"deliveries": [asdict(delivery) for delivery in self.deliveries.values()]}

    def load(self, state: Object) -> None:
        """Take up what `dump` returned; whatever was on its way is sent again."""
        for values in state["deliveries"]:
            delivery = Delivery(**values)
            self.deliveries[delivery.number] = delivery
            self.of_event.setdefault(delivery.event, []).append(delivery.number)
            if delivery.state == WAITING:
                heapq.heappush(self._later, (delivery.due, delivery.number))
        self._numbers = itertools.count(max(self.deliveries, default=0) + 1)
        self.clock_moved()
