"""Idempotency keys: the first answer is replayed, failures included, and forgotten after a day."""

from dataclasses import asdict, dataclass
from typing import Any

from example_site.stripe_double.errors import StripeError

KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


@dataclass
class Remembered:
    """What was asked under a key, and what was answered (None while the first request is still at work)."""

    fingerprint: str
    request_id: str
    created: int
    status: int | None = None
    body: str | None = None


class Memory:
    """The keys of all accounts."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Remembered] = {}

    def begin(self, account: str, key: str, fingerprint: str, request_id: str, now: int) -> Remembered | None:
        """Return the answer to replay, or None after reserving the key for a first request."""
        if len(key) > LONGEST_KEY:
            raise StripeError(
                400,
                "idempotency_error",
                f"Keys for idempotent requests can be at most {LONGEST_KEY} characters.",
                remembered=False,
            )
        found = self._entries.get((account, key))
        if found is not None and now - found.created >= KEPT_SECONDS:
            found = None
        if found is None:
            self._entries[account, key] = Remembered(fingerprint, request_id, now)
            return None
        if found.fingerprint != fingerprint:
            raise StripeError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                remembered=False,
            )
        if found.status is None:
            raise StripeError(
                409,
                "idempotency_error",
                f"There is currently another in-progress request using this Stripe Idempotency Key: {key} (that "
                "probably means you submitted twice, and the other request is still going through).",
                code="idempotency_key_in_use",
                remembered=False,
            )
        return found

    def finish(self, account: str, key: str, status: int, body: bytes) -> None:
        """Remember the answer of a first request."""
        entry = self._entries[account, key]
        entry.status, entry.body = status, body.decode()

    def abandon(self, account: str, key: str) -> None:
        """Forget a key whose request never began."""
        self._entries.pop((account, key), None)

    def dump(self) -> list[Any]:
        """Return the finished entries as JSON values."""
        return [[account, key, asdict(entry)] for (account, key), entry in self._entries.items() if entry.status]

    def load(self, state: list[Any]) -> None:
        """Take up what `dump` returned."""
        self._entries = {(account, key): Remembered(**entry) for account, key, entry in state}
