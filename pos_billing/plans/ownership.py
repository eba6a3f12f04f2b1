"""Plans follow ownership: on every day that a subject belongs to a Partner, exactly one plan stands on each side.

The invariant that a new Instance, a transfer and a corrected day of either all lead to:

- in the platform's ledger, each owned day has an assignment whose Account is the owner. Days that lack one are
  Unbilled; days that had another payer keep their plan where it is granted to the new one, else they are Unbilled;
- in a Partner's ledger, each day it owns has an assignment (Unbilled, without a client, where none was made), and no
  other day has one.

All of it is set-based: the number of queries depends on the number of Partners concerned, not on that of subjects.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.changes import FOR_GOOD, Change, Rows
from pos_billing.instances.signals import subjects_changed
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.assigning import NOTES, VALUES
from pos_billing.plans.models import Assignment
from pos_billing.plans.partner_accounts import ensure_partner_accounts, placeholder
from pos_billing.sellers.schemas import in_seller

OWNED = "pos_billing_owned"
"""Temporary table: who owned the subjects in question (``kind``, ``thing``, ``partner_id``, ``days``), ever."""

_INSTANCES = (
    "SELECT 'instance' AS kind, owned.instance_id AS thing, owned.partner_id, "
    "owned.days * daterange(thing.created_on, NULL) AS days FROM pos_billing_instances_ownership AS owned "
    "JOIN pos_billing_instances_instance AS thing ON thing.id = owned.instance_id"
)
_DEDICATED = (
    "SELECT 'dedicated' AS kind, id AS thing, partner_id, daterange(created_on, NULL) AS days "
    "FROM pos_billing_instances_dedicatedenvironment"
)


def assignments_follow_ownership(
    *, instances: Iterable[int] = (), dedicated_environments: Iterable[int] = (), by: str
) -> Rows:
    """Make the invariant hold for these subjects (ids). Returns the rows written, in all schemas together.

    ``by`` stands beside the assignments that are made. Call it inside the command's transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pos_billing_following")
        cursor.execute(
            "CREATE TEMPORARY TABLE pos_billing_following ON COMMIT DROP AS "
            "SELECT 'instance' AS kind, unnest(%s::bigint[]) AS thing "
            "UNION ALL SELECT 'dedicated', unnest(%s::bigint[])",
            [list(instances), list(dedicated_environments)],
        )
    return follow_staged(by=by)


def connect() -> None:
    """Listen to ``subjects_changed`` of the register, once."""
    subjects_changed.connect(_follow_changed, dispatch_uid="pos_billing.plans.ownership")


def _follow_changed(*, instances: list[int], dedicated_environments: list[int], by: str, **signal: Any) -> None:
    assignments_follow_ownership(instances=instances, dedicated_environments=dedicated_environments, by=by)


