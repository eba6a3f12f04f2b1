"""Assignments of a file: resolved, then staged, checked and applied exactly as a person's are."""

from django_tenants.utils import get_public_schema_name

from pos_billing.plans import assigning, assigning_checks
from pos_billing.plans.ownership import carry_plans_over
from pos_billing.register.accounts import find_accounts
from pos_billing.register.checks import named_badly, refuse_overlaps, refuse_unknown_sellers
from pos_billing.register.report import Problem
from pos_billing.register.selling import sellers_of
from pos_billing.register.staging import BAD, RAW, Staged, table_of
from pos_billing.sellers.schemas import in_seller
from pos_billing.wording import day as day_text

ROW = table_of("assignment")


def import_assignments(staged: Staged, *, by: str) -> None:
    """Partners first, each with the platform's side of it; what the file says of the platform itself comes last."""
    refuse_unknown_sellers(staged, "assignment")
    staged.execute(f"ALTER TABLE {ROW} ADD kind text, ADD plan_id bigint, ADD account_id bigint")
    for kind, table in (
        ("instance", "pos_billing_instances_instance"),
        ("dedicated", "pos_billing_instances_dedicatedenvironment"),
    ):
        staged.execute(
            f"UPDATE {ROW} AS row SET thing = known.id, kind = '{kind}' FROM {table} AS known "
            "WHERE known.uuid = row.uuid AND row.thing IS NULL"
        )
    staged.refuse(
        "assignment",
        "uuid",
        "{one} is not an Instance or a dedicated environment of the register or of this file.",
        "SELECT number, uuid::text, NULL FROM {table} WHERE thing IS NULL AND uuid NOT IN ("
        f"SELECT uuid FROM {table_of('instance')} UNION ALL SELECT uuid FROM {table_of('dedicated_environment')} "
        f"UNION ALL SELECT (given->>'uuid')::uuid FROM {RAW} WHERE kind IN "
        f"('{BAD}instance', '{BAD}dedicated_environment') AND given ? 'uuid')",
    )
    staged.execute(f"UPDATE {ROW} SET refused = true WHERE thing IS NULL")
    refuse_overlaps(staged, "assignment", "schema_name", "kind", "thing")
    schemas = sellers_of(staged, "assignment")
    public = get_public_schema_name()
    for schema in [*(schema for schema in schemas if schema != public), public]:
        if schema == public:
            staged.report.add("assignment", carry_plans_over(by=by))
        if schema in schemas:
            staged.progress(f"assignments of {schema}", staged.report.rows.get("assignment", 0))
            with in_seller(schema):
                _import_side(staged, schema, by)


def _import_side(staged: Staged, schema: str, by: str) -> None:
    staged.execute(
        f"UPDATE {ROW} AS row SET plan_id = plan.id FROM pos_billing_plan AS plan "
        f"WHERE row.schema_name = '{schema}' AND lower(plan.name) = lower(row.plan)"
    )
    staged.refuse(
        "assignment",
        "plan",
        "{one} is not a plan of this Seller.",
        f"SELECT number, plan, NULL FROM {{table}} AS row WHERE row.schema_name = '{schema}' AND plan_id IS NULL "
        f"AND NOT EXISTS ({named_badly('plan', 'name', 'row.plan')})",
    )
    staged.execute(f"UPDATE {ROW} SET refused = true WHERE schema_name = '{schema}' AND plan_id IS NULL")
    find_accounts(staged, "assignment", schema)
    assigning.make_stage()
    staged.execute(
        f"INSERT INTO {assigning.STAGED} (row, kind, subject_id, plan_id, account_id, day, until) "
        f"SELECT number, kind, thing, plan_id, account_id, start, until FROM {ROW} "
        f"WHERE schema_name = '{schema}' AND NOT refused ORDER BY number"
    )
    assigning.finish_stage()
    staged.refuse_rows(
        Problem("assignment", problem.row, FIELDS.get(problem.field, problem.field), problem.message)
        for problem in assigning_checks.problems()
    )
    staged.report.add("assignment", assigning.apply(by=by, ends_are_corrections=True))
    for row, name, plan, until, follows in assigning.ended_by_known():
        ends = day_text(until)
        staged.report.note("assignment", row, f"{name} is on {plan} until {ends}, then {follows}, assigned {ends}.")


FIELDS = {"day": "from"}
"""What the file calls the arguments of an assignment."""
