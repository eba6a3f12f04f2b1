"""The whole Portal read, before anything is compared: Partners, plan types, endpoints, then every Instance."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from pos_billing import wording
from pos_billing.partner_api.answers import endpoints_of, partner_of, partners_of
from pos_billing.partner_api.client import PortalClient
from pos_billing.partner_api.errors import PortalError, PortalLoggedOut, PortalMissing, PortalUnreachable
from pos_billing.partner_api.instance import InstanceReader
from pos_billing.partner_api.listing import Listing
from pos_billing.partner_api.parallel import in_parallel
from pos_billing.partner_api.settings import PortalSettings
from pos_billing.partner_api.spool import Reading, Spool
from pos_billing.partner_api.values import Endpoint, PortalPartner, Problem

GIVE_UP_AFTER = 10
"""So many Instances in a row without an answer: the Portal is down, and going on would take hours."""

Progress = Callable[[str], None]


@dataclass(slots=True)
class PortalDirectory:
    """Partners with their plan types, and endpoints by id."""

    partners: tuple[PortalPartner, ...] = ()
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_directory(client: PortalClient, *, partner_id: str | None, at_once: int) -> PortalDirectory:
    """Read Partners (or the one), their plan types, and endpoints. Failures become problems, except a lost login."""
    found = PortalDirectory()
    try:
        found.endpoints = {endpoint.id: endpoint for endpoint in endpoints_of(client.get("/api/endpoints"))}
    except PortalLoggedOut:
        raise
    except PortalError as error:
        found.problems.append(Problem("endpoints", str(error)))
    try:
        partners = partners_of(client.get("/api/partners"))
    except PortalLoggedOut:
        raise
    except PortalError as error:
        found.problems.append(Problem("Partners", str(error)))
        return found
    if partner_id is not None:
        partners = tuple(partner for partner in partners if partner.id == partner_id)
        if not partners:
            raise PortalMissing(f"The Partner Portal knows no Partner {partner_id}.")

    def detailed(partner: PortalPartner) -> tuple[PortalPartner, Problem | None]:
        try:
            return partner_of(client.get(f"/api/partners/{partner.id}")), None
        except PortalLoggedOut:
            raise
        except PortalError as error:
            return partner, Problem(f"Partner {partner.name} ({partner.id}), plan types", str(error))

    answers = list(in_parallel(detailed, partners, at_once=at_once))
    found.partners = tuple(sorted((partner for partner, _ in answers), key=lambda partner: partner.id))
    found.problems += [problem for _, problem in answers if problem]
    return found


def read_instances(
    reader: InstanceReader,
    listing: Listing,
    missing: Iterable[UUID],
    *,
    settings: PortalSettings,
    spool: Spool,
    progress: Progress,
) -> tuple[list[Problem], Counter[Reading]]:
    """Read every listed Instance, and ask directly for those ``missing`` from the list, into ``spool``.

    Returns the problems and how many Instances were read how far. Raises ``PortalLoggedOut``, and
    ``PortalUnreachable`` when the Portal stopped answering altogether.
    """
    problems: list[Problem] = []
    counts: Counter[Reading] = Counter()
    unknown_endpoints: Counter[str] = Counter()
    in_a_row = 0
    asked = chain(((uuid, True) for uuid in sorted(listing.uuids)), ((uuid, False) for uuid in missing))
    for answer in in_parallel(reader, asked, at_once=settings.concurrency):
        in_a_row = in_a_row + 1 if answer.unreachable else 0
        if in_a_row >= GIVE_UP_AFTER:
            raise PortalUnreachable(f"The Partner Portal stopped answering: {answer.problems[0].text}")
        problems += answer.problems
        counts[answer.read.reading] += 1
        if answer.unknown_endpoint:
            unknown_endpoints[answer.unknown_endpoint] += 1
        spool.add(answer.read)
        if spool.count % 100 == 0:
            progress(f"{spool.count} of {len(listing.uuids)} Instances read")
    for name, number in sorted(unknown_endpoints.items()):
        affected = wording.count(number, "Instance")
        text = f"Its name does not tell an environment ({affected}): name it in POS_BILLING_PORTAL_ENVIRONMENTS, "
        problems.append(Problem(f"endpoint {name}", f"{text}for example {{{name!r}: 'production'}}."))
    return problems, counts