def follow_staged(*, by: str) -> Rows:
    """The same for the subjects in the temporary table ``pos_billing_following`` (``kind``, ``thing``)."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE pos_billing_following")
        cursor.execute(f"DROP TABLE IF EXISTS {OWNED}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {OWNED} ON COMMIT DROP AS SELECT owned.* FROM "
            f"({_INSTANCES} UNION ALL {_DEDICATED}) AS owned "
            "JOIN pos_billing_following AS wanted ON wanted.kind = owned.kind AND wanted.thing = owned.thing"
        )
        cursor.execute(f"ANALYZE {OWNED}")
        # History knows former owners too, whose last day may be gone altogether.
        cursor.execute(
            f"SELECT DISTINCT partner_id FROM {OWNED} UNION SELECT DISTINCT partner_id "
            "FROM pos_billing_instances_ownershipevent WHERE instance_id IN "
            "(SELECT thing FROM pos_billing_following WHERE kind = 'instance')"
        )
        partners = [partner for (partner,) in cursor.fetchall()]
    ensure_partner_accounts(partners)
    with in_seller(get_public_schema_name()):
        written = [_follow(_PLATFORM, by, {})]
    table = get_tenant_model()._default_manager.filter(pk__in=partners).order_by("pk")
    for partner, schema in table.values_list("pk", "schema_name"):
        with in_seller(schema):
            written.append(_follow(_PARTNER, by, {"partner": partner}))
    return Rows(*(sum(rows) for rows in zip(*written, strict=True)))


def carry_plans_over(*, by: str) -> Rows:
    """Let the platform's plan of an Instance stay with it where it changed hands, for those that follow ownership.

    Needed where transfers are known before the plans of the former Partner, as in a file: days that are Unbilled from
    a transfer on get the plan that ended with it, where it is granted to the new Partner.
    """
    change = Change(Assignment, "instance_id", VALUES, NOTES)
    total = Rows()
    with in_seller(get_public_schema_name()):
        while change.prepare(_CARRIED_OVER, {"by": by}):  # once for each time one Instance changed hands
            total = Rows(*(one + other for one, other in zip(total, change.apply(), strict=True)))
    return total


def _follow(source: str, by: str, parameters: dict[str, int]) -> Rows:
    """Run one side in the current schema, Instances and then dedicated environments."""
    unbilled = placeholder().pk
    total = Rows()
    for kind, column in KINDS.items():
        change = Change(Assignment, column, VALUES, NOTES)
        made = change.make(source.format(column=column), {"by": by, "kind": kind, "unbilled": unbilled, **parameters})
        total = Rows(*(one + other for one, other in zip(total, made, strict=True)))
    return total


_SOURCE = (
    """
    SELECT thing, lower(days) AS start, COALESCE(upper(days), '"""
    + FOR_GOOD
    + """') AS until, NULL::date AS ends,
        void, plan_id::bigint, account_id::bigint, %(by)s::varchar AS by, now() AS entered_at
    FROM (
        SELECT owned.thing, piece.days, false AS void, %(unbilled)s AS plan_id, {payer} AS account_id
        FROM ({owned}) AS owned
        LEFT JOIN (
            SELECT {column} AS thing, range_agg(days) AS days FROM pos_billing_assignment
            WHERE {column} IN (SELECT thing FROM pos_billing_following WHERE kind = %(kind)s) GROUP BY 1
        ) AS held ON held.thing = owned.thing
        CROSS JOIN LATERAL unnest(
            datemultirange(owned.days) - COALESCE(held.days, '{{}}'::datemultirange)
        ) AS piece (days)
        UNION ALL
        SELECT fact.{column}, piece.days, true, NULL, NULL
        FROM pos_billing_assignment AS fact
        JOIN pos_billing_following AS wanted ON wanted.kind = %(kind)s AND wanted.thing = fact.{column}
        LEFT JOIN (SELECT thing, range_agg(days) AS days FROM ({owned}) AS owned GROUP BY thing) AS owned
            ON owned.thing = fact.{column}
        CROSS JOIN LATERAL unnest(
            datemultirange(fact.days) - COALESCE(owned.days, '{{}}'::datemultirange)
        ) AS piece (days)
        {taken_over}
    ) AS wanted
"""
)

_CARRIED_OVER = f"""
    SELECT fact.instance_id AS thing, lower(fact.days) AS start, COALESCE(upper(fact.days), '{FOR_GOOD}') AS until,
        NULL::date AS ends, false AS void, former.plan_id, fact.account_id, %(by)s::varchar AS by, now() AS entered_at
    FROM pos_billing_following AS wanted
    JOIN pos_billing_instances_ownership AS owned ON wanted.kind = 'instance' AND owned.instance_id = wanted.thing
    JOIN pos_billing_assignment AS fact ON fact.instance_id = wanted.thing AND lower(fact.days) = lower(owned.days)
    JOIN pos_billing_plan AS unbilled ON unbilled.id = fact.plan_id AND unbilled.placeholder
    JOIN pos_billing_assignment AS former ON former.instance_id = wanted.thing
        AND upper(former.days) = lower(fact.days) AND former.account_id <> fact.account_id
    JOIN pos_billing_plan AS plan ON plan.id = former.plan_id AND NOT plan.placeholder
    WHERE plan.granted_to_all OR EXISTS (
        SELECT FROM pos_billing_plangrant AS given WHERE given.plan_id = plan.id AND given.account_id = fact.account_id
    )
"""
_ALL_OWNED = f"SELECT * FROM {OWNED} WHERE kind = %(kind)s AND NOT isempty(days)"
_PARTNER = (
    _SOURCE.replace("{payer}", "NULL")
    .replace("{owned}", f"{_ALL_OWNED} AND partner_id = %(partner)s")
    .replace("{taken_over}", "")
)
_PLATFORM = (
    _SOURCE.replace(
        "{payer}", "(SELECT id FROM pos_billing_account WHERE pos_billing_account.partner_id = owned.partner_id)"
    )
    .replace("{owned}", _ALL_OWNED)
    .replace(
        "{taken_over}",
        """
        UNION ALL
        SELECT fact.{column}, fact.days * owned.days, false,
            CASE WHEN plan.granted_to_all OR EXISTS (
                SELECT FROM pos_billing_plangrant AS given
                WHERE given.plan_id = plan.id AND given.account_id = payer.id
            ) THEN plan.id ELSE %(unbilled)s END, payer.id
        FROM pos_billing_assignment AS fact
        JOIN ("""
        + _ALL_OWNED
        + """) AS owned ON owned.thing = fact.{column} AND owned.days && fact.days
        JOIN pos_billing_account AS payer ON payer.partner_id = owned.partner_id
        JOIN pos_billing_plan AS plan ON plan.id = fact.plan_id
        WHERE fact.account_id IS DISTINCT FROM payer.id
        """,
    )
)
