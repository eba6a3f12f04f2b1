"""The HTTP client of the Partner Portal: credentials, pace, attempts, errors. It knows no shapes and no register."""

import json
import random
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from pos_billing.partner_api.errors import (
    PortalError,
    PortalForbidden,
    PortalLoggedOut,
    PortalMissing,
    PortalRejected,
    PortalUnreachable,
    PortalUnreadable,
)
from pos_billing.partner_api.refusals import reason_of
from pos_billing.partner_api.settings import PortalSettings

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT_SECONDS = 60.0


class RateLimit:
    """Lets calls of many threads begin at most ``per_second`` times a second."""

    def __init__(self, per_second: float, *, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._interval = 1.0 / per_second
        self._sleep, self._clock = sleep, clock
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when the caller's turn has come."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)


class PortalClient:
    """Reads the Portal's API. One client may be used by several threads at once.

    ``calls`` and ``retries`` count what was sent, for the log. ``sleep`` and ``clock`` are given by tests.
    """

    def __init__(
        self,
        settings: PortalSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._pace = RateLimit(settings.calls_per_second, sleep=sleep, clock=clock)
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._token, self._sign_ins = settings.token, 0
        self._secrets = settings.secrets
        self.calls = self.retries = 0
        self._http = httpx.Client(
            base_url=settings.url,
            timeout=settings.timeout_seconds,
            limits=httpx.Limits(max_connections=settings.concurrency),
            headers={"Accept": "application/json", "User-Agent": "pos-billing"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def get(self, path: str, **parameters: str | int) -> Any:
        """The decoded answer to ``GET path``. Numbers with a fraction stay text, so that no price becomes a float.

        Raises a ``PortalError`` of the kind that fits; an expired token is renewed once where that is possible.
        """
        sign_ins, token = self._credentials()
        try:
            return self._asked("GET", path, token, params=parameters)
        except PortalLoggedOut:
            token = self._renewed(sign_ins)
        return self._asked("GET", path, token, params=parameters)

    def _credentials(self) -> tuple[int, str]:
        with self._lock:
            if not self._token:
                self._sign_in()
            return self._sign_ins, self._token

    def _renewed(self, sign_ins: int) -> str:
        """A token newer than the one that was refused; only the first of many threads signs in."""
        with self._lock:
            if self._sign_ins == sign_ins:
                if not (self._settings.email and self._settings.password):
                    raise PortalLoggedOut(
                        "The Partner Portal does not take our token (401): it is expired or wrong. Set a new "
                        "POS_BILLING_PORTAL_TOKEN in the environment, or POS_BILLING_PORTAL_EMAIL and "
                        "POS_BILLING_PORTAL_PASSWORD, so that we can sign in again."
                    )
                self._sign_in()
            return self._token

    def _sign_in(self) -> None:
        """Ask for a token with e-mail and password. The caller holds the lock."""
        credentials = {"email": self._settings.email, "password": self._settings.password}
        try:
            answer = self._asked("POST", "/api/authenticate", "", json=credentials)
        except (PortalLoggedOut, PortalForbidden):
            raise PortalLoggedOut(
                "The Partner Portal refused to sign us in. Look at POS_BILLING_PORTAL_EMAIL and "
                "POS_BILLING_PORTAL_PASSWORD in the environment."
            ) from None
        token = answer.get("auth_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise PortalUnreadable("The Partner Portal signed us in without giving a token.")
        self._secrets = (*self._secrets, token)
        self._token, self._sign_ins = token, self._sign_ins + 1

    def _asked(self, method: str, path: str, token: str, **arguments: Any) -> Any:
        """Send the request, again with growing pauses where that may help, and decode the answer."""
        if token:
            arguments["headers"] = {"Authorization": f"Bearer {token}" if self._settings.bearer else token}
        attempt = 1
        while True:
            response, trouble = self._sent(method, path, arguments)
            if response is not None and not trouble:
                return self._decoded(response, path)
            if attempt >= self._settings.attempts:
                raise PortalUnreachable(f"{method} {path}: {trouble}, {attempt} attempts.")
            self._count("retries")
            self._sleep(self._pause(attempt, response))
            attempt += 1

    def _sent(self, method: str, path: str, arguments: dict[str, Any]) -> tuple[httpx.Response | None, str]:
        """One attempt: the answer, and the trouble another attempt may cure (empty: there is none)."""
        self._pace.wait()
        self._count("calls")
        try:
            response = self._http.request(method, path, **arguments)
        except httpx.TimeoutException:
            return None, f"no answer within {self._settings.timeout_seconds:g} seconds"
        except httpx.TransportError as error:
            return None, f"the connection failed ({type(error).__name__})"
        if response.status_code in RETRIED and not isinstance(self._refusal(response, path), PortalForbidden):
            return response, f"the Portal answered {response.status_code}{self._said(response)}"
        return response, ""

    def _decoded(self, response: httpx.Response, path: str) -> Any:
        if not response.is_success:
            raise self._refusal(response, path)
        try:
            return json.loads(response.content, parse_float=str)
        except ValueError:
            # Not chained: the error of the decoder carries the whole answer, and that may hold secrets.
            raise PortalUnreadable(f"GET {path}: the answer is not JSON.") from None

    def _refusal(self, response: httpx.Response, path: str) -> PortalError:
        """What an answer that is not a success means."""
        status, said = response.status_code, self._said(response)
        if status == 401:
            return PortalLoggedOut(f"{path}: the Portal answered 401{said}.")
        if status == 403 or (status == 500 and "NotAuthorized" in response.text):
            return PortalForbidden(f"{path}: our token may not read this ({status}{said}).")
        if status in (404, 410):
            return PortalMissing(f"{path}: the Portal knows no such thing ({status}{said}).")
        return PortalRejected(f"{path}: the Portal answered {status}{said}.")

    def _said(self, response: httpx.Response) -> str:
        """The reason the Portal gave, as ``: reason``, without any of our secrets."""
        reason = reason_of(response.content)
        for secret in self._secrets:
            reason = reason.replace(secret, "…")
        return f": {reason}" if reason else ""

    def _pause(self, attempt: int, response: httpx.Response | None) -> float:
        """Seconds until the next attempt: what the Portal asks for, otherwise doubling with some chance in it."""
        asked = response.headers.get("Retry-After", "") if response is not None else ""
        if asked.isdigit():
            return min(float(asked), LONGEST_WAIT_SECONDS)
        doubled: float = self._settings.backoff_seconds * 2 ** (attempt - 1)
        return min(doubled * random.uniform(0.75, 1.25), LONGEST_WAIT_SECONDS)

    def _count(self, what: str) -> None:
        with self._counting:
            setattr(self, what, getattr(self, what) + 1)
