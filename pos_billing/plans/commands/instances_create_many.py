"""Many new Instances at once, with their Domains: the same facts as one by one, in as many queries for a thousand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pos_billing.facts.days import as_days
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.facts.staged import raise_first
from pos_billing.instances import domain_changes
from pos_billing.instances.commands.checks import a_partner, known_environment, sane_day
from pos_billing.instances.domain_changes import Asked
from pos_billing.instances.hosts import normalised
from pos_billing.instances.models import EnvironmentPeriod, Instance, Ownership, Status, StatusPeriod
from pos_billing.plans.ownership import assignments_follow_ownership


@dataclass(frozen=True, slots=True)
class NewInstance:
    """An active Instance to be introduced, with the Domains it has and the days they were added."""

    uuid: UUID
    name: str
    environment: str
    data_center: str
    created_on: date
    partner: Any
    domains: tuple[tuple[str, date], ...] = ()


def instances_create_many(new_instances: Sequence[NewInstance], *, by: str, why: str) -> dict[UUID, int]:
    """Put all of them into the register, and on Unbilled in both ledgers; their keys by uuid.

    All or none: raises ``Refused`` as ``instance_introduce`` and ``domain_add`` would for any one of them (the
    database's ``DataError`` for a name that is too long). Introduce them one by one to learn which.
    """
    with recorded("instances_create_many", by=by, why=why):
        instances = Instance.objects.bulk_create(
            Instance(
                uuid=newcomer.uuid,
                name=_named(newcomer),
                data_center=newcomer.data_center,
                created_on=sane_day("created_on", newcomer.created_on),
            )
            for newcomer in new_instances
        )
        pairs = list(zip(instances, new_instances, strict=True))
        EnvironmentPeriod.objects.bulk_create(
            EnvironmentPeriod(
                instance=instance,
                environment=known_environment(newcomer.environment),
                days=as_days(newcomer.created_on),
            )
            for instance, newcomer in pairs
        )
        StatusPeriod.objects.bulk_create(
            StatusPeriod(instance=instance, status=Status.ACTIVE, days=as_days(newcomer.created_on))
            for instance, newcomer in pairs
        )
        Ownership.objects.bulk_create(
            Ownership(instance=instance, partner=a_partner(newcomer.partner), days=as_days(newcomer.created_on))
            for instance, newcomer in pairs
        )
        domain_changes.stage(_domains(pairs))
        raise_first(domain_changes.problems(by_hand=True))
        domain_changes.apply()
        keys = {instance.uuid: instance.pk for instance in instances}
        assignments_follow_ownership(instances=keys.values(), by=by)
    return keys


def _named(newcomer: NewInstance) -> str:
    name = newcomer.name.strip()
    if not name:
        raise Refused("name", f"The Instance {newcomer.uuid} has no name. Give it one.", code="name_missing")
    return name


def _domains(pairs: Iterable[tuple[Instance, NewInstance]]) -> Iterator[Asked]:
    """The Domains of all of them, as ``domain_changes`` takes them."""
    given = ((instance, host, day) for instance, newcomer in pairs for host, day in newcomer.domains)
    for number, (instance, host, added_on) in enumerate(given, 1):
        yield Asked(number, instance.pk, None, normalised(host), sane_day("added_on", added_on))
