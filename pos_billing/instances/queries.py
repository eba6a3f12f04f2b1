"""The register read: facts of few Instances, and their history."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from pos_billing.instances.models import (
    DedicatedEnvironment,
    Domain,
    EnvironmentPeriod,
    Instance,
    Ownership,
    Placement,
    StatusPeriod,
)

Kept = tuple[tuple[type[models.Model], Mapping[str, Any]], ...]


def tracked_of_instance(instance: int) -> Kept:
    """What history keeps of an Instance (id) in the register: models with the filter that finds its rows."""
    of = {"instance": instance}
    return (
        (Instance, {"id": instance}),
        (EnvironmentPeriod, of),
        (StatusPeriod, of),
        (Ownership, of),
        (Domain, of),
        (Placement, of),
    )


def tracked_of_dedicated_environment(dedicated_environment: int) -> Kept:
    """What history keeps of a dedicated environment (id), and of what is placed on it."""
    return (
        (DedicatedEnvironment, {"id": dedicated_environment}),
        (Placement, {"dedicated_environment": dedicated_environment}),
    )
