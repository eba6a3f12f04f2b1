"""The abstract base of the host's tenant model: a Partner is a tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from django.db import models
from django.http import HttpRequest
from django_tenants.models import TenantMixin
from django_tenants.utils import get_public_schema_name, schema_exists

from pos_billing.sellers.schemas import tenant_connection


class PartnerTenant(TenantMixin):  # type: ignore[misc]  # django-tenants has no types
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
        return str(self.schema_name) == str(get_public_schema_name())

    def create_schema(
        self,
        check_if_exists: bool = False,
        sync_schema: bool = True,
        verbosity: int = 1,
        progress: Callable[[str], None] = lambda step: None,
    ) -> bool:
        """Copy the template into this Partner's schema and migrate it; say whether it was made just now.

        `progress` is called with a few words before or after each step.
        """
        from pos_billing.sellers.template import schema_from_template  # needs the app registry

        if check_if_exists and schema_exists(self.schema_name):
            return False
        schema_from_template(self.schema_name, progress)
        tenant_connection().set_schema_to_public()
        return True


class _OfTenant(Protocol):
    """A request as django-tenants' middleware leaves it."""

    tenant: PartnerTenant


def tenant_of(request: HttpRequest) -> PartnerTenant:
    """Return the Partner on whose host name the request came; on the platform's, the platform's own row."""
    return cast(_OfTenant, request).tenant
