"""What a Partner that was just made gets: its name on statements, its first user's role, its Account."""

from typing import Any

from pos_billing.plans.models import Role, SellerMember, SellerSettings
from pos_billing.plans.partner_accounts import ensure_partner_accounts
from pos_billing.sellers.commands import partner_created


def connect() -> None:
    """Listen to ``partner_created``, once."""
    partner_created.connect(begin_to_sell, dispatch_uid="pos_billing.plans.begin_to_sell")


def begin_to_sell(*, partner: Any, owner: Any = None, **signal: Any) -> None:
    """Runs in the new Partner's schema, in the transaction that makes it."""
    SellerSettings.objects.update_or_create(id=1, defaults={"name": partner.name, "email": partner.email})
    if owner is not None:
        SellerMember.objects.get_or_create(user=owner, defaults={"role": Role.OWNER})
    ensure_partner_accounts([partner.pk])
