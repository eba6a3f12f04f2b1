"""The demo as its steps see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

PASSWORD = "demo"  # of everybody who can sign in to the demo


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in, and where."""

    who: str
    address: str
    email: str
    password: str = PASSWORD


@dataclass
class Demo:
    """Where the demo is reached, who can sign in, and how progress is told."""

    tell: Callable[[str], None]
    logins: list[Login] = field(default_factory=list)

    @property
    def port(self) -> int:
        """The port of the web site (environment: PORT)."""
        return settings.PORT

    def address(self, host: str, path: str = "/") -> str:
        """Return the address of a page on one of the site's hosts."""
        return f"http://{host}:{self.port}{path}"

    @property
    def platform_address(self) -> str:
        """Where the platform's own host is."""
        return self.address(settings.PUBLIC_HOST).rstrip("/")
