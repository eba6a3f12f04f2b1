"""The abstract base of the host's tenant model: a Partner is a tenant."""

from __future__ import annotations

from django.db import connection, models
from django_tenants.models import TenantMixin
from django_tenants.utils import get_public_schema_name, schema_exists


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

    @property
    def is_platform(self) -> bool:
        """Whether this row is the platform itself."""
        return self.schema_name == get_public_schema_name()

    def create_schema(self, check_if_exists=False, sync_schema=True, verbosity=1, progress=lambda step: None) -> bool:
        """Copy the template into this Partner's schema and migrate it; say whether it was made just now.

        `progress` is called with a few words before or after each step.
        """
        from pos_billing.sellers.template import schema_from_template  # needs the app registry

        if check_if_exists and schema_exists(self.schema_name):
            return False
        schema_from_template(self.schema_name, progress)
        connection.set_schema_to_public()
        return True
