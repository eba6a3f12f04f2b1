"""Accounts of a file: clients by their name, the platform's by the Partner they are."""

from django.db import connection
from django_tenants.utils import get_public_schema_name

from pos_billing.facts.changes import Rows
from pos_billing.plans.partner_accounts import ensure_partner_accounts
from pos_billing.register.checks import named_badly, refuse_doubles, refuse_unknown_partners
from pos_billing.register.staging import PARTNERS, Staged, table_of

ACCOUNT = table_of("account")


def check_accounts(staged: Staged) -> None:
    """Refuse Accounts of the wrong side; make sure that the Partners that are named have theirs."""
    refuse_unknown_partners(staged, "account")
    public = get_public_schema_name()
    staged.refuse(
        "account",
        "partner",
        "is missing: on the platform an Account is a Partner.",
        f"SELECT number, NULL, NULL FROM {{table}} WHERE schema_name = '{public}' AND partner IS NULL",
    )
    staged.refuse(
        "account",
        "partner",
        "belongs to Accounts of the platform; a Partner's are its clients.",
        f"SELECT number, NULL, NULL FROM {{table}} WHERE schema_name <> '{public}' AND partner IS NOT NULL",
    )
    refuse_doubles(staged, "account", "name", "schema_name", "lower(name)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT partner_id FROM {ACCOUNT} WHERE NOT refused AND partner_id IS NOT NULL")
        partners = [partner for (partner,) in cursor.fetchall()]
    if partners:
        ensure_partner_accounts(partners)


def import_accounts(staged: Staged, schema: str) -> None:
    """Insert and update the Accounts of the current schema: clients by name, the platform's by Partner."""
    given = f"row.schema_name = '{schema}' AND NOT row.refused"
    platform = schema == get_public_schema_name()
    same = "known.partner_id = row.partner_id" if platform else "lower(known.name) = lower(row.name)"
    staged.refuse(
        "account",
        "name",
        "is the name of another Account.",
        f"SELECT row.number, NULL, NULL FROM {{table}} AS row JOIN pos_billing_account AS other "
        f"ON lower(other.name) = lower(row.name) WHERE {given} AND row.partner_id IS NOT NULL "
        "AND other.partner_id IS DISTINCT FROM row.partner_id",
    )
    columns = ("email", "address", "tax_number", "external_id", "collection_method")
    values = {name: f"COALESCE(row.{name}, known.{name})::varchar" for name in columns}
    altered = staged.execute(
        f"UPDATE pos_billing_account AS known SET name = row.name, "
        f"{', '.join(f'{name} = {value}' for name, value in values.items())} "
        f"FROM {ACCOUNT} AS row WHERE {given} AND {same} AND (known.name, "
        f"{', '.join(f'known.{name}::varchar' for name in columns)}) IS DISTINCT FROM "
        f"(row.name::varchar, {', '.join(values.values())})"
    )
    added = staged.execute(
        "INSERT INTO pos_billing_account "
        "(name, email, address, tax_number, external_id, collection_method, partner_id, closed_on) "
        "SELECT row.name, COALESCE(row.email, ''), COALESCE(row.address, ''), COALESCE(row.tax_number, ''), "
        "COALESCE(row.external_id, ''), COALESCE(row.collection_method, 'manual'), NULL, NULL "
        f"FROM {ACCOUNT} AS row WHERE {given} AND NOT EXISTS (SELECT FROM pos_billing_account AS known WHERE {same}) "
        "ORDER BY row.number"
    )
    staged.report.add("account", Rows(added, altered))


def find_accounts(staged: Staged, kind: str, schema: str) -> None:
    """Set ``account_id`` by name, on the platform also by the Partner's schema or name."""
    staged.execute(
        f"UPDATE {table_of(kind)} AS row SET account_id = named.id FROM ("
        "SELECT lower(account.name) AS name, account.id FROM pos_billing_account AS account UNION "
        "SELECT unnest(ARRAY[lower(partner.schema_name), lower(partner.name)]), account.id "
        f"FROM {PARTNERS} AS partner JOIN pos_billing_account AS account ON account.partner_id = partner.id"
        f") AS named WHERE row.schema_name = '{schema}' AND lower(row.account) = named.name"
    )
    staged.refuse(
        kind,
        "account",
        "{one} is not an Account of this Seller.",
        f"SELECT row.number, row.account, NULL FROM {{table}} AS row WHERE row.schema_name = '{schema}' "
        f"AND row.account IS NOT NULL AND row.account_id IS NULL "
        f"AND NOT EXISTS ({named_badly('account', 'name', 'row.account')})",
    )
    staged.execute(
        f"UPDATE {table_of(kind)} SET refused = true WHERE schema_name = '{schema}' "
        "AND account IS NOT NULL AND account_id IS NULL"
    )
