"""Verbs that change what a Seller sells and to whom, in the current schema. Each is one transaction, recorded."""

from pos_billing.plans.commands.accounts import account_change, account_close, account_create, account_reopen
from pos_billing.plans.commands.assignments import assignment_change, assignments_change
from pos_billing.plans.commands.fees import fee_add, price_change
from pos_billing.plans.commands.newcomers import Newcomer, instances_introduce
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
    dedicated_environment_introduce,
    instance_introduce,
    instance_transfer,
)

__all__ = [
    "Newcomer",
    "account_change",
    "account_close",
    "account_create",
    "account_reopen",
    "assignment_change",
    "assignments_change",
    "dedicated_environment_introduce",
    "fee_add",
    "instance_introduce",
    "instance_transfer",
    "instances_introduce",
    "plan_archive",
    "plan_change",
    "plan_create",
    "plan_grant",
    "plan_unarchive",
    "plan_withdraw",
    "price_change",
    "seller_settings_change",
]
