"""Faults that tests switch on: lost answers, time-outs, refusals, and webhooks that go astray."""

import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

REQUEST_KINDS = {
    "timeout_before": "hangs for `seconds`, then drops the connection; nothing was done",
    "timeout_after": "does the work, hangs for `seconds`, then drops the connection; the answer is lost",
    "late_effect": "hangs for `seconds`, then does the work and answers: the client may have gone by then",
    "slow": "does the work, then waits `seconds` before it answers",
    "drop_before": "drops the connection; nothing was done",
    "drop_after": "does the work, then drops the connection; the answer is lost",
    "rate_limit": "answers 429; nothing was done",
    "lock_timeout": "answers 429 because another request holds the object; nothing was done",
    "error_before": "answers 500; nothing was done, and nothing is remembered under the idempotency key",
    "error_after": "does the work, answers 500; the 500 is what the idempotency key replays, as Stripe says of its own",
}
WEBHOOK_KINDS = {
    "webhook_drop": "never delivered, and never retried",
    "webhook_late": "delivered after `seconds` of the machine's clock",
    "webhook_double": "delivered twice",
    "webhook_reorder": "held back until `window` deliveries for the endpoint are waiting (or `seconds` have passed), "
    "then delivered in another order",
}
KINDS = {**REQUEST_KINDS, **WEBHOOK_KINDS}
DEFAULT_SECONDS = {
    "timeout_before": 90.0,
    "timeout_after": 90.0,
    "late_effect": 2.0,
    "slow": 1.0,
    "webhook_late": 2.0,
    "webhook_reorder": 0.5,
}


@dataclass
class Fault:
    """One rule. It strikes what fits `where` ("POST /v1/invoices/*/pay", or "invoice.*" for webhooks)."""

    kind: str
    where: str = "*"
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    seconds: float | None = None
    window: int = 2
    account: str | None = None
    identifier: int = 0
    struck: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}. There are: {', '.join(KINDS)}.")
        if not 0 <= self.probability <= 1:
            raise ValueError("A probability lies between 0 and 1.")
        if self.seconds is None:
            self.seconds = DEFAULT_SECONDS.get(self.kind, 0.0)
        self._random.seed(self.seed)

    def fits(self, subject: str, account: str) -> bool:
        """Tell whether the rule is about this subject at all."""
        return (self.account is None or self.account == account) and fnmatchcase(subject, self.where)

    def strikes(self) -> bool:
        """Count one fitting occasion; tell whether the fault happens this time."""
        if self.times is not None and self.struck >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        self.struck += 1
        return True

    def describe(self) -> dict[str, Any]:
        """Return the rule as JSON values."""
        values = asdict(self)
        values.pop("_random")
        return values


class Faults:
    """The rules that are switched on, tried in the order they were added."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._count = 0

    def add(self, **values: Any) -> Fault:
        """Switch a rule on."""
        rule = Fault(**values)
        self._count += 1
        rule.identifier = self._count
        self.rules.append(rule)
        return rule

    def remove(self, identifier: int | None = None) -> None:
        """Switch one rule off, or all."""
        self.rules = [rule for rule in self.rules if identifier is not None and rule.identifier != identifier]

    def for_request(self, method: str, path: str, account: str) -> Fault | None:
        """Return the fault that strikes a request."""
        return self._first(REQUEST_KINDS, f"{method} {path}", account)

    def for_webhook(self, event_type: str, account: str) -> Fault | None:
        """Return the fault that strikes a delivery."""
        return self._first(WEBHOOK_KINDS, event_type, account)

    def _first(self, kinds: dict[str, str], subject: str, account: str) -> Fault | None:
        for rule in self.rules:
            if rule.kind in kinds and rule.fits(subject, account) and rule.strikes():
                return rule
        return None
