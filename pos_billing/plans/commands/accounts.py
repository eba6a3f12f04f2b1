"""Accounts: who the Seller bills."""

from datetime import date
from typing import Any, TypedDict, Unpack

from django.db.models import Q

from pos_billing.facts.errors import Refused, refuse_invalid
from pos_billing.facts.history import recorded
from pos_billing.plans.commands.checks import locked, sane_day
from pos_billing.plans.models import Account, CollectionMethod
from pos_billing.sellers.schemas import is_platform


class AccountValues(TypedDict, total=False):
    """What of an Account can be changed."""

    name: str
    email: str
    address: str
    tax_number: str
    external_id: str
    collection_method: str


def account_create(
    *,
    name: str,
    email: str = "",
    address: str = "",
    tax_number: str = "",
    external_id: str = "",
    collection_method: str = CollectionMethod.MANUAL,
    partner: Any = None,
    by: str,
    why: str,
) -> Account:
    """Open an Account in this schema: on the platform for a ``partner``, in a Partner's schema for a client."""
    if is_platform() and partner is None:
        raise Refused("partner", "On the platform an Account is a Partner: say which.", code="account_without_partner")
    if not is_platform() and partner is not None:
        raise Refused(
            "partner",
            "Only the platform has Partners; a Partner's Accounts are its clients.",
            code="account_partner_not_on_platform",
        )
    account = Account(
        name=name.strip(),
        email=email.strip(),
        address=address,
        tax_number=tax_number,
        external_id=external_id,
        collection_method=collection_method,
        partner=partner,
    )
    refuse_invalid(account)
    with recorded("account_create", by=by, why=why):
        account.save(force_insert=True)
    return account


def account_change(account: Account, *, by: str, why: str, **values: Unpack[AccountValues]) -> Account:
    """Change name, email, address, tax_number, external_id or collection_method. Issued statements keep theirs."""
    unknown = set(values) - set(AccountValues.__annotations__)
    if unknown:
        raise Refused(
            min(unknown),
            f"This of an Account cannot be changed: {', '.join(sorted(unknown))}.",
            code="account_not_changeable",
        )
    with recorded("account_change", by=by, why=why):
        row = locked(account)
        for name, value in values.items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        refuse_invalid(row)
        if values:
            row.save(update_fields=list(values))
    return row


def account_close(account: Account, *, day: date, by: str, why: str) -> Account:
    """No plan is assigned to the Account from ``day`` on. What it owes stays owed.

    Raises ``Refused`` while a billed plan is assigned to it on that day or later.
    """
    sane_day("day", day)
    with recorded("account_close", by=by, why=why):
        row = locked(account)
        held = row.assignments.filter(
            Q(days__upper_inf=True) | Q(days__endswith__gt=day), plan__placeholder=False
        ).count()
        if held:
            raise Refused(
                "day",
                f"{row} still pays for {held} Instances or dedicated environments on {day} or later: "
                "assign them to another Account first.",
                code="account_still_pays",
            )
        row.closed_on = day
        row.save(update_fields=["closed_on"])
    return row


def account_reopen(account: Account, *, by: str, why: str) -> Account:
    """The Account may have plans again."""
    with recorded("account_reopen", by=by, why=why):
        row = locked(account)
        row.closed_on = None
        row.save(update_fields=["closed_on"])
    return row
