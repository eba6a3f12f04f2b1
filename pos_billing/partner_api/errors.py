"""What can go wrong between us and the Partner Portal. Messages are for people and never hold a secret."""


class PortalError(Exception):
    """The Partner Portal could not be read. The message says what happened and, where we know it, what to do."""


class PortalNotSetUp(PortalError):
    """A setting or credential is missing or makes no sense; nothing was asked of the Portal."""


class PortalUnreachable(PortalError):
    """No usable answer after all attempts: time-out, broken connection, 429 or 5xx."""


class PortalLoggedOut(PortalError):
    """401: the token is expired or wrong, and signing in again was not possible."""


class PortalForbidden(PortalError):
    """403, or 500 "NotAuthorized": the token is valid and may not see this."""


class PortalMissing(PortalError):
    """404 or 410: the Portal knows no such thing (any more)."""


class PortalRejected(PortalError):
    """Another 3xx or 4xx: the Portal did not take the request as it was."""


class PortalUnreadable(PortalError):
    """An answer came, but not in a shape we know. The answer itself is never quoted: it may hold secrets."""
