"""Verbs that change what a Seller sells and to whom, in the current schema. Each is one transaction, recorded."""

from pos_billing.plans.commands.accounts import account_change, account_close, account_create, account_reopen
from pos_billing.plans.commands.assignments import assignment_change, assignments_change
from pos_billing.plans.commands.fees import fee_add, price_change
from pos_billing.plans.commands.instances_create_many import NewInstance, instances_create_many
from pos_billing.plans.commands.plans import (
    plan_archive,
    plan_change,
    plan_create,
    plan_grant,
    plan_unarchive,
    plan_withdraw,
)
from pos_billing.plans.commands.seller import seller_settings_change
from pos_billing.plans.commands.subjects import (
    dedicated_environment_register,
    instance_register,
    instance_transfer,
)

__all__ = [
    "NewInstance",
    "account_change",
    "account_close",
    "account_create",
    "account_reopen",
    "assignment_change",
    "assignments_change",
    "dedicated_environment_register",
    "fee_add",
    "instance_register",
    "instance_transfer",
    "instances_create_many",
    "plan_archive",
    "plan_change",
    "plan_create",
    "plan_grant",
    "plan_unarchive",
    "plan_withdraw",
    "price_change",
    "seller_settings_change",
]
