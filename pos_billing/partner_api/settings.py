"""How the Partner Portal is reached: settings of the host, and credentials of the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pos_billing.conf import setting
from pos_billing.partner_api.errors import PortalNotSetUp

PRICE_UNITS = ("cents", "dollars")
FROM_ENVIRONMENT = ("token", "email", "password")


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """Everything a sync needs to know. Credentials never appear in its ``repr``.

    ``price_unit`` is "cents" or "dollars": what the Portal means by a plan type's price. ``environments`` names the
    environment of endpoints whose name does not tell it. Seconds are wall-clock seconds.
    """

    url: str
    price_unit: str
    bearer: bool
    timeout_seconds: float
    attempts: int
    concurrency: int
    calls_per_second: float
    page_size: int
    vanish_limit_percent: int
    environments: Mapping[str, str]
    backoff_seconds: float = 0.5
    token: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.price_unit not in PRICE_UNITS:
            raise PortalNotSetUp(
                "Set POS_BILLING_PORTAL_PRICE_UNIT to 'cents' or 'dollars': the Partner Portal gives prices of plan "
                "types as bare numbers, and nobody should guess which of the two they are."
            )
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise PortalNotSetUp("Set POS_BILLING_PORTAL_URL to the address of the Partner Portal, https://….")
        if not self.token and not (self.email and self.password):
            raise PortalNotSetUp(
                "Set POS_BILLING_PORTAL_TOKEN in the environment, or POS_BILLING_PORTAL_EMAIL and "
                "POS_BILLING_PORTAL_PASSWORD to sign in with."
            )
        for name in ("timeout_seconds", "attempts", "concurrency", "calls_per_second", "page_size"):
            if not getattr(self, name) > 0:
                raise PortalNotSetUp(f"POS_BILLING_PORTAL_{name.upper()} must be more than zero.")
        if not 0 <= self.vanish_limit_percent <= 100:
            raise PortalNotSetUp("POS_BILLING_PORTAL_VANISH_LIMIT_PERCENT must be from 0 to 100.")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown or written anywhere."""
        return tuple(secret for secret in (self.token, self.password) if secret)


def portal_settings(environ: Mapping[str, str] = os.environ, **overrides: Any) -> PortalSettings:
    """The settings of this host (``POS_BILLING_PORTAL_…``) with the credentials of ``environ``.

    ``overrides`` win over both. Raises ``PortalNotSetUp`` with what to set.
    """

    values: dict[str, Any] = {
        "url": setting("PORTAL_URL"),
        "price_unit": setting("PORTAL_PRICE_UNIT"),
        "bearer": setting("PORTAL_BEARER"),
        "timeout_seconds": setting("PORTAL_TIMEOUT_SECONDS"),
        "attempts": setting("PORTAL_ATTEMPTS"),
        "concurrency": setting("PORTAL_CONCURRENCY"),
        "calls_per_second": setting("PORTAL_CALLS_PER_SECOND"),
        "page_size": setting("PORTAL_PAGE_SIZE"),
        "vanish_limit_percent": setting("PORTAL_VANISH_LIMIT_PERCENT"),
        "environments": setting("PORTAL_ENVIRONMENTS"),
    }
    values |= {name: environ.get(f"POS_BILLING_PORTAL_{name.upper()}", "") for name in FROM_ENVIRONMENT}
    return PortalSettings(**(values | overrides))
