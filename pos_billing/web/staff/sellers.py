"""All Sellers with the state of their billing: one query for a page of them, however many schemas that is."""

from datetime import date
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.http import Http404
from django_tenants.utils import get_public_schema_name, get_tenant_model
from psycopg import sql

from pos_billing.plans.models import SellerSettings
from pos_billing.sellers.schemas import in_seller, template_schema

SELLERS_PER_PAGE = 25

STATE = sql.SQL(
    "SELECT {name} AS schema, "
    "(SELECT name FROM {schema}.pos_billing_sellersettings), "
    "(SELECT count(*) FROM {schema}.pos_billing_account WHERE closed_on IS NULL), "
    "(SELECT count(*) FROM {schema}.pos_billing_statement), "
    "run.as_of, run.statements, run.lines, run.total_cents "
    "FROM (SELECT 1) AS one LEFT JOIN LATERAL "
    "(SELECT * FROM {schema}.pos_billing_billingrun ORDER BY id DESC LIMIT 1) AS run ON true"
)


class SellerState(NamedTuple):
    """A Seller: its open Accounts, its statements, and its last run (``None`` before the first). Money in cents."""

    schema: str
    tenant: str
    name: str
    accounts: int
    statements: int
    run_as_of: date | None
    run_statements: int | None
    run_lines: int | None
    run_cents: int | None

    @property
    def is_platform(self) -> bool:
        """Whether this is the platform itself."""
        return self.schema == get_public_schema_name()


def sellers_page(number: str | None, search: str = "") -> Page:
    """One page of Sellers, the platform first, as ``SellerState``: three queries."""
    public = get_public_schema_name()
    partners = get_tenant_model().objects.exclude(schema_name__in=[public, template_schema()])
    if search:
        partners = partners.filter(name__icontains=search)
    rows = partners.order_by("name", "pk").values_list("schema_name", "name")
    page = Paginator(rows, SELLERS_PER_PAGE).get_page(number)
    chosen = dict(page.object_list)
    if page.number == 1 and not search:
        chosen = {public: "Platform", **chosen}
    page.object_list = _states(chosen)
    return page


def partner_names() -> dict[str, str]:
    """All Partners by schema, in order of name."""
    partners = get_tenant_model().objects.exclude(schema_name__in=[get_public_schema_name(), template_schema()])
    return dict(partners.order_by("name", "pk").values_list("schema_name", "name"))


def seller_name(schema: str) -> str:
    """What the Seller is called on its statements. Raises ``Http404`` when there is no such Seller."""
    public = get_public_schema_name()
    if schema != public and (
        schema == template_schema() or not get_tenant_model().objects.filter(schema_name=schema).exists()
    ):
        raise Http404("There is no such Seller.")
    with in_seller(schema):
        return SellerSettings.objects.values_list("name", flat=True).get()


def _states(chosen: dict[str, str]) -> list[SellerState]:
    if not chosen:
        return []
    statement = sql.SQL(" UNION ALL ").join(
        STATE.format(name=sql.Literal(schema), schema=sql.Identifier(schema)) for schema in chosen
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [SellerState(schema, tenant, *found[schema]) for schema, tenant in chosen.items()]
