"""An HTTP request as ASGI hands it over, and the ways of answering it, or of not answering."""

import asyncio
import base64
import binascii
from typing import Any

CROSS_ORIGIN = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, stripe-account, stripe-version, idempotency-key"),
    (b"access-control-expose-headers", b"request-id"),
    (b"access-control-max-age", b"300"),
)


class Connection:
    """One request."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode()
        self._headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        return self._headers.get(name)

    def api_key(self) -> str | None:
        """Return the API key, sent as Bearer or as the user name of Basic."""
        kind, _, value = (self.header("authorization") or "").partition(" ")
        if kind.lower() == "bearer":
            return value.strip()
        if kind.lower() == "basic":
            try:
                return base64.b64decode(value, validate=True).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                return None
        return None

    async def body(self) -> bytes:
        """Return the whole body."""
        parts: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return b"".join(parts)
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(parts)

    async def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send JSON."""
        sent = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *CROSS_ORIGIN]
        sent.extend(
            (name.lower().encode(), value.encode("latin-1", "replace")) for name, value in (headers or {}).items()
        )
        await self._send({"type": "http.response.start", "status": status, "headers": sent})
        await self._send({"type": "http.response.body", "body": body})

    async def wait_until_gone(self, seconds: float) -> None:
        """Wait until the client goes away, or the seconds are over."""

        async def gone() -> None:
            while (await self._receive())["type"] != "http.disconnect":
                continue

        try:
            await asyncio.wait_for(gone(), seconds)
        except TimeoutError:
            return

    async def drop(self) -> None:
        """Close the connection without a word."""
        self._scope["transport"].abort()
        await self.wait_until_gone(1.0)
