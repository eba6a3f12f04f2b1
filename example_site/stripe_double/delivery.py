"""One signed HTTP request to a webhook endpoint, on this machine only."""

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

PATIENCE_SECONDS = 20.0
KEPT_CHARACTERS = 500


def signature(payload: bytes, secrets: Sequence[str], timestamp: int) -> str:
    """Return the Stripe-Signature header of a payload: one signature for each secret."""
    signed = f"{timestamp}.".encode() + payload
    digests = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={timestamp}", *(f"v1={digest}" for digest in digests)])


def loopback_target(url: str) -> tuple[str, str]:
    """Return where to connect and the Host header; a host that is not of this machine raises ValueError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        address = "127.0.0.1"
    else:
        try:
            loopback = ipaddress.ip_address(host).is_loopback
        except ValueError:
            loopback = False
        if not loopback:
            raise ValueError(f"{host} is not an address of this machine; the double delivers to nowhere else.")
        address = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{address}{port}", parts.path, parts.query, "")), parts.netloc


class Sender:
    """Sends signed payloads, keeping connections open between them."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def send(self, url: str, secrets: Sequence[str], payload: bytes) -> dict[str, Any]:
        """Send a payload; return the status, or the reason why there was none."""
        started = time.perf_counter()
        status, note = None, ""
        # Receivers compare the signature's time with their own clock, so it is the machine's, not the double's.
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, secrets, int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            target, headers["Host"] = loopback_target(url)
            response = await self._connection().post(target, content=payload, headers=headers)
            status, note = response.status_code, response.text[:KEPT_CHARACTERS]
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            note = f"{type(error).__name__}: {error}"[:KEPT_CHARACTERS]
        return {"status": status, "note": note, "milliseconds": round((time.perf_counter() - started) * 1000)}

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _connection(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False, follow_redirects=False)
        return self._client
