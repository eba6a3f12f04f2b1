"""Changes told to the register, each by its command, with its day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from pos_billing.instances import commands as instances
from pos_billing.instances.models import Domain, Instance
from pos_billing.partner_api.compared import Change
from pos_billing.partner_api.kinds import FindingOutcome, Kind
from pos_billing.plans import commands as plans
from pos_billing.sync.described import told
from pos_billing.sync.report import Entry

NEWCOMERS_AT_ONCE = 1000
REFUSALS = (ValidationError, IntegrityError, DataError)


class Said(TypedDict):
    """Who changes something and why, as every command wants to hear it."""

    by: str
    why: str


class RegisterWriter:
    """Tells changes to the register. ``partners`` are tenants by key; ``by`` and ``why`` go into the history."""

    def __init__(self, partners: Mapping[int, Any], *, by: str, why: str) -> None:
        self._partners = partners
        self._said: Said = {"by": by, "why": why}
        self._introduced: dict[UUID, int] = {}
        self._done: set[Change] = set()

    def tell_all(self, changes: Sequence[Change]) -> list[Entry]:
        """Make all changes that a sync makes by itself, in their order; the entries in the same order.

        New Instances enter many at once, with their domains; everything else is one command a change.
        """
        told = [change for change in changes if change.kind in TOLD]
        leaving = [change for change in told if change.kind is Kind.DOMAIN_REMOVED]
        entries = [self.tell(change) for change in leaving]
        new = [change for change in told if change.kind is Kind.INSTANCE_APPEARED]
        domains: dict[UUID, list[Change]] = {}
        for change in told:
            if change.kind is Kind.DOMAIN_ADDED and change.instance_id is None:
                domains.setdefault(change.uuid, []).append(change)
        for start in range(0, len(new), NEWCOMERS_AT_ONCE):
            self._introduce_many(new[start : start + NEWCOMERS_AT_ONCE], domains)
        return entries + [self.tell(change) for change in told[len(leaving) :]]

    def _introduce_many(self, new: Sequence[Change], domains: Mapping[UUID, list[Change]]) -> None:
        """Introduce them together. When anything of them is refused, halve: the last ones go the single way."""
        if len(new) < 2:
            return
        try:
            with transaction.atomic():
                keys = plans.instances_create_many(
                    [self._newcomer(change, domains.get(change.uuid, ())) for change in new], **self._said
                )
        except REFUSALS:
            half = len(new) // 2
            self._introduce_many(new[:half], domains)
            self._introduce_many(new[half:], domains)
            return
        self._introduced |= keys
        self._done.update(new)
        for change in new:
            self._done.update(domains.get(change.uuid, ()))

    def _newcomer(self, change: Change, domains: Sequence[Change]) -> plans.NewInstance:
        seen, created_on = change.seen, change.day
        assert seen is not None
        assert created_on is not None
        return plans.NewInstance(
            uuid=change.uuid,
            name=seen.name,
            environment=seen.environment or "",
            data_center=seen.data_center or "",
            created_on=created_on,
            partner=self._partners[change.partner or 0],
            domains=tuple((one.host, one.day or date.max) for one in domains),
        )

    def tell(self, change: Change) -> Entry:
        """Make one change in a transaction of its own (a savepoint, where one is open) and report what became of it.

        What a command refuses is reported with its reason and changes nothing; other changes go on.
        """
        outcome, reason = FindingOutcome.APPLIED, ""
        try:
            if change not in self._done:
                with transaction.atomic():
                    _HOW[change.kind](self, change)
        except REFUSALS as refused:
            outcome = FindingOutcome.REFUSED
            said = refused.messages if isinstance(refused, ValidationError) else str(refused).splitlines()[:1]
            reason = "; ".join(said)
        return entry_of(change, outcome, reason=reason, instance_id=self.instance_id(change))

    def instance_id(self, change: Change) -> int | None:
        """The key of the Instance a change is about, also when it was introduced a moment ago."""
        return change.instance_id or self._introduced.get(change.uuid)

    def _key(self, change: Change) -> int:
        key = self.instance_id(change)
        if key is None:
            raise ValidationError("Its Instance could not be taken over.")
        return key

    def _instance(self, change: Change) -> Instance:
        return Instance.objects.get(pk=self._key(change))

    def _partner(self, change: Change) -> Any:
        if change.partner is None:
            raise ValidationError("Its Partner is not known.")
        return self._partners[change.partner]

    def _introduce(self, change: Change) -> None:
        seen = change.seen
        if seen is None or seen.environment is None:
            raise ValidationError("The Portal did not say what it is.")
        instance = plans.instance_register(
            uuid=change.uuid,
            name=seen.name,
            environment=seen.environment,
            data_center=seen.data_center or "",
            created_on=_day_of(change),
            partner=self._partner(change),
            **self._said,
        )
        self._introduced[change.uuid] = instance.pk

    def _rename(self, change: Change) -> None:
        instances.instance_rename(self._instance(change), name=change.after, **self._said)

    def _relocate(self, change: Change) -> None:
        instances.instance_relocate(self._instance(change), data_center=change.after, **self._said)

    def _change_environment(self, change: Change) -> None:
        instances.instance_change_environment(
            self._instance(change), environment=change.after, day=_day_of(change), **self._said
        )

    def _transfer(self, change: Change) -> None:
        plans.instance_transfer(
            self._instance(change), partner=self._partner(change), day=_day_of(change), **self._said
        )

    def _add_domain(self, change: Change) -> None:
        instances.domain_add(self._instance(change), host=change.host, added_on=_day_of(change), **self._said)

    def _remove_domain(self, change: Change) -> None:
        domain = Domain.objects.get(instance_id=self._key(change), host=change.host, removed_on=None)
        instances.domain_remove(domain, day=_day_of(change), **self._said)


def _day_of(change: Change) -> date:
    if change.day is None:
        raise ValidationError("Its day is not known.")
    return change.day


_HOW: dict[Kind, Callable[[RegisterWriter, Change], None]] = {
    Kind.DOMAIN_REMOVED: RegisterWriter._remove_domain,
    Kind.INSTANCE_APPEARED: RegisterWriter._introduce,
    Kind.INSTANCE_RENAMED: RegisterWriter._rename,
    Kind.DATA_CENTER_CHANGED: RegisterWriter._relocate,
    Kind.ENVIRONMENT_CHANGED: RegisterWriter._change_environment,
    Kind.INSTANCE_TRANSFERRED: RegisterWriter._transfer,
    Kind.DOMAIN_ADDED: RegisterWriter._add_domain,
}

TOLD = frozenset(_HOW)
"""The kinds of change that a sync makes by itself."""


def entry_of(change: Change, outcome: FindingOutcome, *, reason: str = "", instance_id: int | None = None) -> Entry:
    """A change as an entry of the report."""
    return Entry(
        kind=change.kind,
        outcome=outcome,
        subject=f"{change.name} ({change.uuid})",
        text=told(change),
        day=_day_of(change),
        reason=reason,
        instance_id=instance_id or change.instance_id,
    )
