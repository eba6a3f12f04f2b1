"""Verbs that change the register. Each is one transaction, recorded with who and why, or ``Refused``."""

from pos_billing.instances.commands.dedicated import (
    dedicated_environment_create,
    dedicated_environment_remove,
    placement_begin,
    placement_end,
)
from pos_billing.instances.commands.domains import domain_add, domain_correct_day, domain_remove
from pos_billing.instances.commands.instances import (
    instance_correct_creation,
    instance_create,
    instance_relocate,
    instance_rename,
    instance_retag,
)
from pos_billing.instances.commands.lifetime import (
    instance_change_environment,
    instance_change_owner,
    instance_delete,
    instance_publish,
    instance_undelete,
    instance_unpublish,
)

__all__ = [
    "dedicated_environment_create",
    "dedicated_environment_remove",
    "domain_add",
    "domain_correct_day",
    "domain_remove",
    "instance_change_environment",
    "instance_change_owner",
    "instance_correct_creation",
    "instance_create",
    "instance_delete",
    "instance_publish",
    "instance_relocate",
    "instance_rename",
    "instance_retag",
    "instance_undelete",
    "instance_unpublish",
    "placement_begin",
    "placement_end",
]
