"""The clock of tests that live on another day: the setting `POS_BILLING_CLOCK` names `now` while they do."""

from datetime import datetime

from django.utils import timezone

moment: datetime | None = None
"""The moment it is; none: the real one."""


def now() -> datetime:
    """The moment that tests say it is."""
    return moment or timezone.now()
