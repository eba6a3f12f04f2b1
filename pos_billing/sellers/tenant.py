"""The abstract base of the host's tenant model: a Partner is a tenant."""

from django.db import models
from django_tenants.models import TenantMixin


class PartnerTenant(TenantMixin):
    """What the plugin needs to know of a Partner; the host's model inherits it and may add fields of its own.

    The platform itself is the row whose schema is `public`.
    """

    name = models.CharField(max_length=200, help_text="The Partner's name, as it appears on statements.")
    email = models.EmailField(help_text="Where the platform sends the Partner's statements; dj-stripe asks for it too.")
    created_on = models.DateField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
