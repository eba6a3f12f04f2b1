"""Verbs of a Seller: its settings, clients, plans, prices, and who has which plan."""

from pos_billing.plans.commands.accounts import account_change, account_close, account_create
from pos_billing.plans.commands.assignments import assignment_change, assignments_change
from pos_billing.plans.commands.plans import (
    fee_add,
    plan_archive,
    plan_change,
    plan_create,
    plan_grant,
    plan_withdraw,
)
from pos_billing.plans.commands.prices import price_change
from pos_billing.plans.commands.sellers import seller_settings_change
from pos_billing.plans.commands.subjects import dedicated_environment_introduce, instance_introduce, instance_transfer

__all__ = [
    "account_change",
    "account_close",
    "account_create",
    "assignment_change",
    "assignments_change",
    "dedicated_environment_introduce",
    "fee_add",
    "instance_introduce",
    "instance_transfer",
    "plan_archive",
    "plan_change",
    "plan_create",
    "plan_grant",
    "plan_withdraw",
    "price_change",
    "seller_settings_change",
]
