"""The two sides of a sale: the platform's ledger in ``public``, a Partner's in its own schema."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Account, Plan
from pos_billing.sellers.schemas import current_schema, in_seller, is_platform


def current_partner() -> Any | None:
    """The Partner whose schema this is; ``None`` on the platform. Raises ``Refused`` in any other schema."""
    if is_platform():
        return None
    partner = get_tenant_model().objects.filter(schema_name=current_schema()).first()
    if partner is None:
        raise Refused("seller", f"{current_schema()} is not the schema of a Partner.", code="schema_without_partner")
    return partner


def account_of(partner: Any) -> Account:
    """The Account that the Partner is in the platform's ledger, made when it is not there yet."""
    ensure_partner_accounts([partner.pk])
    with in_seller(get_public_schema_name()):
        return Account.objects.get(partner_id=partner.pk)


def ensure_partner_accounts(partners: Iterable[int]) -> int:
    """Give each of these Partners (ids) its Account on the platform; return how many were made.

    It pays by card, as Partners do. A name that is taken by another Account gets the schema's name behind it.
    """
    table = connection.ops.quote_name(get_tenant_model()._meta.db_table)
    with in_seller(get_public_schema_name()), connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO pos_billing_account
                (name, email, address, tax_number, external_id, collection_method, partner_id, closed_on)
            SELECT CASE WHEN EXISTS (
                SELECT FROM pos_billing_account AS taken WHERE lower(taken.name) = lower(partner.name)
            ) OR row_number() OVER (PARTITION BY lower(partner.name) ORDER BY partner.id) > 1
            THEN left(partner.name, 130) || ' (' || partner.schema_name || ')' ELSE partner.name END,
            partner.email, '', '', '', 'card', partner.id, NULL
            FROM {table} AS partner WHERE partner.id = ANY(%s) AND NOT EXISTS (
                SELECT FROM pos_billing_account AS account WHERE account.partner_id = partner.id
            ) ORDER BY partner.id
            """,
            [list(partners)],
        )
        return int(cursor.rowcount)


def placeholder() -> Plan:
    """Unbilled, the plan of this schema that says that no plan was chosen yet."""
    return Plan.objects.get(placeholder=True)
