"""PURE: the two sides of a comparison, and the difference between them, as frozen values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pos_billing.partner_api.kinds import Kind
from pos_billing.partner_api.spool import Reading
from pos_billing.partner_api.values import SeenInstance


@dataclass(frozen=True, slots=True)
class RegisteredDomain:
    """A Domain of the register; ``removed_on`` is ``None`` while it stands."""

    host: str
    added_on: date
    removed_on: date | None


@dataclass(frozen=True, slots=True)
class RegisteredInstance:
    """An Instance of the register as it stands on the day of the sync.

    ``partner`` is the key of the tenant that owns it. ``seen_on`` is the day a sync last saw it in the Portal,
    ``domains_read_on`` the day one last read its domains.
    """

    id: int
    uuid: UUID
    name: str
    data_center: str
    environment: str | None
    partner: int | None
    created_on: date
    deleted_on: date | None
    seen_on: date | None
    domains_read_on: date | None
    domains: tuple[RegisteredDomain, ...]


@dataclass(frozen=True, slots=True)
class HeldHost:
    """A host that an Instance of the register has (``removed_on`` is ``None``) or had."""

    host: str
    instance_id: int
    instance_name: str
    removed_on: date | None


@dataclass(frozen=True, slots=True)
class LinkedPartner:
    """The tenant that is a Partner of the Portal."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ComparisonContext:
    """What a comparison is made against: the day of the sync in the platform's time zone, Partners by their id in
    the Portal, and which hosts are custom."""

    day: date
    partners: Mapping[str, LinkedPartner]
    is_custom: Callable[[str], bool]

    def partner_name(self, key: int | None) -> str:
        """The name of a linked Partner by its key here."""
        return next((partner.name for partner in self.partners.values() if partner.id == key), "")


@dataclass(frozen=True, slots=True)
class Pair:
    """One Instance of the Portal beside the same Instance of the register, where there is one."""

    uuid: UUID
    reading: Reading
    seen: SeenInstance | None
    registered: RegisteredInstance | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what to tell the register, from which day. ``before`` and ``after`` are for people.

    ``partner`` is the key of the tenant an Instance appeared at or moved to; ``about`` is what makes a proposal the
    same as an earlier one.
    """

    kind: Kind
    uuid: UUID
    name: str
    instance_id: int | None
    day: date | None
    host: str = ""
    before: str = ""
    after: str = ""
    partner: int | None = None
    about: str = ""
    seen: SeenInstance | None = None
