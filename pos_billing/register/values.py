"""Cells of a register file read as values. Each reader takes what stands in the cell and raises ``Refused``."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pos_billing.facts.errors import Refused
from pos_billing.instances.commands.checks import (
    clean_tags,
    known_environment,
    sane_day,
)
from pos_billing.instances.hosts import normalised
from pos_billing.plans.models import CollectionMethod, PlanBegins, PlanEnvironment, PlanTiming
from pos_billing.plans.pricing import known_metric

Reader = Callable[[Any], Any]
TIER = re.compile(r"(?P<up_to>\d*)\s*:\s*(?P<cents>\d+)(\s*/\s*(?P<per>\d+))?")
YES, NO = {"yes", "true", "1"}, {"no", "false", "0"}


def text(most: int) -> Reader:
    """A reader of text of at most ``most`` characters."""

    def read(cell: Any) -> str:
        value = str(cell).strip()
        if len(value) > most:
            raise Refused("", f"has {len(value)} characters, at most {most} are kept.", code="text_too_long")
        if "\x00" in value:
            raise Refused("", "holds a zero byte.", code="zero_byte")
        return value

    return read


def day(cell: Any) -> str:
    """A day: ``2019-01-20``, or a date cell of a spreadsheet."""
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        try:
            cell = date.fromisoformat(str(cell).strip())
        except ValueError as error:
            raise Refused("", f"{cell!r} is not a valid day: write it as 2019-01-20.", code="not_a_day") from error
    return sane_day("", cell).isoformat()


def uuid(cell: Any) -> str:
    """A uuid, in any of its spellings."""
    try:
        return str(UUID(str(cell).strip()))
    except ValueError as error:
        raise Refused("", f"{cell!r} is not a valid uuid.", code="not_a_uuid") from error


def whole(lowest: int, highest: int) -> Reader:
    """A reader of whole numbers from ``lowest`` to ``highest``."""

    def read(cell: Any) -> int:
        try:
            value = int(str(cell).strip())
        except ValueError as error:
            raise Refused("", f"{cell!r} is not a whole number.", code="not_a_whole_number") from error
        if isinstance(cell, bool) or not lowest <= value <= highest:
            raise Refused("", f"{cell!r} is not from {lowest} to {highest}.", code="number_out_of_range")
        return value

    return read


def yes_or_no(cell: Any) -> bool:
    """``yes`` or ``no`` (also true, false, 1, 0)."""
    value = str(cell).strip().lower()
    if value not in YES | NO:
        raise Refused("", f"{cell!r} is neither yes nor no.", code="not_yes_or_no")
    return value in YES


def one_of(*allowed: str) -> Reader:
    """A reader of one of these words."""

    def read(cell: Any) -> str:
        value = str(cell).strip().lower()
        if value not in allowed:
            raise Refused("", f"{cell!r} is not one of {', '.join(allowed)}.", code="not_one_of")
        return value

    return read


def words(cell: Any) -> list[str]:
    """A list: in JSON a list, elsewhere words between blanks, commas or semicolons."""
    parts = cell if isinstance(cell, list) else re.split(r"[\s,;]+", str(cell))
    return [str(part).strip() for part in parts if str(part).strip()]


def tags(cell: Any) -> list[str]:
    """Tags: in JSON a list, elsewhere separated by commas (a tag may hold blanks)."""
    return clean_tags(cell if isinstance(cell, list) else str(cell).split(","))


def environments(cell: Any) -> list[str]:
    """Environments a plan serves."""
    return [one_of(*PlanEnvironment.values)(word) for word in words(cell)]


def suffixes(cell: Any) -> list[str]:
    """Endings of host names."""
    return [normalised(word.lstrip(".")) for word in words(cell)]


def tiers(cell: Any) -> list[dict[str, Any]]:
    """Tiers of a metered price: in JSON as they are kept, elsewhere ``up_to:cents/per`` with semicolons.

    ``100000:2/1000; :1/1000`` is 2 cents for every 1,000 units up to 100,000 over the included quantity, then 1 cent.
    """
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        try:
            cell = json.loads(cell)
        except ValueError as error:
            raise Refused("", f"{cell!r} is not a list of tiers.", code="tiers_unreadable") from error
    if isinstance(cell, list):
        return cell
    found = []
    for part in str(cell).split(";"):
        match = TIER.fullmatch(part.strip())
        if match is None:
            raise Refused(
                "",
                f"{part.strip()!r} is not a valid tier: write up_to:cents/per, as in 100000:2/1000; :1/1000.",
                code="tier_unreadable",
            )
        up_to = int(match["up_to"]) if match["up_to"] else None
        found.append({"up_to": up_to, "cents": int(match["cents"]), "per": int(match["per"] or 1)})
    return found


host: Reader = normalised
environment: Reader = lambda cell: known_environment(str(cell).strip().lower())  # noqa: E731
metric: Reader = lambda cell: known_metric(str(cell).strip().lower())  # noqa: E731
begins: Reader = one_of(*PlanBegins.values)
timing: Reader = one_of(*PlanTiming.values)
collection_method: Reader = one_of(*CollectionMethod.values)
