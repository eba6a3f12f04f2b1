"""The host's tenant model: everything a Partner needs comes from the plugin's abstract base."""

from django_tenants.models import DomainMixin

from pos_billing.sellers.tenant import PartnerTenant


class Partner(PartnerTenant):
    """A Partner of the platform; the row of schema `public` is the platform itself."""

    class Meta:
        ordering = ["name"]


class Host(DomainMixin):  # type: ignore[misc]  # django-tenants has no types
    """A host name by which a Partner's storefront, or the platform, is reached."""

    class Meta:
        ordering = ["domain"]
