"""From an HTTP request to Stripe's answer: key, parameters, idempotency, faults, work, expansion, judgement."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import orjson

from example_site.stripe_double import form
from example_site.stripe_double.accounts import PUBLISHABLE, allow
from example_site.stripe_double.connection import Connection
from example_site.stripe_double.double import Double
from example_site.stripe_double.errors import (
    SpecificationViolation,
    StripeError,
    lock_timeout,
    our_error,
    rate_limited,
    refused,
)
from example_site.stripe_double.expansion import check_depth, expanded
from example_site.stripe_double.faults import Fault
from example_site.stripe_double.routing import Route, Router
from example_site.stripe_double.scope import Parameters, Request, Scope
from example_site.stripe_double.specification import API_VERSION, violations
from example_site.stripe_double.store import account_of, place_of

ASGI = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
BEFORE = frozenset({"timeout_before", "drop_before", "rate_limit", "lock_timeout", "error_before", "late_effect"})


class Api:
    """The ASGI application of everything under /v1/."""

    def __init__(self, double: Double) -> None:
        self.double = double
        self.router = Router(double.specification)
        self._second = 0
        self._in_second: Counter[str] = Counter()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        connection = Connection(scope, receive, send)
        if connection.method == "OPTIONS":
            await connection.answer(204, b"")
            return
        body = await connection.body()
        request_id = f"req_{self.double.identifiers.token(14)}"
        started = time.perf_counter()
        exchange = Exchange(self, connection, body, request_id)
        status = await exchange.run()
        self.double.requests.append(
            {
                "id": request_id,
                "method": connection.method,
                "path": connection.path,
                "account": exchange.account,
                "idempotency_key": exchange.key,
                "status": status,
                "fault": exchange.fault.kind if exchange.fault else None,
                "replayed": exchange.replayed,
                "at": self.double.clock.now(),
                "milliseconds": round((time.perf_counter() - started) * 1000, 2),
            }
        )
        self.double.calls[exchange.label] += 1

    def count(self, method: str, label: str) -> None:
        """Count a call against the limits of this second; raise when one is over."""
        switches = self.double.switches
        kind = "read" if method == "GET" else "write"
        in_all = switches.reads_per_second if kind == "read" else switches.writes_per_second
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._in_second = second, Counter()
        for counted, limit, reason in (
            (kind, in_all, "global-rate"),
            (label, switches.endpoint_per_second, "endpoint-rate"),
        ):
            self._in_second[counted] += 1
            if limit is not None and self._in_second[counted] > limit:
                raise rate_limited(reason)


class Exchange:
    """One request and its answer."""

    def __init__(self, api: Api, connection: Connection, body: bytes, request_id: str) -> None:
        self.api, self.double = api, api.double
        self.connection, self.body, self.request_id = connection, body, request_id
        self.account: str | None = None
        self.place = ""
        self.key: str | None = None
        self.fault: Fault | None = None
        self.replayed = False
        self.label = f"{connection.method} (unknown)"
        self.reserved = False
        self.headers: dict[str, str] = {}

    async def run(self) -> int | None:
        """Do the whole exchange; return the status, or None when the connection was dropped."""
        try:
            status, answer = await self._exchange()
        except StripeError as error:
            self._abandon()
            self.headers.update(error.headers)
            status, answer = error.status, self._error_body(error)
        except _Dropped:
            await self.connection.drop()
            return None
        await self.connection.answer(status, answer, self._headers())
        return status

    async def _exchange(self) -> tuple[int, bytes]:
        place, publishable = self._authenticate()
        found = self.api.router.find(self.connection.method, self.connection.path)
        if found is None:
            raise self._unknown_path()
        route, values = found
        self.label = f"{self.connection.method} {route.operation.template}"
        if publishable and not route.publishable:
            raise StripeError(
                401,
                "invalid_request_error",
                "This API call cannot be made with a publishable API key. Please use a "
                "secret API key. You can find a list of your API keys in the Dashboard.",
                code="secret_key_required",
                remembered=False,
            )
        self.api.count(self.connection.method, self.label)
        parameters = self._parameters(route)
        replay = self._reserve(place)
        if replay is not None:
            return replay
        return await self._with_faults(place, publishable, route, values, parameters)

    def _authenticate(self) -> tuple[str, bool]:
        shown = self.connection.api_key()
        key = self.double.accounts.authenticate(shown, self.double.clock.moment())
        version = self.connection.header("stripe-version")
        if version not in (None, API_VERSION):
            raise refused(f"Invalid Stripe API version: {version}. The double speaks {API_VERSION} only.")
        self.account = self.double.accounts.acting_for(key.account, self.connection.header("stripe-account"))
        allow(key, shown or "", self.connection.method, self.connection.path)
        self.place = place_of(self.account, key.livemode)
        return self.place, key.kind == PUBLISHABLE

    def _parameters(self, route: Route) -> Parameters:
        operation = route.operation
        text = self.connection.query if self.connection.method != "POST" else self.body.decode()
        parameters = form.typed(form.decode(text), operation.parameters)
        found = violations(operation.request_validator, parameters)
        if found:
            raise refused(found[0].message, param=found[0].path or None)
        check_depth(parameters.get("expand", []))
        return Parameters(parameters)

    def _reserve(self, place: str) -> tuple[int, bytes] | None:
        key = self.connection.header("idempotency-key") if self.connection.method == "POST" else None
        if not key:
            return None
        self.key = key
        digest = hashlib.sha256(self.body).hexdigest()
        fingerprint = f"{self.connection.path} {digest}"
        found = self.double.memory.begin(place, key, fingerprint, self.request_id, self.double.clock.now())
        if found is None:
            self.reserved = True
            return None
        self.replayed = True
        self.headers["Original-Request"] = found.request_id
        self.headers["Idempotent-Replayed"] = "true"
        assert found.status is not None
        assert found.body is not None
        return found.status, found.body.encode()

    async def _with_faults(
        self, place: str, publishable: bool, route: Route, values: dict[str, str], parameters: Parameters
    ) -> tuple[int, bytes]:
        fault = self.fault = self.double.faults.for_request(
            self.connection.method, self.connection.path, account_of(place)
        )
        if fault is not None and fault.kind in BEFORE:
            await self._strike_before(fault)
        scope = Scope(self.double, place, Request(self.request_id, self.key), publishable=publishable)
        status, answer = self._work(scope, route, values, parameters)
        if fault is not None and fault.kind == "error_after":
            status, answer = 500, self._error_body(our_error())
        self._remember(status, answer)
        if fault is not None and fault.kind not in BEFORE:
            await self._strike_after(fault)
        return status, answer

    def _work(self, scope: Scope, route: Route, values: dict[str, str], parameters: Parameters) -> tuple[int, bytes]:
        expand = parameters.pop("expand", None)
        try:
            answer = route.handler(scope, parameters, **values)
            unread = parameters.unread()
            if unread:
                raise SpecificationViolation(
                    f"{self.label}: the double does not know what to do with {', '.join(unread)}"
                )
            if expand:
                answer = expanded(scope, answer, expand)
            found = violations(route.operation.response_validator, answer)
            if found:
                raise SpecificationViolation(f"{self.label}: {'; '.join(map(str, found))}")
            self.double.changes += self.connection.method != "GET"
            return 200, orjson.dumps(answer)
        except StripeError as error:
            if not error.remembered:
                self._abandon()
            self.double.changes += 1
            return error.status, self._error_body(error)
        except SpecificationViolation as violation:
            self.double.record_problem(str(violation))
            return 500, self._error_body(our_error(str(violation)))
        except Exception as error:  # noqa: BLE001 - a fault of the double must be seen by tests, whatever it is
            self.double.record_problem(f"{self.label}: {type(error).__name__}: {error}")
            self.double.log_exception(self.label, error)
            return 500, self._error_body(our_error())

    async def _strike_before(self, fault: Fault) -> None:
        if fault.kind == "rate_limit":
            raise rate_limited("global-rate")
        if fault.kind == "lock_timeout":
            raise lock_timeout()
        if fault.kind == "error_before":
            raise our_error()
        if fault.kind == "drop_before":
            self._abandon()
            raise _Dropped
        if fault.kind == "timeout_before":
            self._abandon()
            await self.connection.wait_until_gone(fault.seconds or 0.0)
            raise _Dropped
        await asyncio.sleep(fault.seconds or 0.0)

    async def _strike_after(self, fault: Fault) -> None:
        if fault.kind == "drop_after":
            raise _Dropped
        if fault.kind == "timeout_after":
            await self.connection.wait_until_gone(fault.seconds or 0.0)
            raise _Dropped
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds or 0.0)

    def _remember(self, status: int, answer: bytes) -> None:
        if self.reserved and self.key:
            self.double.memory.finish(self.place, self.key, status, answer)
            self.reserved = False

    def _abandon(self) -> None:
        if self.reserved and self.key:
            self.double.memory.abandon(self.place, self.key)
            self.reserved = False

    def _unknown_path(self) -> StripeError:
        method, path = self.connection.method, self.connection.path
        if self.api.router.described(method, path):
            self.double.record_problem(f"{method} {path}: Stripe has this endpoint, the double does not answer it")
        return StripeError(
            404,
            "invalid_request_error",
            f"Unrecognized request URL ({method}: {unquote(path)}). Please see "
            "https://stripe.com/docs or we can help at https://support.stripe.com/.",
            remembered=False,
        )

    def _error_body(self, error: StripeError) -> bytes:
        body = error.body()
        body["error"]["request_log_url"] = f"{self.double.base_url}/requests/{self.request_id}"
        found = self.double.judge("error", body)
        if found:
            self.double.record_problem(f"{self.label} error: {'; '.join(found)}")
        return orjson.dumps(body)

    def _headers(self) -> dict[str, str]:
        headers = {"Request-Id": self.request_id, "Stripe-Version": API_VERSION, **self.headers}
        if self.key:
            headers["Idempotency-Key"] = self.key
        stripe_account = self.connection.header("stripe-account")
        if stripe_account:
            headers["Stripe-Account"] = stripe_account
        return headers


class _Dropped(Exception):
    """The connection is to be closed without an answer."""
