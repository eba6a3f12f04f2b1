"""Sending notices: each when it is made, and by the clock those that could not be sent."""

from typing import Any

from django.dispatch import receiver
from procrastinate.contrib.django import app

from pos_billing.notices.commands import notice_send, notices_unsent
from pos_billing.notices.signals import notice_made
from pos_billing.sellers.schemas import current_schema, in_seller, seller_schemas
from pos_billing.work.jobs import PATIENT, defer_many, of_seller, register_schedule
from pos_billing.work.one_by_one import each_seller


@app.task(queue="notices", retry=PATIENT)
@of_seller
def send_notice(schema: str, notice_id: int) -> bool:
    """Send one notice by e-mail."""
    with in_seller(schema):
        return notice_send(notice_id)


@app.task(queue="clock")
def send_notices(timestamp: int) -> None:
    """Let notices be sent that wait."""
    each_seller(seller_schemas(), _defer_unsent)


def _defer_unsent(schema: str) -> None:
    with in_seller(schema):
        defer_many(send_notice, schema, "notice_id", notices_unsent())


@receiver(notice_made)
def _send_notice(sender: Any, notice: Any, **kwargs: Any) -> None:
    if notice.email:
        send_notice.defer(schema=current_schema(), notice_id=notice.pk)


register_schedule(__name__, globals())
