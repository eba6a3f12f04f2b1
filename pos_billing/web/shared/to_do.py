"""To-dos about days that nobody is billed for: on a Partner's overview and on the staff's first page."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from pos_billing.plans.undecided import BetweenPayers, days_between_payers, silenced_clients
from pos_billing.wording import count
from pos_billing.wording import day as in_words

NAMED = 10


class ToDo(NamedTuple):
    """Something that waits for somebody: what, why it matters, and where it is done."""

    what: str
    because: str
    url: str
    label: str


def between_payers(day: date) -> Iterator[ToDo]:
    """The days of the current Seller that changed hands before a plan was chosen, each until somebody decides."""
    found = days_between_payers(day)
    for one in found[:NAMED]:
        yield ToDo(
            f"{one.name} changed hands before a plan was chosen: {_days(one)} are billed to nobody",
            f"No later plan reaches these days. Assign a plan for them to {one.payer or 'the client who had it then'}; "
            "one without fees if nobody shall pay.",
            f"{reverse('billing:assign')}?{urlencode(_asked(one))}", "Choose the plan",
        )  # fmt: skip
    if len(found) > NAMED:
        more = found[NAMED]
        yield ToDo(
            f"{count(len(found) - NAMED, 'more stretch', 'more stretches')} of days changed hands before a plan was "
            "chosen", "They are listed here as soon as those above are decided.",
            f"{reverse('billing:assign')}?{urlencode(_asked(more))}", "Choose the next plan",
        )  # fmt: skip


def silenced(schema: str, day: date) -> Iterator[ToDo]:
    """For a Partner: its clients who are not billed, because their Instances stand on somebody else's server."""
    clients = list(silenced_clients([schema], day))
    if clients:
        yield ToDo(
            f"{_named([one.client for one in clients])} stopped being billed for "
            f"{count(sum(one.instances for one in clients), 'Instance')} on a dedicated environment",
            "You bill the environment to another client: what stands on it bears no fee of its own. If each client "
            "shall pay, take the plan of the environment back.",
            reverse("billing:dedicated-environments"), "Look at the environments",
        )  # fmt: skip


def silenced_at(partners: dict[str, str], day: date) -> Iterator[ToDo]:
    """For the platform's staff: the Partners (name by schema) whose clients stopped being billed by a placement."""
    found: dict[str, list[str]] = {}
    for one in silenced_clients(list(partners), day):
        found.setdefault(one.schema, []).append(one.client)
    for schema, clients in found.items():
        yield ToDo(
            f"{partners[schema]}: {_named(clients)} stopped being billed because of a placement",
            "The Partner bills the dedicated environment to another client. Tell the Partner if that is not meant.",
            reverse("billing:dedicated-environments"), "Look at the environments",
        )  # fmt: skip


def _asked(one: BetweenPayers) -> dict[str, str]:
    return {"instance": str(one.instance), "day": one.span.start.isoformat(), "until": one.span.end.isoformat()}


def _days(one: BetweenPayers) -> str:
    last = one.span.end - timedelta(days=1)
    return in_words(one.span.start) if last == one.span.start else f"{in_words(one.span.start)} to {in_words(last)}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
