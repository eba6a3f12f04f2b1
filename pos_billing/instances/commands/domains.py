"""Domains: the day the first custom one was added is the day billing begins."""

from datetime import date

from django.db.models import Q

from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.instances.commands.checks import locked, sane_day, while_it_exists
from pos_billing.instances.hosts import normalised
from pos_billing.instances.models import Domain, Instance


def domain_add(instance: Instance, *, host: str, added_on: date, by: str, why: str) -> Domain:
    """The Instance has the Domain ``host`` from ``added_on`` on. Any spelling is taken (``hosts.normalised``).

    Returns the Domain; the same one again when it is there with that day. Raises ``Refused`` for what is not a valid host name,
    for a Domain that belongs to an Instance on that day already, and for days on which the Instance does not exist.
    """
    name = normalised(host)
    with recorded("domain_add", by=by, why=why):
        row = locked(instance)
        while_it_exists(row, "added_on", added_on)
        known = Domain.objects.filter(instance=row, host=name, added_on=added_on, removed_on=None).first()
        if known is not None:
            return known
        _refuse_taken(name, added_on, None, None)
        domain = Domain(instance=row, host=name, added_on=added_on)
        refuse_invalid(domain)
        domain.save(force_insert=True)
    return domain


def domain_correct_day(domain: Domain, *, added_on: date, by: str, why: str) -> Domain:
    """Correct the day the Domain was added. Months that were billed are adjusted by the next run."""
    with recorded("domain_correct_day", by=by, why=why):
        row = locked(domain)
        while_it_exists(locked(row.instance), "added_on", added_on)
        if row.removed_on is not None and added_on > row.removed_on:
            raise Refused(
                "added_on",
                f"{row} was removed on {row.removed_on}: it was added on that day or before.",
                code="domain_removed_before_added",
            )
        _refuse_taken(row.host, added_on, row.removed_on, row.pk)
        row.added_on = added_on
        row.save(update_fields=["added_on"])
    return row


def domain_remove(domain: Domain, *, day: date, by: str, why: str) -> Domain:
    """The Instance does not have the Domain any more from ``day`` on. It stays chargeable.

    For one that is removed already the day is corrected. A Domain removed on the day it was added was never there.
    """
    sane_day("day", day)
    with recorded("domain_remove", by=by, why=why):
        row = locked(domain)
        if day < row.added_on:
            raise Refused(
                "day",
                f"{row} was added on {row.added_on}: it cannot be removed before.",
                code="domain_removed_before_added",
            )
        _refuse_taken(row.host, row.added_on, day, row.pk)
        row.removed_on = day
        row.save(update_fields=["removed_on"])
    return row


def _refuse_taken(host: str, added_on: date, removed_on: date | None, own: int | None) -> None:
    """Refuse days on which ``host`` belongs to an Instance already. One removed on the day it was added never did."""
    others = Domain.objects.filter(host=host).exclude(pk=own)
    others = others.filter(Q(removed_on=None) | Q(removed_on__gt=added_on))
    if removed_on is not None:
        others = others.filter(added_on__lt=removed_on)
    taken = next((row for row in others.select_related("instance") if row.removed_on != row.added_on), None)
    if taken is not None and removed_on != added_on:
        until = f" until {taken.removed_on}" if taken.removed_on else ""
        raise Refused(
            "host",
            f"{host} belongs to {taken.instance} from {taken.added_on}{until}: remove it there or correct a day.",
            code="domain_taken",
        )
