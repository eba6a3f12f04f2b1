"""History for people: who changed what and why, without what is another Partner's business."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django_tenants.utils import get_tenant_model

from pos_billing.facts.known import Entry, FactChange
from pos_billing.instances.models import DedicatedEnvironment, Ownership
from pos_billing.plans.models import Account, ParentPlan, Plan, UsageFee
from pos_billing.web.frame import Audience
from pos_billing.wording import day, money

NAMES = {"plan_id": Plan, "account_id": Account, "dedicated_environment_id": DedicatedEnvironment, "fee_id": UsageFee,
         "parent_id": ParentPlan}  # fmt: skip
QUIET = {"entered_at", "by", "instance_id", "uuid", "id", "placeholder"}
LABELS = {
    "plan_id": "plan", "account_id": "client", "dedicated_environment_id": "dedicated environment", "fee_id": "fee",
    "partner_id": "Partner", "parent_id": "parent plan", "cents": "price",
}  # fmt: skip
FACTS = {
    "EnvironmentPeriod": "Environment", "StatusPeriod": "Status", "Ownership": "Owner", "Placement": "Placement",
    "Assignment": "Plan", "Domain": "Domain", "Instance": "Instance", "PlanGrant": "Grant", "UsageFee": "Fee",
    "Price": "Price", "SellerSettings": "Settings", "DedicatedEnvironment": "Dedicated environment",
}  # fmt: skip


class Told(NamedTuple):
    """One command as it is shown: when, what it is called, who, why, and what it changed."""

    at: datetime
    title: str
    by: str
    why: str
    changes: tuple[str, ...]


def since_owned(entries: Sequence[Entry], partner: int) -> tuple[Entry, ...]:
    """The entries from the moment on at which the subject was given to ``partner``; all, when none says so."""
    given = [
        entry.at
        for entry in entries
        if any(f.model is Ownership and (f.after or {}).get("partner_id") == partner for f in entry.facts)
    ]
    return tuple(entry for entry in entries if not given or entry.at >= min(given))


def told(entries: Iterable[Entry], audience: Audience) -> list[Told]:
    """The entries in words; names are read by one query for each kind of thing that is named."""
    entries = list(entries)
    names = _names(entries, audience)
    said = [
        Told(
            entry.at,
            _title(entry.command),
            entry.by or "unknown",
            entry.why,
            tuple(text for fact in entry.facts if (text := _change(fact, names))),
        )
        for entry in entries
    ]
    return [one for one in said if one.changes or one.why]


def _title(command: str) -> str:
    """``assignment_change`` → ``Assignment change``; what came without a command is an import or repair."""
    return command.replace("_", " ").capitalize() if command else "Change without a command"


Names = Mapping[tuple[str, Any], str]


def _names(entries: Sequence[Entry], audience: Audience) -> Names:
    wanted: dict[str, set[Any]] = {}
    for entry in entries:
        for fact in entry.facts:
            for values in (fact.before, fact.after):
                for name in NAMES.keys() & (values or {}).keys():
                    wanted.setdefault(name, set()).add((values or {})[name])
    found: dict[tuple[str, Any], str] = {}
    for name, keys in wanted.items():
        model: type[models.Model] = NAMES[name]
        rows: Any = model._default_manager.filter(pk__in=keys - {None}).values_list("pk", "name")
        found |= {(name, key): text for key, text in rows}
    if audience.keeps_register:
        owners = {
            (values or {}).get("partner_id")
            for entry in entries
            for fact in entry.facts
            for values in (fact.before, fact.after)
        }
        rows = get_tenant_model().objects.filter(pk__in=owners - {None}).values_list("pk", "name")
        found |= {("partner_id", key): text for key, text in rows}
    return found


def _change(fact: FactChange, names: Names) -> str:
    """One changed row: ``Plan Unbilled → Business, from 20 Jan 2019``."""
    what = FACTS.get(fact.model.__name__, fact.fact.capitalize())
    said = []
    for name, (before, after) in fact.differing.items():
        if name in QUIET or (name in ("cents", "included", "tiers") and not before and not after):
            continue
        if fact.before is None and after is False:
            continue
        words = dict(fact.model._meta.get_field(name).flatchoices)
        old, new = _value(name, before, names, words), _value(name, after, names, words)
        label = LABELS.get(name, name.replace("_", " "))
        if name == "days":
            said.append(new if fact.before is None else f"{old} → {new}" if new else old)
        elif fact.before is None or old == "":
            said.append(f"{label} {new}" if new else "")
        else:
            said.append(f"{label} {old} → {new or 'empty'}")
    texts = [text for text in said if text]
    return f"{what} {fact.action}: {', '.join(texts)}" if texts else ""


def _value(name: str, value: Any, names: Names, words: Mapping[Any, Any]) -> str:
    """A value in words; ``words`` are those of the field's choices."""
    if value is None or value == "" or value == []:
        return ""
    if name == "partner_id":
        return names.get((name, value), "changed")  # a Partner is not told the names of others
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if value in words:
        return str(words[value])
    if (name, value) in names:
        return names[name, value]
    if name == "days":
        start, end = value.lower, value.upper
        return f"from {day(start)}" + (f" up to {day(end)}" if end else "")
    if name == "cents":
        return money(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date) and not isinstance(value, datetime):
        return day(value)
    return str(value)
