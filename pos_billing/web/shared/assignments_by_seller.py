"""Who had an Instance or dedicated environment, and what was assigned to it, at the platform and at every Partner."""

from typing import Any, NamedTuple

from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.instances.models import DedicatedEnvironment, Instance
from pos_billing.plans.models import Assignment
from pos_billing.sellers.schemas import in_seller


class Side(NamedTuple):
    """One Seller of the subject: its name, and its Assignments, newest first."""

    name: str
    schema: str
    assignments: list[Assignment]


def assignments_by_seller(subject: Instance | DedicatedEnvironment) -> list[Side]:
    """The platform first, then every Partner that has or had the subject: one query for each."""
    if isinstance(subject, Instance):
        owners: Any = subject.ownerships.values("partner_id")
        chosen = {"instance_id": subject.pk}
    else:
        owners = [subject.partner_id]
        chosen = {"dedicated_environment_id": subject.pk}
    partners = get_tenant_model().objects.filter(pk__in=owners).order_by("name").values_list("schema_name", "name")
    found = []
    for schema, name in [(get_public_schema_name(), "Platform"), *partners]:
        with in_seller(schema):
            rows = Assignment.objects.filter(**chosen).select_related("plan", "account").order_by("-days")
            found.append(Side(name, schema, list(rows)))
    return found
