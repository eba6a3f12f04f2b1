"""Reading history: what was changed by whom and why, and the facts as they were known at a moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pghistory.models
from django.db import models

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
ACTIONS = {"insert": ADDED, "update": CHANGED, "delete": REMOVED}


class FactChange(NamedTuple):
    """One row that a command added, changed or removed, with its values before and after (``None`` where there was
    or is none). ``fact`` is the model's name for people, ``model`` its class."""

    model: type[models.Model]
    fact: str
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def differing(self) -> dict[str, tuple[Any, Any]]:
        """The values that are not the same before and after, by name."""
        before, after = self.before or {}, self.after or {}
        return {
            name: (before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        }


class Entry(NamedTuple):
    """One command in the history of something. ``at`` is aware. What was changed without a command (by hand, in SQL)
    has empty ``command``, ``by`` and ``why``."""

    at: datetime
    command: str
    by: str
    why: str
    facts: tuple[FactChange, ...]


def event_model(model: type[models.Model]) -> Any:
    """The table that keeps every version of the rows of a tracked ``model``."""
    return model._meta.get_field("events").related_model


def history_of(kept: Iterable[tuple[type[models.Model], Mapping[str, Any]]]) -> tuple[Entry, ...]:
    """Everything that happened to rows of tracked models, newest first, one entry for each command.

    ``kept`` names models with a filter on columns that do not change in the life of a row (``{"instance": 5}``); each
    model is one query, and one more reads who and why.
    """
    by_command: dict[Any, list[tuple[datetime, FactChange]]] = {}
    for model, chosen in kept:
        before: dict[int, dict[str, Any]] = {}
        for event in event_model(model).objects.filter(**_indexed(chosen)).order_by("pgh_id"):
            values = _values(event)
            known = before.get(event.id)
            after = None if event.pgh_label == "delete" else values
            change = FactChange(model, str(model._meta.verbose_name), ACTIONS[event.pgh_label], known, after)
            by_command.setdefault(event.pgh_context_id or event.pgh_created_at, []).append(
                (event.pgh_created_at, change if after is not None else change._replace(before=known or values))
            )
            before[event.id] = values
    contexts = pghistory.models.Context.objects.in_bulk([key for key in by_command if not isinstance(key, datetime)])
    entries = []
    for key, changes in by_command.items():
        said = contexts[key].metadata if key in contexts else {}
        entries.append(
            Entry(
                max(at for at, _ in changes),
                said.get("command", ""),
                said.get("by", ""),
                said.get("why", ""),
                tuple(change for _, change in changes),
            )
        )
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return tuple(entries)


def as_known(model: type[models.Model], moment: datetime | None = None, **chosen: Any) -> Sequence[Any]:
    """The rows of a tracked ``model`` as they were known at ``moment`` (``None``: as they are known now).

    ``chosen`` filters by columns that do not change in the life of a row. Rows are objects with the model's columns as
    attributes, in the order of ids; one query.
    """
    if moment is None:
        return list(model._default_manager.filter(**chosen).order_by("pk"))
    events = event_model(model).objects.filter(pgh_created_at__lte=moment, **_indexed(chosen))
    latest = events.order_by("id", "-pgh_id").distinct("id")
    return [event for event in latest if event.pgh_label != "delete"]


def _indexed(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The filter with a row's ``id`` as the event's reference to it, which has an index."""
    return {f"pgh_obj_{name}" if name in {"id", "id__in"} else name: value for name, value in chosen.items()}


def _values(event: Any) -> dict[str, Any]:
    """The tracked columns of an event, by attribute name."""
    return {
        field.attname: getattr(event, field.attname)
        for field in event._meta.concrete_fields
        if not field.name.startswith("pgh_") and field.name != "id"
    }
