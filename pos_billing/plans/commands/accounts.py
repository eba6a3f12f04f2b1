"""Accounts: who a Seller bills."""

from datetime import date
from typing import Any

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import Account

FIELDS = ("name", "email", "address", "tax_number", "external_id", "collection_method")


def account_create(*, name: str, by: str, why: str, partner: Any = None, **values: Any) -> Account:
    """Add an Account. ``partner`` is the tenant it stands for (platform only). Names differ by more than case."""
    with recorded("account_create", by=by, why=why):
        account = Account(name=name.strip(), partner=partner)
        _fill(account, values)
        account.save()
        return account


def account_change(account: Account, *, by: str, why: str, **values: Any) -> None:
    """Change name, address and the like. Issued statements keep what they were issued with."""
    with recorded("account_change", by=by, why=why):
        _fill(account, values)
        account.save()


def account_close(account: Account, *, day: date, by: str, why: str) -> None:
    """Close an Account on ``day``: nothing new is assigned to it. Refused while plans run on."""
    with recorded("account_close", by=by, why=why):
        if account.assignments.filter(days__upper_inf=True).exists():
            raise Refused("account", f"{account} still pays for Instances. Assign those to somebody else first.")
        account.closed_on = day
        account.save(update_fields=["closed_on"])


def _fill(account: Account, values: dict[str, Any]) -> None:
    for field, value in values.items():
        if field not in FIELDS:
            raise Refused(field, f"An Account has no {field}.")
        setattr(account, field, value.strip() if isinstance(value, str) else value)
    account.clean_fields(exclude=["partner"])
    others = Account.objects.filter(name__iexact=account.name)
    if (others.exclude(pk=account.pk) if account.pk else others).exists():
        raise Refused("name", f"There is an Account named {account.name} already.")
