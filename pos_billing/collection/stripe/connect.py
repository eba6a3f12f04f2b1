"""Whose Stripe account takes the money: the platform's own for Partners, a Partner's connected one for its clients.

A Partner's account is a standard one with direct charges: it bears Stripe's fees and its clients' disputes.
"""

from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.collection.models import ConnectedAccount
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import SeenAccount
from pos_billing.facts import clock
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.sellers.schemas import current_schema, in_seller
from pos_billing.sellers.tenant import PartnerTenant


class NoStripeAccount(Refused):
    """The current Seller cannot charge cards: its Stripe account is not connected, or not ready."""

    def __init__(self) -> None:
        super().__init__(
            "stripe",
            "Connect a Stripe account and give Stripe what it asks for before charging cards.",
            code="stripe_not_connected",
        )


def connected_account() -> ConnectedAccount | None:
    """The connected account of the current Seller; ``None`` for the platform and for Partners without one."""
    schema = current_schema()
    with in_seller(get_public_schema_name()):
        return ConnectedAccount.objects.filter(partner__schema_name=schema, disconnected_at=None).first()


def stripe_account() -> str:
    """The Stripe account of the current Seller; empty for the platform. Raises ``NoStripeAccount``."""
    if current_schema() == get_public_schema_name():
        return ""
    connected = connected_account()
    if connected is None or not connected.charges_enabled:
        raise NoStripeAccount
    return connected.account_id


def schema_of_account(account_id: str) -> str | None:
    """The schema of the Seller a Stripe account belongs to; empty: the platform. ``None``: nobody's any more."""
    if not account_id:
        return str(get_public_schema_name())
    with in_seller(get_public_schema_name()):
        rows = ConnectedAccount.objects.filter(account_id=account_id).select_related("partner")
        connected = rows.first()
        return str(connected.partner.schema_name) if connected else None


def seller_connect(*, return_url: str, refresh_url: str, by: str, why: str) -> str:
    """Begin, or go on, to connect the current Partner's Stripe account; returns the page of Stripe's to open.

    Raises ``Refused`` in the platform's schema, which charges with its own account.
    """
    schema = current_schema()
    if schema == get_public_schema_name():
        raise Refused(
            "stripe",
            "The platform charges with its own Stripe account, from the host's settings.",
            code="platform_not_connected",
        )
    with in_seller(get_public_schema_name()):
        partner: PartnerTenant = get_tenant_model().objects.get(schema_name=schema)
        connected = ConnectedAccount.objects.filter(partner=partner).first()
        if connected is None or connected.disconnected_at is not None:
            ours = owner()._replace(schema=schema)
            seen = stripe_api.account_create(
                name=partner.name,
                email=partner.email,
                metadata=ours.metadata,
                key=keys.account_key(ours, connected.account_id if connected else ""),
            )
            connected = _account_connected(seen, partner=partner, by=by, why=why)
    return stripe_api.account_link(connected.account_id, refresh_url=refresh_url, return_url=return_url)


def account_seen(seen: SeenAccount, *, by: str, why: str) -> ConnectedAccount | None:
    """Note what Stripe says of a connected account; ``None`` for one that nobody is connected to."""
    with in_seller(get_public_schema_name()), recorded("account_seen", by=by, why=why):
        rows = ConnectedAccount.objects.select_for_update(of=("self",)).filter(account_id=seen.id, disconnected_at=None)
        connected = rows.first()
        if connected is not None:
            rows.update(**_standing(seen))
            connected.refresh_from_db()
        return connected


def _account_connected(seen: SeenAccount, *, partner: PartnerTenant, by: str, why: str) -> ConnectedAccount:
    """Connect an account to a Partner from now on."""
    with in_seller(get_public_schema_name()), recorded("account_seen", by=by, why=why):
        connected, _ = ConnectedAccount.objects.update_or_create(
            partner=partner, defaults={**_standing(seen), "account_id": seen.id, "disconnected_at": None}
        )
        return connected


def _standing(seen: SeenAccount) -> dict[str, bool]:
    return {"charges_enabled": seen.charges_enabled, "details_submitted": seen.details_submitted}


def account_deauthorised(account_id: str, *, by: str) -> None:
    """The Partner took the platform's access away: its clients' cards cannot be charged any more."""
    with in_seller(get_public_schema_name()), recorded("account_deauthorised", by=by, why="Access was taken away"):
        ConnectedAccount.objects.filter(account_id=account_id, disconnected_at=None).update(
            disconnected_at=clock.now(), charges_enabled=False
        )
