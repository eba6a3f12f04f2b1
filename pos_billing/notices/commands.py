"""Verbs: telling an Account something, once; sending it; putting it away."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from pos_billing.facts import clock
from pos_billing.notices.mail import message_of
from pos_billing.notices.models import Notice
from pos_billing.notices.signals import notice_made
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement

log = logging.getLogger(__name__)
ERROR_LENGTH = 500


def notice_make(
    kind: str,
    *,
    account: Account,
    made_on: date,
    key: str,
    statement: Statement | None = None,
    about: Mapping[str, Any],
) -> Notice | None:
    """Tell ``account`` something. ``key`` says what is told: a second notice with it is none (``None``).

    ``about`` are plain values (cents, days, names) that `notices.words` makes sentences of. Runs in the caller's
    transaction; a job in the same transaction sends the e-mail (or ``notices_send`` does).
    """
    values = {
        "kind": kind,
        "account": account,
        "statement": statement,
        "about": dict(about),
        "made_on": made_on,
        "email": account.email,
    }
    with transaction.atomic():
        notice, made = Notice.objects.get_or_create(key=key, defaults=values)
        if not made:
            return None
        notice_made.send(sender=Notice, notice=notice)
    return notice


def notices_unsent() -> list[int]:
    """Notices that wait to be sent by e-mail, the oldest first."""
    return list(Notice.objects.filter(sent_at=None).exclude(email="").order_by("pk").values_list("pk", flat=True))


def notice_send(notice_id: int) -> bool:
    """Send a notice by e-mail. ``False``: it is sent already, has no address, or somebody else sends it now.

    What the mail server says is kept with the notice and raised again, so that a job tries it later.
    """
    with transaction.atomic():
        rows = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(sent_at=None).exclude(email="")
        notice = rows.select_related("account", "statement").filter(pk=notice_id).first()
        if notice is None:
            return False
        failed: Exception | None = None
        try:
            message_of(notice).send()
        except Exception as error:  # noqa: BLE001  (raised again below, once it is kept)
            # The server's answer, or an address that no mail can have. Its text may name people: the log gets the kind.
            log.warning("Notice %s was not sent: %s", notice.pk, type(error).__name__)
            failed = error
        else:
            notice.sent_at = clock.now()
        notice.send_error = str(failed or "")[:ERROR_LENGTH]
        notice.save(update_fields=["sent_at", "send_error"])
    if failed is not None:
        raise failed
    return True


def notice_dismiss(notice: Notice) -> None:
    """Put a notice away: the portal no longer shows it."""
    Notice.objects.filter(pk=notice.pk, dismissed_at=None).update(dismissed_at=clock.now())
