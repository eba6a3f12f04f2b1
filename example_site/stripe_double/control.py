"""Client of the double's control page, for tests, demos and benches."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

PAUSE_SECONDS = 0.02
RETRY_PAUSE_SECONDS = 0.2


class ControlError(RuntimeError):
    """The double refused what it was told, or did not get there in time."""


class Control:
    """Tells a running double what to do. Every method is one HTTP call; see `control_api` for what they mean."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send one control call and return its JSON answer."""
        data = json.dumps(body if body is not None else {}).encode() if method != "GET" else None
        request = urllib.request.Request(
            f"{self.base_url}/_control/{path}", data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ControlError(f"{method} {path}: {error.code} {error.read().decode()[:500]}") from error

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the double answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.call("GET", "state")
                return
            except (OSError, ControlError) as error:
                if time.monotonic() > until:
                    raise ControlError(f"The double at {self.base_url} does not answer.") from error
            time.sleep(PAUSE_SECONDS)

    def reset(self, seed: int | None = None) -> None:
        """Forget everything."""
        self.call("POST", "reset", {"seed": seed})

    def state(self) -> dict[str, Any]:
        """Return a summary: clock, counts, money, settings, problems."""
        return dict(self.call("GET", "state"))

    def problems(self) -> list[str]:
        """Return what the double did wrong, or was asked and does not have. Tests assert that it is empty."""
        return list(self.call("GET", "problems"))

    def set_clock(self, moment: float, *, frozen: bool | None = None) -> int:
        """Move the double's clock to a moment (Unix seconds)."""
        return int(self.call("POST", "clock", {"now": moment, "frozen": frozen})["now"])

    def advance_clock(self, seconds: float) -> int:
        """Move the double's clock forward."""
        return int(self.call("POST", "clock", {"advance": seconds})["now"])

    def add_fault(self, kind: str, where: str = "*", **options: Any) -> int:
        """Switch a fault on; return its number."""
        return int(self.call("POST", "faults", {"kind": kind, "where": where, **options})["identifier"])

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that are on."""
        return list(self.call("GET", "faults"))

    def clear_faults(self) -> None:
        """Switch all faults off."""
        self.call("DELETE", "faults")

    def settings(self, **values: Any) -> dict[str, Any]:
        """Change settings.

        There are `back_off`, `concurrency`, `paused`, and those of `switches.py`.
        """
        return dict(self.call("POST", "settings", values))

    def drain(self, seconds: float = 20.0, *, retries: bool = False) -> None:
        """Wait until no webhook is on its way; with `retries`, send those that wait for their time as well."""
        until = time.monotonic() + seconds
        while True:
            state = self.call("POST", "webhooks/retry") if retries else self.call("GET", "webhooks")
            if state["quiet"] and not (retries and state["waiting"]):
                return
            if time.monotonic() > until:
                raise ControlError(f"Webhooks are still on their way after {seconds} seconds: {state}")
            time.sleep(RETRY_PAUSE_SECONDS if retries else PAUSE_SECONDS)

    def deliveries(self, event: str | None = None) -> list[dict[str, Any]]:
        """Return the deliveries of an event, or all."""
        return list(self.call("GET", f"deliveries{f'?event={event}' if event else ''}"))

    def resend(self, event: str, endpoint: str | None = None) -> None:
        """Deliver an event once more."""
        self.call("POST", f"events/{event}/resend", {"endpoint": endpoint})

    def dispute(self, charge: str, reason: str = "fraudulent") -> dict[str, Any]:
        """Let a card's holder dispute a charge."""
        return dict(self.call("POST", f"charges/{charge}/dispute", {"reason": reason}))

    def close_dispute(self, dispute: str, status: str) -> dict[str, Any]:
        """End a dispute: "won" or "lost"."""
        return dict(self.call("POST", f"disputes/{dispute}/close", {"status": status}))

    def fail_refund(self, refund: str) -> dict[str, Any]:
        """Let a refund come back from the bank."""
        return dict(self.call("POST", f"refunds/{refund}/fail"))

    def add_card(
        self, customer: str, number: str = "4242424242424242", *, default: bool = True, **options: Any
    ) -> dict[str, Any]:
        """Give a customer a card, as if its holder had entered it (`exp_month`, `exp_year`, `set_up` may be given)."""
        return dict(self.call("POST", "cards", {"customer": customer, "number": number, "default": default, **options}))

    def change_card(self, payment_method: str, **changes: Any) -> dict[str, Any]:
        """Change how a card behaves (`charge`, `next_outcomes`), or let its bank renew it.

        A renewal gives `exp_month`, `exp_year` or `last4`.
        """
        return dict(self.call("POST", f"cards/{payment_method}", changes))

    def authenticate(self, intent: str, *, passed: bool = True) -> dict[str, Any]:
        """Answer 3-D Secure in the holder's place."""
        return dict(self.call("POST", f"intents/{intent}/authenticate", {"passed": passed}))

    def add_account(self, name: str, *, connected: bool = True, **options: Any) -> dict[str, Any]:
        """Make another account, connected to the platform or not; return it with its keys."""
        return dict(self.call("POST", "accounts", {"name": name, "connected": connected, **options}))

    def deauthorise(self, account: str, *, livemode: bool = False) -> None:
        """Let an account take the platform's access away, in one mode."""
        self.call("POST", f"accounts/{account}/deauthorise", {"livemode": livemode})

    def restricted_key(self, permissions: dict[str, str], **options: Any) -> str:
        """Make a restricted key: resources to "read" or "write", for example {"invoice": "write"}."""
        return str(self.call("POST", "keys", {"permissions": permissions, **options})["key"])

    def roll_key(self, key: str, *, seconds: float = 0.0) -> str:
        """Replace an API key; the old one works for some seconds of the double's clock. Returns the new one."""
        return str(self.call("POST", "keys", {"roll": key, "seconds": seconds})["key"])

    def roll_secret(self, endpoint: str, *, seconds: float = 0.0) -> str:
        """Give a webhook endpoint a new signing secret; the old one signs for some seconds more, too."""
        return str(self.call("POST", f"endpoints/{endpoint}/roll", {"seconds": seconds})["secret"])

    def send_event(self, event_type: str, name: str, identifier: str, *, livemode: bool = False) -> dict[str, Any]:
        """Announce an object in test mode or in live mode."""
        body = {"type": event_type, "object": name, "identifier": identifier, "livemode": livemode}
        return dict(self.call("POST", "events", body))

    def top_up(self, account: str, cents: int) -> list[str]:
        """Pay money into an account's balance; returns the refunds that had waited for it."""
        return list(self.call("POST", "top-up", {"account": account, "cents": cents}))

    def calls(self) -> dict[str, int]:
        """Return how often each endpoint was called since the last reset of the counters."""
        return dict(self.call("GET", "calls"))

    def reset_calls(self) -> None:
        """Set the counters to nothing."""
        self.call("DELETE", "calls")

    def requests(self) -> list[dict[str, Any]]:
        """Return the latest requests, oldest first."""
        return list(self.call("GET", "requests"))

    def money(self) -> dict[str, dict[str, int]]:
        """Return, for each account, what was charged, refunded and disputed, in cents."""
        return dict(self.call("GET", "money"))
