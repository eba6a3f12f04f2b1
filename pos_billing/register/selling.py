"""What Sellers sell, from a file: Partners and settings by their commands, Accounts, prices and grants set-based."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.changes import NOTHING_AFTERWARDS, Change, Rows
from pos_billing.facts.errors import Refused
from pos_billing.plans.commands import plan_archive, plan_change, plan_create, seller_settings_change
from pos_billing.plans.models import Plan, Price, SellerSettings
from pos_billing.register.accounts import check_accounts, find_accounts, import_accounts
from pos_billing.register.checks import named_badly, refuse_doubles, refuse_overlaps, refuse_unknown_sellers
from pos_billing.register.report import Problem
from pos_billing.register.staging import PARTNERS, Staged, table_of
from pos_billing.sellers.commands import partner_create
from pos_billing.sellers.schemas import in_seller

SOLD = ("account", "plan", "price", "grant")
DAYS = {"archived_on", "launch_on", "first_payment_on", "floor", "cut_off"}
PRICE, GRANT = table_of("price"), table_of("grant")


def import_partners(staged: Staged, *, create: bool) -> None:
    """Find the Partners of the file; make those that are not there, if the import may."""
    for number, given in _one_by_one(staged, "partner"):
        partner = get_tenant_model().objects.filter(schema_name=given["schema"]).first()
        if partner is not None:
            continue
        if not create:
            message = f"{given['schema']} is not a Partner: create it first, or let the import create it."
            staged.refuse_rows([Problem("partner", number, "schema", message)])
            continue
        if "host" not in given:
            staged.refuse_rows([Problem("partner", number, "host", "is missing: a new Partner needs a host name.")])
            continue
        with _refusals(staged, "partner", number):
            partner_create(
                name=given["name"],
                email=given["email"],
                schema=given["schema"],
                host=given["host"],
                progress=lambda step: staged.progress(step, 0),
            )
            staged.report.partners_created.append(given["name"])


def import_sellers(staged: Staged, *, by: str, why: str) -> None:
    """Change the settings that differ."""
    refuse_unknown_sellers(staged, "seller")
    for number, given in _one_by_one(staged, "seller"):
        with in_seller(given.pop("schema_name")), _refusals(staged, "seller", number):
            given.pop("seller")
            row = SellerSettings.objects.get()
            differing = {name: value for name, value in _values(given) if getattr(row, name) != value}
            if differing:
                seller_settings_change(by=by, why=why, **differing)
                staged.report.add("seller", Rows(altered=1))


def import_sold(staged: Staged, *, by: str, why: str) -> None:
    """Accounts, plans, prices and grants, Seller by Seller, the platform first: parent plans come before children."""
    for kind in SOLD:
        refuse_unknown_sellers(staged, kind)
    check_accounts(staged)
    refuse_doubles(staged, "plan", "name", "schema_name", "lower(name)")
    refuse_doubles(staged, "grant", "plan", "schema_name", "lower(plan)", "lower(account)")
    staged.execute(f"ALTER TABLE {PRICE} ADD plan_id bigint")
    staged.execute(f"ALTER TABLE {GRANT} ADD plan_id bigint, ADD account_id bigint")
    for schema in sellers_of(staged, *SOLD):
        with in_seller(schema):
            import_accounts(staged, schema)
            _import_plans(staged, schema, by=by, why=why)
            _import_prices(staged, schema)
            _import_grants(staged, schema)


def sellers_of(staged: Staged, *kinds: str) -> list[str]:
    """The schemas that rows of these kinds name, the platform's first."""
    named = " UNION ".join(
        f"SELECT DISTINCT schema_name FROM {table_of(kind)} WHERE schema_name IS NOT NULL" for kind in kinds
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT schema_name FROM ({named}) AS named LEFT JOIN {PARTNERS} AS partner USING (schema_name) "
            "ORDER BY schema_name <> %s, partner.id",
            [get_public_schema_name()],
        )
        return [schema for (schema,) in cursor.fetchall()]


def _import_plans(staged: Staged, schema: str, *, by: str, why: str) -> None:
    """Make and change the plans of the current schema, one by one: a Seller has few, and each has rules."""
    known = {plan.name.lower(): plan for plan in Plan.objects.all()}
    with in_seller(get_public_schema_name()):
        parents = {name.lower(): key for name, key in Plan.objects.values_list("name", "pk")}
    for number, given in _one_by_one(staged, "plan", schema):
        values = {name: value for name, value in _values(given) if name not in {"seller", "schema_name"}}
        archived_on = values.pop("archived_on", None)
        with _refusals(staged, "plan", number):
            if "parent" in values:
                values["parent"] = parents.get(str(given["parent"]).lower())
                if values["parent"] is None:
                    own = "The platform's own plans have no parent." if schema == get_public_schema_name() else ""
                    raise Refused(
                        "parent", own or f"{given['parent']} is not a plan of the platform.", code="parent_plan_unknown"
                    )
            plan = known.get(values["name"].lower())
            changed = plan is None
            if plan is None:
                plan = plan_create(**values, from_day=date(2000, 1, 1), by=by, why=why)
            else:
                values["environments"] = [name for name in plan.environments if name in values["environments"]] + [
                    name for name in values["environments"] if name not in plan.environments
                ]
                now = {**{name: getattr(plan, name) for name in values}, "parent": plan.parent_id}
                differing = {name: value for name, value in values.items() if now[name] != value}
                if differing:
                    plan = plan_change(plan, by=by, why=why, **differing)
                    changed = True
            if archived_on and plan.archived_on != archived_on:
                plan_archive(plan, day=archived_on, by=by, why=why)
                changed = True
            if changed:
                staged.report.add("plan", Rows(altered=1))


