"""The shapes of the Portal's answers, all in one place: JSON in, frozen values out.

Every shape that the Portal's clients and documents show is taken: lists bare, under ``data`` or under their own name;
single things bare or under ``data``. Nothing of an answer is kept beyond what is named here.
Functions raise ``PortalUnreadable`` when the answer as a whole is in no known shape.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from uuid import UUID

from pos_billing.partner_api.errors import PortalUnreadable
from pos_billing.partner_api.values import (
    DatedHost,
    Endpoint,
    InstanceDetail,
    ListedHost,
    ListedInstances,
    PlanType,
    PortalPartner,
)

LEFT_OUT_STATUSES = frozenset({"", "not_found"})
"""Statuses of listed domains that are not a custom domain of the Instance: the platform's own, and those not there."""


def partners_of(answer: Any) -> tuple[PortalPartner, ...]:
    """``GET /api/partners``."""
    return tuple(PortalPartner(_id(item, "partners"), _text(item.get("name"))) for item in _items(answer, "partners"))


def partner_of(answer: Any) -> PortalPartner:
    """``GET /api/partners/:id``, with the billing plan types it may use."""
    item = _thing(answer, "partner")
    given = item.get("instance_billing_plan_types")
    return PortalPartner(
        _id(item, "partner"),
        _text(item.get("name")),
        None if given is None else tuple(_plan_type(plan) for plan in _items(given, "billing plan types")),
    )


def _plan_type(item: Mapping[str, Any]) -> PlanType:
    price, currency = item.get("price"), _text(item.get("currency"))
    return PlanType(
        id=_id(item, "billing plan types"),
        name=_text(item.get("name")),
        price=None if price is None or isinstance(price, bool | list | dict) else str(price).strip(),
        currency=currency.upper() or None,
    )


def endpoints_of(answer: Any) -> tuple[Endpoint, ...]:
    """``GET /api/endpoints``."""
    return tuple(Endpoint(_id(item, "endpoints"), _text(item.get("name"))) for item in _items(answer, "endpoints"))


def instances_of(answer: Any) -> ListedInstances:
    """One page of ``GET /api/instances``."""
    items = _items(answer, "instances")
    uuids = [uuid for item in items if (uuid := _uuid(item.get("uuid"))) is not None]
    return ListedInstances(tuple(uuids), len(items) - len(uuids), len(items), _total_pages(answer))


def instance_of(answer: Any) -> InstanceDetail:
    """``GET /api/instances/:uuid``."""
    item = _thing(answer, "instance")
    uuid, name = _uuid(item.get("uuid")), _text(item.get("name"))
    if uuid is None or not name:
        raise PortalUnreadable("The answer for an Instance has no uuid or no name.")
    endpoint, partner = _part(item, "endpoint"), _part(item, "partner")
    return InstanceDetail(
        uuid=uuid,
        name=name,
        endpoint_id=_text(endpoint.get("id")) or None,
        endpoint_name=_text(endpoint.get("name")) or None,
        partner_id=_text(partner.get("id")) or None,
        partner_name=_text(partner.get("name")) or None,
        created_at=moment_of(item.get("created_at")),
    )


def configured_hosts_of(answer: Any) -> tuple[DatedHost, ...]:
    """``GET /api/instances/:uuid/configuration``: host names and when they were added. All else is dropped here.

    An answer without a list of domains says nothing about domains: it is unreadable, not "no domains".
    """
    domains = _thing(answer, "configuration").get("domains")
    if not isinstance(domains, list):
        raise PortalUnreadable("The configuration of the Instance holds no list of domains.")
    return tuple(
        DatedHost(name, moment_of(item.get("created_at")))
        for item in domains
        if isinstance(item, Mapping) and (name := _text(item.get("name")))
    )


def listed_hosts_of(answer: Any) -> tuple[ListedHost, ...]:
    """``GET /api/domains?version=2``: host names with their status, the main name and those of ``_domains``."""
    return tuple(dict.fromkeys(_listed(_items(answer, "domains"))))


def _listed(items: list[Mapping[str, Any]]) -> Iterator[ListedHost]:
    for item in items:
        attributes, status = _part(item, "attributes"), _text(item.get("status"))
        names = [attributes.get("domain_name")]
        more = _part(attributes, "config").get("_domains")
        names += [part.get("name") for part in more if isinstance(part, Mapping)] if isinstance(more, list) else []
        yield from (ListedHost(name, status) for given in names if (name := _text(given)))


def moment_of(value: Any) -> datetime | date | None:
    """When something happened: a moment in UTC from ISO 8601 or ``2018-12-12 10:00:00 UTC`` (without a zone: UTC).

    A bare day stays a day, the same in every time zone. ``None`` when the value is none of these.
    """
    text = _text(value).replace(" UTC", "+00:00")
    try:
        if len(text) == len("2018-12-12"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def day_of(moment: datetime | date | None, zone: tzinfo) -> date | None:
    """The day on which ``moment`` fell in the time zone."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _items(answer: Any, name: str) -> list[Mapping[str, Any]]:
    """The entries of a list, bare or under ``data`` or ``name``."""
    found = answer
    if isinstance(answer, Mapping):
        found = answer.get("data", answer.get(name))
    if isinstance(found, list) and all(isinstance(item, Mapping) for item in found):
        return found
    raise PortalUnreadable(f"The answer for {name} is not a list of objects.")


def _thing(answer: Any, name: str) -> Mapping[str, Any]:
    """A single thing, bare or under ``data`` or ``name``."""
    if isinstance(answer, Mapping):
        for wrapped in (answer.get("data"), answer.get(name)):
            if isinstance(wrapped, Mapping):
                return wrapped
        if "data" not in answer:
            return answer
    raise PortalUnreadable(f"The answer for the {name} is not an object.")


def _part(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = item.get(name)
    return part if isinstance(part, Mapping) else {}


def _total_pages(answer: Any) -> int | None:
    """How many pages there are, where the answer says so beside the list or under ``meta`` or ``pagination``."""
    if not isinstance(answer, Mapping):
        return None
    for place in (answer, _part(answer, "meta"), _part(answer, "pagination")):
        total = place.get("total_pages")
        if isinstance(total, int) and not isinstance(total, bool):
            return total
    return None


def _id(item: Mapping[str, Any], name: str) -> str:
    value = _text(item.get("id"))
    if not value:
        raise PortalUnreadable(f"An entry of {name} has no id.")
    return value


def _text(value: Any) -> str:
    """Texts and whole numbers as text without surrounding blanks; anything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(_text(value))
    except ValueError:
        return None
