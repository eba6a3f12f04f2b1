"""What is refused of the staged assignments (``assigning``), and why: one query for each rule.

Each rule is a SELECT over ``staged`` that gives the row, the subject's name and up to three values for its message.
The rules of a Partner's schema look at the platform's plans too, because the Partner pays for the parent plan.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from pos_billing.facts.staged import AFTER_END, BEFORE_CREATION, Problem, Rule, problems_of
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.assigning import STAGED
from pos_billing.plans.partner_accounts import account_of, current_partner

_KNOWN = "SELECT min(lower(fact.days)) FROM pos_billing_assignment AS fact WHERE lower(fact.days) > last.day AND fact."
# The subject of each row, and the days asked for as `facts.changes` will place them: until the next row without
# `until`, after the last one until the next change that is known, and around the rows that have one.
SUBJECT = f"""
    CREATE TEMPORARY TABLE pos_billing_assigned_subject ON COMMIT DROP AS
    WITH bounded AS (
        SELECT kind, subject_id, range_agg(daterange(day, until)) AS days FROM {STAGED} WHERE until > day GROUP BY 1, 2
    ),
    reach AS (
        SELECT kind, subject_id, CASE kind
            WHEN 'instance' THEN ({_KNOWN}instance_id = subject_id)
            ELSE ({_KNOWN}dedicated_environment_id = subject_id) END AS known
        FROM (SELECT kind, subject_id, max(day) AS day FROM {STAGED} GROUP BY 1, 2) AS last
    ),
    opened AS (
        SELECT row, lead(day) OVER (PARTITION BY kind, subject_id ORDER BY day) AS next
        FROM {STAGED} WHERE until IS NULL
    )
    SELECT staged.row, thing.name AS subject, thing.created_on, thing.ends_on, thing.partner_id,
        CASE WHEN staged.until IS NULL THEN datemultirange(daterange(staged.day, COALESCE(opened.next, reach.known)))
                - COALESCE(bounded.days, '{{}}'::datemultirange)
            WHEN staged.until > staged.day THEN datemultirange(daterange(staged.day, staged.until))
            ELSE '{{}}'::datemultirange
        END * datemultirange(daterange(NULL, staged.ends))
            * datemultirange(daterange(NULL, thing.ends_on)) AS days
    FROM {STAGED} AS staged
    JOIN (
        SELECT 'instance' AS kind, id, name, created_on, deleted_on AS ends_on, NULL::bigint AS partner_id
        FROM pos_billing_instances_instance UNION ALL
        SELECT 'dedicated', id, name, created_on, removed_on, partner_id
        FROM pos_billing_instances_dedicatedenvironment
    ) AS thing ON thing.kind = staged.kind AND thing.id = staged.subject_id
    LEFT JOIN opened ON opened.row = staged.row
    LEFT JOIN bounded ON bounded.kind = staged.kind AND bounded.subject_id = staged.subject_id
    LEFT JOIN reach ON reach.kind = staged.kind AND reach.subject_id = staged.subject_id
