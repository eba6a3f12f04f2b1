"""Looks: asked for on the platform's host, opened once on the Partner's, ended there or by time."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.sellers.schemas import in_seller
from pos_billing.web.support_access.models import SupportAccess, SupportAccessPage

TICKET_LIVES = timedelta(minutes=2)
ACCESS_LASTS = timedelta(minutes=30)


def support_access_ask(*, partner_schema: str, by: str, why: str, now: datetime) -> str:
    """Write down that somebody wants to look, and return the ticket that opens it: once, within two minutes."""
    if len(why.strip()) > 500:
        raise Refused("why", "Say it in at most 500 characters.", code="reason_too_long")
    with in_seller("public"), recorded("support_access_ask", by=by, why=why):
        ticket = secrets.token_urlsafe(32)
        SupportAccess.objects.create(
            partner_schema=partner_schema, by=by, why=why.strip(), ticket_sha256=_hash(ticket), asked_at=now
        )
        return ticket


def support_access_open(*, partner_schema: str, ticket: str, now: datetime) -> int:
    """Use a ticket up on the Partner's host; returns the look's id. Raises ``Refused`` for any other ticket."""
    with in_seller("public"):
        waiting = SupportAccess.objects.filter(
            partner_schema=partner_schema, ticket_sha256=_hash(ticket), opened_at=None, asked_at__gt=now - TICKET_LIVES
        )
        access = waiting.values_list("pk", flat=True).first()
        if access is None or not waiting.filter(pk=access).update(opened_at=now):
            raise Refused(
                "ticket",
                "This link was used already, or is too old. Ask for another look in the admin.",
                code="ticket_used",
            )
        return access


def support_access_end(access: int, *, now: datetime) -> None:
    """End a look before its time is over."""
    with in_seller("public"):
        SupportAccess.objects.filter(pk=access, ended_at=None).update(ended_at=now)


def support_access_noted(access: int, *, partner_schema: str, path: str, now: datetime) -> SupportAccess | None:
    """Keep that a page is opened in a look, and return the look; ``None`` when it is over or not of this Partner."""
    with in_seller("public"):
        current = SupportAccess.objects.filter(
            Q(ended_at=None), pk=access, partner_schema=partner_schema, opened_at__gt=now - ACCESS_LASTS
        ).first()
        if current is not None:
            SupportAccessPage.objects.create(access=current, path=path[:500], at=now)
        return current


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
