"""Domains: the day the first custom one was added is the day billing begins."""

from datetime import date

from pos_billing.facts.history import recorded
from pos_billing.facts.staged import raise_first
from pos_billing.instances import domain_changes
from pos_billing.instances.commands.checks import locked, sane_day
from pos_billing.instances.domain_changes import Asked
from pos_billing.instances.hosts import normalised
from pos_billing.instances.models import Domain, Instance


def domain_add(instance: Instance, *, host: str, added_on: date, by: str, why: str) -> Domain:
    """The Instance has the Domain ``host`` from ``added_on`` on. Any spelling is taken (``hosts.normalised``).

    Returns the Domain; the same one again when it is there with that day. Raises ``Refused`` for what is not a valid
    host name, for a Domain that belongs to an Instance on that day already, and for days on which the Instance does
    not exist.
    """
    name = normalised(host)
    sane_day("added_on", added_on)
    with recorded("domain_add", by=by, why=why):
        row = locked(instance)
        same = Domain.objects.filter(instance=row, host=name, added_on=added_on, removed_on=None)
        known = same.first()
        if known is not None:
            return known
        domain_changes.stage([Asked(1, row.pk, None, name, added_on)])
        raise_first(domain_changes.problems(by_hand=True))
        domain_changes.apply()
        return same.get()


def domain_correct_day(domain: Domain, *, added_on: date, by: str, why: str) -> Domain:
    """Correct the day the Domain was added. Months that were billed are adjusted by the next run."""
    sane_day("added_on", added_on)
    with recorded("domain_correct_day", by=by, why=why):
        row = _locked(domain)
        asked = _as_it_is(row)._replace(added_on=added_on)
        domain_changes.stage([asked])
        raise_first(domain_changes.problems(by_hand=True), {"removed_on": "added_on"})
        domain_changes.apply()
        row.refresh_from_db()
    return row


def domain_remove(domain: Domain, *, day: date, by: str, why: str) -> Domain:
    """The Instance does not have the Domain any more from ``day`` on. It stays chargeable.

    For one that is removed already the day is corrected. A Domain removed on the day it was added was never there.
    It stays removed when a deletion of its Instance is taken back.
    """
    sane_day("day", day)
    with recorded("domain_remove", by=by, why=why):
        row = _locked(domain)
        domain_changes.stage([_as_it_is(row)._replace(removed_on=day, ended_by_deletion=False)])
        raise_first(domain_changes.problems(), {"removed_on": "day"})
        domain_changes.apply()
        row.refresh_from_db()
    return row


def _locked(domain: Domain) -> Domain:
    """The Domain as it is now; its Instance cannot be deleted meanwhile."""
    locked(domain.instance)
    return locked(domain)


def _as_it_is(row: Domain) -> Asked:
    return Asked(1, row.instance_id, row.pk, row.host, row.added_on, row.removed_on, row.ended_by_deletion)
