"""Which schemas are Sellers, and entering one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, cast

from django.conf import settings
from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.errors import Refused


class NoSuchSeller(Refused):
    """A schema that is not a Seller's: it was renamed or deleted, or never was one."""

    def __init__(self, schema: str) -> None:
        super().__init__(
            "seller",
            f"There is no Seller {schema}. It was renamed or deleted; choose another one.",
            code="seller_unknown",
        )


class TenantConnection(Protocol):
    """What django-tenants adds to Django's connection; neither has types that say so."""

    schema_name: str
    tenant: object

    def set_schema(self, schema: str, /) -> None:
        """Enter a schema by its name."""

    def set_tenant(self, tenant: object, /) -> None:
        """Enter the schema of a row of the tenant model, or of what stood for one."""

    def set_schema_to_public(self) -> None:
        """Enter the platform's schema."""


def tenant_connection() -> TenantConnection:
    """Return the connection to the database as django-tenants has it."""
    return cast(TenantConnection, connection)


def current_schema() -> str:
    """Return the name of the schema that the connection works in: the Seller's."""
    return tenant_connection().schema_name


@contextmanager
def in_seller(schema: str) -> Iterator[None]:
    """Work in the schema of a Seller inside the block, and come back to the schema before, whatever happens.

    Raises ``NoSuchSeller`` for any other schema: PostgreSQL would look for its tables in ``public``, and show the
    platform's.
    """
    entered = tenant_connection()
    before = entered.tenant
    if entered.schema_name != schema:
        if schema != get_public_schema_name() and not _is_partner(schema):
            raise NoSuchSeller(schema)
        entered.set_schema(schema)
    try:
        yield
    finally:
        if entered.tenant is not before:
            entered.set_tenant(before)


def _is_partner(schema: str) -> bool:
    """Whether there is a Partner of that schema, and the schema itself."""
    table = connection.ops.quote_name(get_tenant_model()._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM public.{table} WHERE schema_name = %s)"
            " AND EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)",
            [schema, schema],
        )
        return bool(cursor.fetchone()[0])


def seller_schemas() -> list[str]:
    """Return the schemas of all Sellers: the platform's first, then the Partners' in the order they came."""
    public = get_public_schema_name()
    with in_seller(public):
        partners = get_tenant_model().objects.exclude(schema_name__in=[public, template_schema()]).order_by("pk")
        return [public, *partners.values_list("schema_name", flat=True)]


def is_platform() -> bool:
    """Say whether the current schema is the platform's."""
    return current_schema() == str(get_public_schema_name())


def template_schema() -> str:
    """Return the name of the schema that new Partners are copied from; it is not a Seller and has no row."""
    return str(settings.TENANT_BASE_SCHEMA)
