"""The list of Instances, page by page, and whether it can be trusted to be whole."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pos_billing.partner_api.answers import instances_of
from pos_billing.partner_api.client import PortalClient
from pos_billing.partner_api.errors import PortalError, PortalUnreadable
from pos_billing.partner_api.values import ListedInstances, Problem
from pos_billing.wording import count


@dataclass(frozen=True, slots=True)
class Listing:
    """The uuids the Portal listed. Only a ``complete`` list can say that an Instance is not on it."""

    uuids: frozenset[UUID]
    pages: int
    complete: bool
    problems: tuple[Problem, ...]


def list_instances(client: PortalClient, *, page_size: int, progress: Callable[[str], None]) -> Listing:
    """Read all pages of the list of Instances.

    The list ends at an empty page, at the last page the Portal names, or at a page that holds nothing new (a Portal
    that does not page answers the same list again). A short page does not end it: the Portal may give fewer entries
    a page than we ask for. A page that fails leaves the list incomplete; raises ``PortalError`` when it is the first.
    """
    uuids: set[UUID] = set()
    problems: list[Problem] = []
    page = 1
    while True:
        try:
            listed = _page(client, page, page_size)
        except PortalError as error:
            if page == 1:
                raise
            problems.append(
                Problem(f"list of Instances, page {page}", f"{error} No Instance counts as gone in this sync.")
            )
            break
        if listed.unreadable:
            problems.append(
                Problem(
                    f"list of Instances, page {page}",
                    f"{count(listed.unreadable, 'entry has', 'entries have')} no usable uuid.",
                )
            )
        known = len(uuids)
        uuids.update(listed.uuids)
        progress(f"{len(uuids)} Instances listed")
        nothing_new = len(uuids) == known and not listed.unreadable
        if listed.entries == 0 or nothing_new or (listed.total_pages is not None and page >= listed.total_pages):
            break
        page += 1
    return Listing(frozenset(uuids), page, not problems, tuple(problems))


def _page(client: PortalClient, page: int, page_size: int) -> ListedInstances:
    listed = instances_of(client.get("/api/instances", page=page, per_page=page_size))
    if listed.total_pages is not None and listed.entries == 0 and page < listed.total_pages:
        raise PortalUnreadable(f"Page {page} of {listed.total_pages} is empty.")
    return listed