def _find_plans(staged: Staged, kind: str, schema: str) -> None:
    staged.execute(
        f"UPDATE {table_of(kind)} AS row SET plan_id = plan.id FROM pos_billing_plan AS plan "
        f"WHERE row.schema_name = '{schema}' AND lower(plan.name) = lower(row.plan)"
    )
    staged.refuse(
        kind,
        "plan",
        "{one} is not a plan of this Seller.",
        f"SELECT number, plan, NULL FROM {{table}} AS row WHERE row.schema_name = '{schema}' AND plan_id IS NULL "
        f"AND NOT EXISTS ({named_badly('plan', 'name', 'row.plan')})",
    )
    staged.execute(f"UPDATE {table_of(kind)} SET refused = true WHERE schema_name = '{schema}' AND plan_id IS NULL")


def _import_prices(staged: Staged, schema: str) -> None:
    """Make the fees that are named first, then change prices through time."""
    _find_plans(staged, "price", schema)
    here = f"row.schema_name = '{schema}' AND NOT row.refused"
    staged.refuse(
        "price",
        "plan",
        "Unbilled has no fees: it says that no plan was chosen yet.",
        f"SELECT row.number, NULL, NULL FROM {{table}} AS row JOIN pos_billing_plan AS plan ON plan.id = row.plan_id "
        f"WHERE {here} AND plan.placeholder",
    )
    staged.refuse(
        "price",
        "metric",
        "the fee {one} is {two}: that cannot be changed, add another fee.",
        "SELECT row.number, row.fee, CASE known.metric WHEN '' THEN 'flat' ELSE 'metered by ' || known.metric END "
        "FROM {table} AS row JOIN LATERAL (SELECT metric FROM pos_billing_usagefee AS fee "
        "WHERE fee.plan_id = row.plan_id AND fee.name = row.fee UNION ALL (SELECT first.metric FROM {table} AS first "
        "WHERE first.plan_id = row.plan_id AND first.fee = row.fee AND first.schema_name = row.schema_name "
        f"ORDER BY first.number LIMIT 1) LIMIT 1) AS known ON true WHERE {here} AND known.metric <> row.metric",
    )
    refuse_overlaps(staged, "price", "schema_name", "lower(plan)", "fee")
    fees = staged.execute(
        "INSERT INTO pos_billing_usagefee (plan_id, name, metric) SELECT row.plan_id, row.fee, min(row.metric) "
        f"FROM {PRICE} AS row WHERE {here} AND NOT EXISTS (SELECT FROM pos_billing_usagefee AS fee "
        "WHERE fee.plan_id = row.plan_id AND fee.name = row.fee) GROUP BY 1, 2 ORDER BY min(row.number)"
    )
    prices = Change(Price, "fee_id", ["cents", "included", "tiers"]).make(
        "SELECT fee.id AS thing, row.start, row.until, NULL::date AS ends, false AS void, row.cents, row.included, "
        f"row.tiers FROM {PRICE} AS row JOIN pos_billing_usagefee AS fee "
        f"ON fee.plan_id = row.plan_id AND fee.name = row.fee WHERE {here}",
        afterwards=NOTHING_AFTERWARDS,
    )
    staged.report.add("price", Rows(prices.added + fees, prices.altered, prices.removed))


def _import_grants(staged: Staged, schema: str) -> None:
    _find_plans(staged, "grant", schema)
    find_accounts(staged, "grant", schema)
    here = f"row.schema_name = '{schema}' AND NOT row.refused"
    staged.refuse(
        "grant",
        "plan",
        "Unbilled is granted to all.",
        f"SELECT row.number, NULL, NULL FROM {{table}} AS row JOIN pos_billing_plan AS plan ON plan.id = row.plan_id "
        f"WHERE {here} AND plan.placeholder",
    )
    added = staged.execute(
        f"INSERT INTO pos_billing_plangrant (plan_id, account_id) SELECT row.plan_id, row.account_id "
        f"FROM {GRANT} AS row WHERE {here} AND NOT EXISTS (SELECT FROM pos_billing_plangrant AS known "
        "WHERE known.plan_id = row.plan_id AND known.account_id = row.account_id) ORDER BY row.number"
    )
    staged.report.add("grant", Rows(added))


def _one_by_one(staged: Staged, kind: str, schema: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of a kind with few rows, as they were given; ``schema_name`` is added where a Seller is named."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number, given::text, schema_name FROM {table_of(kind)} WHERE NOT refused "
            "AND (%s::text IS NULL OR schema_name = %s) ORDER BY number",
            [schema, schema],
        )
        rows = cursor.fetchall()
    for number, given, found in rows:
        values = json.loads(given)
        yield number, values if found is None else {**values, "schema_name": found}


def _values(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        yield name, date.fromisoformat(value) if name in DAYS else value


class _refusals:
    """A savepoint around a row's commands: what they refuse becomes a problem of the row."""

    def __init__(self, staged: Staged, kind: str, number: int) -> None:
        self.staged, self.kind, self.number = staged, kind, number
        self.savepoint = transaction.atomic()

    def __enter__(self) -> None:
        self.savepoint.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.savepoint.__exit__(kind, error, trace)
        if not isinstance(error, Refused):
            return False
        self.staged.refuse_rows([Problem(self.kind, self.number, error.field, error.text)])
        return True
