"""Which installation this is: several may share one Stripe account (staging, two developers, a copy of the data)."""

from django_tenants.utils import get_public_schema_name

from pos_billing.collection.models import Installation
from pos_billing.collection.stripe.keys import Owner
from pos_billing.sellers.schemas import current_schema, in_seller


def installation_token() -> str:
    """The random token of this installation, made the first time it is asked for."""
    with in_seller(get_public_schema_name()):
        return Installation.objects.get_or_create(only=True)[0].token


def owner() -> Owner:
    """The current Seller in this installation: whose every name at Stripe is that we give now."""
    return Owner(installation_token(), current_schema())
