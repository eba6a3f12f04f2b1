"""PURE: what the Portal says beside what the register says, Instance by Instance, and what differs.

The contract: when every change it yields is told to the register, comparing again yields none of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pos_billing.partner_api.compared import (
    Change,
    ComparisonContext,
    HeldHost,
    LinkedPartner,
    Pair,
    RegisteredInstance,
)
from pos_billing.partner_api.domains import domain_changes
from pos_billing.partner_api.kinds import Kind
from pos_billing.partner_api.spool import Reading
from pos_billing.partner_api.values import SeenInstance


def compare(pairs: Iterable[Pair], context: ComparisonContext) -> Iterator[Change]:
    """All differences, Instance by Instance. An Instance that was not read yields nothing."""
    for pair in pairs:
        if pair.reading is Reading.GONE and pair.registered is not None:
            yield from _vanished(pair.registered, context)
        elif pair.seen is not None and pair.registered is None:
            yield from _appeared(pair.seen, context)
        elif pair.seen is not None and pair.registered is not None:
            yield from _differing(pair.seen, pair.registered, context)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changes in the order in which they can be made: a domain leaves one Instance before it joins another."""
    order = {kind: position for position, kind in enumerate(Kind)}
    return sorted(changes, key=lambda change: (order[change.kind], change.name, str(change.uuid), change.host))


def without_shared_hosts(changes: list[Change], held: Iterable[HeldHost]) -> list[Change]:
    """The changes, with every domain to be added given a day on which no other Instance has it.

    ``held`` are the register's rows of the hosts to be added. A domain that another Instance had stands on the new
    one from the day it left there at the earliest, also when it leaves in this very sync. One that another Instance
    keeps, or that two Instances claim in the same sync, is a finding instead: nobody guesses who is right.
    """
    leaves = {(change.instance_id, change.host): change.day for change in changes if change.kind is Kind.DOMAIN_REMOVED}
    claims = Counter(change.host for change in changes if change.kind is Kind.DOMAIN_ADDED)
    holders: dict[str, list[HeldHost]] = {}
    for one in held:
        holders.setdefault(one.host, []).append(one)
    result = []
    for change in changes:
        if change.kind is Kind.DOMAIN_ADDED and (added := change.day) is not None:
            others = [one for one in holders.get(change.host, ()) if one.instance_id != change.instance_id]
            until = {one: one.removed_on or leaves.get((one.instance_id, one.host)) for one in others}
            keeper = next((one for one, day in until.items() if day is None), None)
            if keeper is not None:
                change = replace(change, kind=Kind.DOMAIN_ELSEWHERE, before=keeper.instance_name)
            elif claims[change.host] > 1:
                change = replace(change, kind=Kind.DOMAIN_ELSEWHERE, before="another Instance of the Portal as well")
            else:
                known = [added, *(day for day in until.values() if day is not None)]
                change = replace(change, day=max(known))
        result.append(change)
    return result


def too_many_missing(missing: int, known: int, limit_percent: int) -> bool:
    """Whether so many of the ``known`` Instances are missing from the list that the list is to be doubted.

    One missing Instance is never too many.
    """
    return missing > max(1, known * limit_percent // 100)


def _vanished(registered: RegisteredInstance, context: ComparisonContext) -> Iterator[Change]:
    if registered.seen_on is None or _deleted(registered, context):
        return
    day = max(registered.seen_on, registered.created_on)
    yield Change(
        Kind.INSTANCE_VANISHED,
        registered.uuid,
        registered.name,
        registered.id,
        day,
        about=registered.seen_on.isoformat(),
    )


def _appeared(seen: SeenInstance, context: ComparisonContext) -> Iterator[Change]:
    partner = context.partners.get(seen.partner_id or "")
    reason = _why_not(seen, partner)
    if reason or partner is None:
        yield Change(Kind.NOT_CREATED, seen.uuid, seen.name, None, None, after=reason)
        return
    created_on = min(seen.created_on or context.day, context.day)
    yield Change(
        Kind.INSTANCE_APPEARED,
        seen.uuid,
        seen.name,
        None,
        created_on,
        after=f"{seen.environment}, {seen.data_center}, {partner.name}",
        partner=partner.id,
        seen=seen,
    )
    yield from domain_changes(seen, None, context)


def _why_not(seen: SeenInstance, partner: LinkedPartner | None) -> str:
    """Why a new Instance cannot be taken over; empty when it can."""
    if seen.partner_id is None:
        return "The Portal does not say which Partner it belongs to."
    if partner is None:
        return (
            f"Partner {seen.partner_name or 'without a name'} of the Portal is linked to no Account: "
            f"put {seen.partner_id} into the external id of its Account."
        )
    if seen.environment is None:
        return f"The environment of endpoint {seen.data_center or '(not given)'} is not known."
    if seen.created_on is None and seen.hosts is None:
        return "Its domains could not be read, so that nobody knows since when it exists. The next sync tries again."
    return ""


def _differing(seen: SeenInstance, registered: RegisteredInstance, context: ComparisonContext) -> Iterator[Change]:
    def change(kind: Kind, before: str, after: str, partner: int | None = None) -> Change:
        return Change(
            kind, seen.uuid, registered.name, registered.id, context.day, before=before, after=after, partner=partner
        )

    if registered.deleted_on is not None and _deleted(registered, context):
        deleted = registered.deleted_on.isoformat()
        yield replace(change(Kind.INSTANCE_RETURNED, f"deleted on {deleted}", ""), about=deleted)
        return
    if seen.name != registered.name:
        yield change(Kind.INSTANCE_RENAMED, registered.name, seen.name)
    if seen.data_center and seen.data_center != registered.data_center:
        yield change(Kind.DATA_CENTER_CHANGED, registered.data_center, seen.data_center)
    if seen.environment and seen.environment != registered.environment:
        yield change(Kind.ENVIRONMENT_CHANGED, registered.environment or "", seen.environment)
    partner = context.partners.get(seen.partner_id or "")
    if partner is not None and partner.id != registered.partner:
        yield change(
            Kind.INSTANCE_TRANSFERRED, context.partner_name(registered.partner), partner.name, partner=partner.id
        )
    elif partner is None and seen.partner_id is not None:
        yield replace(change(Kind.NOT_CREATED, "", _why_not(seen, None)), day=None)
    yield from domain_changes(seen, registered, context)


def _deleted(registered: RegisteredInstance, context: ComparisonContext) -> bool:
    return registered.deleted_on is not None and registered.deleted_on <= context.day