"""
FROM = f"FROM {STAGED} AS staged JOIN pos_billing_assigned_subject AS thing ON thing.row = staged.row "
PLAN = "JOIN pos_billing_plan AS plan ON plan.id = staged.plan_id "
PARENT = 'JOIN "public"."pos_billing_plan" AS parent ON parent.id = plan.parent_id '
OWNED = (
    "LEFT JOIN pos_billing_instances_ownership AS owned ON staged.kind = 'instance' "
    "AND owned.instance_id = staged.subject_id AND owned.days @> staged.day "
)
COMMON = (
    Rule(
        "until_not_after_day",
        "until",
        "The last day of {subject} must be after {one}.",
        f"SELECT staged.row, subject, day, NULL, NULL {FROM} WHERE staged.until <= staged.day",
    ),
    Rule(
        "assigned_before_creation",
        "day",
        BEFORE_CREATION,
        f"SELECT staged.row, subject, created_on, NULL, NULL {FROM} WHERE staged.day < created_on",
    ),
    Rule(
        "assigned_after_end",
        "day",
        AFTER_END,
        f"SELECT staged.row, subject, ends_on, NULL, NULL {FROM} WHERE staged.day >= ends_on",
    ),
    Rule(
        "account_missing",
        "account",
        "Choose who pays for {subject}: only Unbilled has no Account.",
        f"SELECT staged.row, subject, NULL, NULL, NULL {FROM} {PLAN} "
        "WHERE staged.account_id IS NULL AND NOT plan.placeholder",
    ),
    Rule(
        "account_closed",
        "account",
        "{one} was closed on {two}: choose another Account, or reopen it.",
        f"SELECT staged.row, subject, account.name, account.closed_on, NULL {FROM} "
        "JOIN pos_billing_account AS account ON account.id = staged.account_id WHERE account.closed_on <= staged.day",
    ),
    Rule(
        "plan_archived",
        "plan",
        "{one} is archived from {two}: choose another plan.",
        f"SELECT staged.row, subject, plan.name, plan.archived_on, NULL {FROM} {PLAN} "
        "WHERE plan.archived_on <= staged.day",
    ),
    Rule(
        "plan_not_granted",
        "plan",
        "{one} is not granted to {two}: grant it first, or choose another plan.",
        f"SELECT staged.row, subject, plan.name, account.name, NULL {FROM} {PLAN} "
        "JOIN pos_billing_account AS account ON account.id = staged.account_id "
        "WHERE NOT plan.granted_to_all AND NOT EXISTS (SELECT FROM pos_billing_plangrant AS given "
        "WHERE given.plan_id = plan.id AND given.account_id = account.id)",
    ),
    Rule(
        "plan_does_not_serve",
        "plan",
        "{one} does not serve {two}, which {subject} is {three}: choose another plan, or other days.",
        f"SELECT DISTINCT ON (staged.row) staged.row, subject, plan.name, period.environment, "
        "'from ' || to_char(lower(period.days), 'FMDD Mon YYYY') || "
        "COALESCE(' until ' || to_char(upper(period.days), 'FMDD Mon YYYY'), '') "
        f"{FROM} {PLAN} JOIN pos_billing_instances_environmentperiod AS period "
        "ON staged.kind = 'instance' AND period.instance_id = staged.subject_id AND period.days && thing.days "
        "WHERE NOT period.environment = ANY(plan.environments) ORDER BY staged.row, lower(period.days)",
    ),
    Rule(
        "plan_not_for_dedicated",
        "plan",
        "{one} is not a plan for dedicated environments: choose one that is.",
        f"SELECT staged.row, subject, plan.name, NULL, NULL {FROM} {PLAN} "
        "WHERE staged.kind = 'dedicated' AND NOT 'dedicated' = ANY(plan.environments)",
    ),
    Rule(
        "plan_without_price",
        "day",
        "{one} has no price on {two}: nothing would be charged. Give it one from that day, or use a later day.",
        f"SELECT staged.row, subject, plan.name, staged.day, NULL {FROM} {PLAN} "
        "WHERE EXISTS (SELECT FROM pos_billing_usagefee AS fee WHERE fee.plan_id = plan.id) AND NOT EXISTS ("
        "SELECT FROM pos_billing_usagefee AS fee JOIN pos_billing_price AS price ON price.fee_id = fee.id "
        "WHERE fee.plan_id = plan.id AND price.days @> staged.day)",
    ),
)
PLATFORM = (
    Rule(
        "account_is_not_the_owners",
        "account",
        "{subject} belongs to {one} on {two}: its Account pays the platform.",
        f"SELECT staged.row, subject, payer.name, staged.day, NULL {FROM} {OWNED} "
        "JOIN pos_billing_account AS payer ON payer.partner_id = COALESCE(owned.partner_id, thing.partner_id) "
        "WHERE staged.account_id <> payer.id",
    ),
    Rule(
        "until_after_transfer",
        "until",
        "{subject} belongs to its Partner until {one}: end it there.",
        f"SELECT staged.row, subject, staged.ends, NULL, NULL {FROM} WHERE staged.until > staged.ends",
    ),
)
PARTNER = (
    Rule(
        "subject_not_yours",
        "day",
        "{subject} is not yours on {one}.",
        f"SELECT staged.row, subject, staged.day, NULL, NULL {FROM} {OWNED} "
        "WHERE COALESCE(owned.partner_id, thing.partner_id, 0) <> %(partner)s AND staged.day >= thing.created_on",
    ),
    Rule(
        "until_after_ownership",
        "until",
        "{subject} is yours until {one}: end it there.",
        f"SELECT staged.row, subject, staged.ends, NULL, NULL {FROM} {OWNED} "
        "WHERE owned.partner_id = %(partner)s AND staged.until > staged.ends",
    ),
    Rule(
        "plan_without_parent",
        "plan",
        "{one} has no parent plan: say what it costs you first.",
        f"SELECT staged.row, subject, plan.name, NULL, NULL {FROM} {PLAN} "
        "WHERE plan.parent_id IS NULL AND NOT plan.placeholder",
    ),
    Rule(
        "parent_plan_archived",
        "plan",
        "{two}, the parent plan of {one}, is archived from {three}: choose another plan.",
        f"SELECT staged.row, subject, plan.name, parent.name, parent.archived_on {FROM} {PLAN} {PARENT} "
        "WHERE parent.archived_on <= staged.day",
    ),
    Rule(
        "parent_plan_not_granted",
        "plan",
        "{two}, the parent plan of {one}, is not granted to you: ask the platform, or choose another plan.",
        f"SELECT staged.row, subject, plan.name, parent.name, NULL {FROM} {PLAN} {PARENT} "
        'WHERE NOT parent.granted_to_all AND NOT EXISTS (SELECT FROM "public"."pos_billing_plangrant" AS given '
        "WHERE given.plan_id = parent.id AND given.account_id = %(account)s)",
    ),
    Rule(
        "parent_plan_does_not_serve",
        "plan",
        "{two}, the parent plan of {one}, does not serve {three}: choose another plan.",
        f"SELECT DISTINCT ON (staged.row) staged.row, subject, plan.name, parent.name, period.environment "
        f"{FROM} {PLAN} {PARENT} JOIN pos_billing_instances_environmentperiod AS period "
        "ON staged.kind = 'instance' AND period.instance_id = staged.subject_id AND period.days && thing.days "
        "WHERE NOT period.environment = ANY(parent.environments) ORDER BY staged.row, lower(period.days)",
    ),
    Rule(
        "parent_plan_not_for_dedicated",
        "plan",
        "{two}, the parent plan of {one}, is not a plan for dedicated environments: choose another plan.",
        f"SELECT staged.row, subject, plan.name, parent.name, NULL {FROM} {PLAN} {PARENT} "
        "WHERE staged.kind = 'dedicated' AND NOT 'dedicated' = ANY(parent.environments)",
    ),
)
_HELD = " UNION ALL ".join(
    f"SELECT staged.row, subject, held.name, lower(fact.days) AS first {FROM} {PLAN} "
    f"JOIN pos_billing_assignment AS fact ON staged.kind = '{kind}' AND fact.{column} = staged.subject_id "
    "AND fact.days && thing.days JOIN pos_billing_plan AS held ON held.id = fact.plan_id "
    "WHERE plan.placeholder AND NOT held.placeholder"
    for kind, column in KINDS.items()
)
OWN_UNBILLED = Rule(
    "only_platform_unbills",
    "plan",
    "{subject} has the plan {one} on those days: only the platform puts it back on Unbilled.",
    f"SELECT DISTINCT ON (row) row, subject, name, NULL, NULL FROM ({_HELD}) AS held ORDER BY row, first",
)
"""A Partner does not stop its own costs by taking a plan back."""


def problems(*, may_unbill: bool = True) -> Iterator[Problem]:
    """Every problem of the staged rows; rows that have one are marked and not applied.

    ``may_unbill`` lets a Partner's schema take billed plans back to Unbilled: for staff and their files.
    """
    partner = current_partner()
    rules: tuple[Rule, ...] = (*COMMON, *(PLATFORM if partner is None else PARTNER))
    parameters: dict[str, Any] = {}
    if partner is not None:
        parameters = {"partner": partner.pk, "account": account_of(partner).pk}
        if not may_unbill:
            rules = (*rules, OWN_UNBILLED)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pos_billing_assigned_subject")
        cursor.execute(SUBJECT)
        cursor.execute("ANALYZE pos_billing_assigned_subject")
    yield from problems_of(STAGED, rules, parameters)
