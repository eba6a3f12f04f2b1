"""One Instance read: its details, the days of its domains, its list of domains. Called from several threads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TypeVar
from uuid import UUID

from pos_billing.facts.errors import Refused
from pos_billing.instances.hosts import normalised
from pos_billing.partner_api.answers import LEFT_OUT_STATUSES, configured_hosts_of, day_of, instance_of, listed_hosts_of
from pos_billing.partner_api.client import PortalClient
from pos_billing.partner_api.endpoints import environment_of
from pos_billing.partner_api.errors import PortalError, PortalLoggedOut, PortalMissing, PortalUnreachable
from pos_billing.partner_api.settings import PortalSettings
from pos_billing.partner_api.spool import Reading, ReadInstance
from pos_billing.partner_api.values import Endpoint, InstanceDetail, Problem, SeenHost, SeenInstance

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class InstanceAnswer:
    """What came of reading one Instance. ``unknown_endpoint`` is one whose name does not tell the environment."""

    read: ReadInstance
    problems: tuple[Problem, ...] = ()
    unreachable: bool = False
    unknown_endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceReader:
    """Reads Instances one at a time.

    ``zone`` is the platform's time zone: a domain was added on a day there. ``partner_id`` restricts the reading to
    Instances the Portal gives to that Partner, and those in ``owned``, which the register gives to it.
    """

    client: PortalClient
    settings: PortalSettings
    zone: tzinfo
    endpoints: dict[str, Endpoint]
    partner_id: str | None = None
    owned: frozenset[UUID] = frozenset()

    def __call__(self, asked: tuple[UUID, bool]) -> InstanceAnswer:
        """Read the Instance of that uuid; the second value says whether the Portal lists it.

        Raises ``PortalLoggedOut``: nothing more can be read then. All other failures become ``problems``.
        """
        uuid, listed = asked
        where = f"Instance {uuid}"
        try:
            detail = instance_of(self.client.get(f"/api/instances/{uuid}"))
        except PortalLoggedOut:
            raise
        except PortalMissing as error:
            if not listed:
                return InstanceAnswer(ReadInstance(uuid, Reading.GONE))
            return InstanceAnswer(ReadInstance(uuid, Reading.LISTED), (Problem(where, str(error)),))
        except PortalError as error:
            reading = Reading.LISTED if listed else Reading.UNCLEAR
            unreachable = isinstance(error, PortalUnreachable)
            return InstanceAnswer(ReadInstance(uuid, reading), (Problem(where, str(error)),), unreachable)
        if self.partner_id is not None and detail.partner_id != self.partner_id and uuid not in self.owned:
            return InstanceAnswer(ReadInstance(uuid, Reading.LISTED if listed else Reading.UNCLEAR))
        return self._read(uuid, detail, listed)

    def _read(self, uuid: UUID, detail: InstanceDetail, listed: bool) -> InstanceAnswer:
        where = f"Instance {detail.name} ({uuid})"
        problems: list[Problem] = []
        if not listed:
            problems.append(
                Problem(where, "The Portal no longer lists it, yet answers for it. If it was deleted, delete it here.")
            )
        hosts = self._answered(lambda: self._hosts(uuid, where, problems), f"{where}, configuration", problems)
        names = self._answered(lambda: self._listed_hosts(uuid), f"{where}, domains", problems)
        endpoint = detail.endpoint_name or self._endpoint_name(detail.endpoint_id)
        environment = environment_of(endpoint, self.settings.environments) if endpoint else None
        seen = SeenInstance(
            uuid=uuid,
            name=detail.name,
            data_center=endpoint,
            environment=environment,
            partner_id=detail.partner_id,
            partner_name=detail.partner_name,
            created_on=self._created_on(detail, hosts),
            hosts=hosts,
            listed_hosts=names,
        )
        return InstanceAnswer(
            ReadInstance(uuid, Reading.READ, seen),
            tuple(problems),
            unknown_endpoint=endpoint if endpoint and environment is None else None,
        )

    def _answered(self, ask: Callable[[], Answer], where: str, problems: list[Problem]) -> Answer | None:
        """What ``ask`` answers, or ``None`` with a problem noted."""
        try:
            return ask()
        except PortalLoggedOut:
            raise
        except PortalError as error:
            problems.append(Problem(where, f"{error} Nothing is said about its domains."))
            return None

    def _hosts(self, uuid: UUID, where: str, problems: list[Problem]) -> tuple[SeenHost, ...]:
        days: dict[str, date | None] = {}
        for given in configured_hosts_of(self.client.get(f"/api/instances/{uuid}/configuration")):
            try:
                host = normalised(given.host)
            except Refused as refused:
                problems.append(Problem(f"{where}, domain {given.host[:100]!r}", refused.text))
                continue
            day = day_of(given.created_at, self.zone)
            known = days.get(host)
            days[host] = min(known, day) if known and day else known or day
        return tuple(SeenHost(host, day) for host, day in sorted(days.items()))

    def _listed_hosts(self, uuid: UUID) -> tuple[str, ...]:
        answer = self.client.get("/api/domains", instance_uuid=str(uuid), version=2)
        names = set()
        for listed in listed_hosts_of(answer):
            if listed.status not in LEFT_OUT_STATUSES:
                names.add(_normalised_or_given(listed.host))
        return tuple(sorted(names))

    def _endpoint_name(self, endpoint_id: str | None) -> str | None:
        endpoint = self.endpoints.get(endpoint_id or "")
        return endpoint.name if endpoint else None

    def _created_on(self, detail: InstanceDetail, hosts: tuple[SeenHost, ...] | None) -> date | None:
        """The earliest day the Portal knows of it: its own, or that of its first domain (its platform address)."""
        days = [day_of(detail.created_at, self.zone), *(host.added_on for host in hosts or ())]
        return min((day for day in days if day is not None), default=None)


def _normalised_or_given(host: str) -> str:
    try:
        return normalised(host)
    except Refused:
        return host.lower()
