"""Verbs: making a Partner."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.dispatch import Signal
from django_tenants.utils import get_public_schema_name, get_tenant_domain_model, get_tenant_model, schema_exists

from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller, template_schema
from pos_billing.sellers.template import Progress
from pos_billing.sellers.users import user_who_asks_for_a_password

SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

partner_created = Signal()
"""Sent once a Partner's schema stands, in that schema and in the same transaction: `partner`, `owner` (its first user
or None)."""


def partner_create(
    *,
    name: str,
    email: str,
    schema: str,
    host: str,
    owner_email: str | None = None,
    owner_password: str | None = None,
    progress: Progress = lambda step: None,
    **fields: Any,
) -> Any:
    """Make a Partner: its row, its host name, its schema (a copy of the template, migrated) and its first user.

    One transaction: either all of it is there afterwards or nothing. Without `owner_password` the owner asks for a
    password by e-mail on the sign-in page. `fields` are further fields of the host's tenant model.
    """
    schema, host = schema.strip(), host.strip().lower().rstrip(".")
    _refuse_bad_names(schema, host)
    with in_seller(get_public_schema_name()), transaction.atomic():
        partner = get_tenant_model()(schema_name=schema, name=name, email=email, **fields)
        partner.auto_create_schema = False  # made below, with progress
        partner.full_clean()
        partner.save()
        progress(f"making {name}")
        partner.create_schema(progress=progress)
        get_tenant_domain_model().objects.create(tenant=partner, domain=host, is_primary=True)
        with in_seller(schema):
            owner = _create_owner(owner_email, owner_password) if owner_email else None
            partner_created.send(sender=type(partner), partner=partner, owner=owner)
        progress(f"{name} answers at {host}")
    return partner


def _create_owner(email: str, password: str | None) -> Any:
    """Create the Partner's first user in the current schema; it may use the shop's dashboard."""
    if password is None:
        return user_who_asks_for_a_password(email, is_staff=True)
    return get_user_model().objects.create_user(username=email, email=email, password=password, is_staff=True)


def _refuse_bad_names(schema: str, host: str) -> None:
    """Raise Refused unless schema and host name are well-formed and free."""
    if not SCHEMA_NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise Refused(
            "schema",
            "Use small letters, digits and _, a letter first, at most 63 (for example agency_one).",
            code="schema_malformed",
        )
    if schema in {get_public_schema_name(), template_schema()} or schema_exists(schema):
        raise Refused("schema", f"{schema} is taken.", code="schema_taken")
    if not HOST_NAME.fullmatch(host):
        raise Refused(
            "host",
            f"{host!r} is not a valid host name (for example agency-one.example.com; no port, no path).",
            code="host_malformed_for_storefront",
        )
    with in_seller(get_public_schema_name()):
        if get_tenant_domain_model().objects.filter(domain=host).exists():
            raise Refused("host", f"{host} is taken.", code="host_of_seller_taken")
