"""What the Partner Portal says, as frozen values. Only what billing needs is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlanType:
    """A billing plan type of the Portal. ``price`` is the text as given: cents or dollars is a setting of ours."""

    id: str
    name: str
    price: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class PortalPartner:
    """A Partner as the Portal knows it, and the plan types it may use (``None``: not given in this answer)."""

    id: str
    name: str
    plan_types: tuple[PlanType, ...] | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where Instances run, for example ``production-sydney``: the environment is told by its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedInstances:
    """One page of the list of Instances. ``unreadable`` counts entries without a usable uuid."""

    uuids: tuple[UUID, ...]
    unreadable: int
    entries: int
    total_pages: int | None


@dataclass(frozen=True, slots=True)
class InstanceDetail:
    """One Instance. What the answer leaves out is ``None``: nothing is concluded from it."""

    uuid: UUID
    name: str
    endpoint_id: str | None
    endpoint_name: str | None
    partner_id: str | None
    partner_name: str | None
    created_at: datetime | date | None


@dataclass(frozen=True, slots=True)
class DatedHost:
    """A host name of an Instance's configuration and the moment (UTC) or day it was added, if readable."""

    host: str
    created_at: datetime | date | None


@dataclass(frozen=True, slots=True)
class ListedHost:
    """A host name of the list of domains, which knows a status and no day."""

    host: str
    status: str


@dataclass(frozen=True, slots=True)
class SeenHost:
    """A normalised host name of an Instance; ``added_on`` is a day in the platform's time zone, or unknown."""

    host: str
    added_on: date | None


@dataclass(frozen=True, slots=True)
class SeenInstance:
    """Everything the sync keeps of one Instance.

    ``hosts`` is ``None`` when its configuration could not be read: then nothing is said about its domains.
    ``listed_hosts`` are those of the list of domains that work or are being set up, ``None`` when it was not read.
    """

    uuid: UUID
    name: str
    data_center: str | None
    environment: str | None
    partner_id: str | None
    partner_name: str | None
    created_on: date | None
    hosts: tuple[SeenHost, ...] | None
    listed_hosts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, or not be understood: ``where`` names it, ``text`` says what and what to do."""

    where: str
    text: str
