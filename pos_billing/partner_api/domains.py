"""PURE: how the domains of one Instance in the Portal differ from those in the register."""

from collections.abc import Iterator
from datetime import date

from pos_billing.partner_api.compared import Change, ComparisonContext, RegisteredDomain, RegisteredInstance
from pos_billing.partner_api.kinds import Kind
from pos_billing.partner_api.values import SeenInstance


def domain_changes(
    seen: SeenInstance, registered: RegisteredInstance | None, context: ComparisonContext
) -> Iterator[Change]:
    """What happened to the domains of an Instance. Nothing is said when its configuration was not read.

    - A domain appeared: it is added on the day the Portal gives. Without a day, a custom domain is proposed.
    - A domain disappeared: it is removed on the day it was last seen. One that the list of domains still shows stays.
    - A day differs: proposed, for somebody may have corrected ours with reason.
    """
    if seen.hosts is None:
        return
    domains = registered.domains if registered else ()
    name, instance_id = (registered.name, registered.id) if registered else (seen.name, None)
    standing = {domain.host: domain for domain in domains if domain.removed_on is None}
    removed = [domain for domain in domains if domain.removed_on is not None]

    def change(kind: Kind, host: str, day: date, before: str = "", after: str = "", about: str = "") -> Change:
        return Change(kind, seen.uuid, name, instance_id, day, host, before, after, about=about)

    for host in seen.hosts:
        ours, earlier = standing.get(host.host), [domain for domain in removed if domain.host == host.host]
        if host.added_on is None:
            if ours is None and context.is_custom(host.host):
                yield change(Kind.DOMAIN_WITHOUT_DAY, host.host, context.day, about=host.host)
        elif ours is None:
            yield change(Kind.DOMAIN_ADDED, host.host, _day_of_return(host.added_on, earlier, context.day))
        elif ours.added_on != host.added_on and not earlier:
            days = ours.added_on.isoformat(), host.added_on.isoformat()
            yield change(Kind.DOMAIN_DAY_DIFFERS, host.host, host.added_on, *days, about=f"{host.host} {days[1]}")
    configured = {host.host for host in seen.hosts}
    listed = set(seen.listed_hosts or ())
    for host_name in sorted(listed - configured - set(standing)):
        if context.is_custom(host_name):
            yield change(Kind.DOMAIN_WITHOUT_DAY, host_name, context.day, about=host_name)
    for domain in standing.values():
        if domain.host not in configured | listed:
            last_seen = registered.domains_read_on if registered and registered.domains_read_on else context.day
            yield change(Kind.DOMAIN_REMOVED, domain.host, max(domain.added_on, last_seen))


def _day_of_return(added_on: date, earlier: list[RegisteredDomain], today: date) -> date:
    """The day from which a domain stands: that of the Portal, unless the register had it removed after that day.

    Then it is back from the day it was removed, so that no day is said twice; and from today when a domain added on
    that very day was removed on it.
    """
    last_removed = max((domain.removed_on for domain in earlier if domain.removed_on), default=added_on)
    day = max(added_on, last_removed)
    return today if day in {domain.added_on for domain in earlier} else day
