"""Day by day, in SQL: which days of a month are charged, under which plan, to whom. The second opinion of a proof.

Nothing of ``rating`` is used here. Each day of the month is one row of ``generate_series``, judged by itself from the
facts in the tables; the rating code never looks at single days. Where the two disagree, one of them is wrong.
"""

from pos_billing.instances.subjects import KINDS
from pos_billing.rating.facts import DEDICATED, SubjectKind
from pos_billing.rating.metrics import METRICS, Aggregation
from pos_billing.rating.timeline import NotCharged

_PEAKS = ", ".join(f"'{m.code}'" for m in METRICS.values() if m.aggregation is Aggregation.PEAK)

_DOMAINS = (
    "SELECT instance_id, min(added_on) AS since FROM pos_billing_instances_domain "
    "WHERE host !~ %(platform_hosts)s AND removed_on IS DISTINCT FROM added_on GROUP BY instance_id"
)

# The Instance stands on a dedicated environment that this Seller bills on that day.
_BILLED_ENVIRONMENT = (
    "EXISTS (SELECT FROM pos_billing_instances_placement AS p "
    "JOIN pos_billing_instances_dedicatedenvironment AS box ON box.id = p.dedicated_environment_id "
    "AND box.created_on <= d.day AND (box.removed_on IS NULL OR d.day < box.removed_on) "
    "JOIN pos_billing_assignment AS of_box ON of_box.dedicated_environment_id = box.id AND of_box.days @> d.day "
    "JOIN pos_billing_plan AS box_plan ON box_plan.id = of_box.plan_id "
    f"AND NOT box_plan.placeholder AND '{DEDICATED}' = ANY(box_plan.environments) "
    "WHERE p.instance_id = s.id AND p.days @> d.day)"
)

_INSTANCE_DAYS = (
    "SELECT s.id, s.name, d.day, coalesce(e.environment, 'production') AS environment, "
    f"{_BILLED_ENVIRONMENT} AS placed, s.deleted_on AS gone_on, "
    "domain.since AS domain_since, a.id AS assignment_id, a.days AS assigned_days, a.account_id, a.plan_id "
    "FROM pos_billing_instances_instance AS s "
    "JOIN calendar AS d ON d.day >= s.created_on AND (s.deleted_on IS NULL OR d.day < s.deleted_on) "
    "LEFT JOIN pos_billing_instances_environmentperiod AS e ON e.instance_id = s.id AND e.days @> d.day "
    "LEFT JOIN pos_billing_assignment AS a ON a.instance_id = s.id AND a.days @> d.day "
    "LEFT JOIN domain ON domain.instance_id = s.id "
    "WHERE EXISTS (SELECT FROM pos_billing_assignment AS any_one WHERE any_one.instance_id = s.id)"
)

_DEDICATED_DAYS = (
    f"SELECT s.id, s.name, d.day, '{DEDICATED}'::text AS environment, false AS placed, "
    "s.removed_on AS gone_on, NULL::date AS domain_since, "
    "a.id AS assignment_id, a.days AS assigned_days, a.account_id, a.plan_id "
    "FROM pos_billing_instances_dedicatedenvironment AS s "
    "JOIN calendar AS d ON d.day >= s.created_on AND (s.removed_on IS NULL OR d.day < s.removed_on) "
    "LEFT JOIN pos_billing_assignment AS a ON a.dedicated_environment_id = s.id AND a.days @> d.day "
    "WHERE EXISTS (SELECT FROM pos_billing_assignment AS any_one WHERE any_one.dedicated_environment_id = s.id)"
)

# The first billed plan that serves production assigned after an Unbilled day, when every day between is assigned and
# nobody else pays on any of them.
_CHOSEN_AFTERWARDS = (
    "SELECT later.id AS assignment_id, later.account_id, later.plan_id, later_plan.begins "
    "FROM pos_billing_assignment AS later JOIN pos_billing_plan AS later_plan ON later_plan.id = later.plan_id "
    "WHERE plan.placeholder AND standing.environment = 'production' AND later.instance_id = standing.id "
    "AND lower(later.days) > standing.day AND lower(later.days) <= %(as_of)s "
    "AND NOT later_plan.placeholder AND 'production' = ANY(later_plan.environments) "
    "AND (SELECT sum(least(upper(b.days), lower(later.days)) - greatest(lower(b.days), standing.day)) "
    "FROM pos_billing_assignment AS b WHERE b.instance_id = standing.id "
    "AND b.days && daterange(standing.day, lower(later.days))) = lower(later.days) - standing.day "
    "AND NOT EXISTS (SELECT FROM pos_billing_assignment AS c WHERE c.instance_id = standing.id "
    "AND c.days && daterange(standing.day, lower(later.days)) AND c.account_id <> later.account_id) "
    "ORDER BY lower(later.days) LIMIT 1"
)

# The first day after an Unbilled one on which the payer is another one than the last known, or nobody pays; and the
# first day under any billed plan that serves production.
_CHANGED_HANDS = (
    "SELECT min(hands.day) AS other_payer, (SELECT min(lower(f.days)) FROM pos_billing_assignment AS f "
    "JOIN pos_billing_plan AS first_plan ON first_plan.id = f.plan_id AND NOT first_plan.placeholder "
    "AND 'production' = ANY(first_plan.environments) "
    "WHERE f.instance_id = standing.id AND lower(f.days) > standing.day) AS first_plan FROM ("
    "SELECT upper(paid.days) AS day FROM (SELECT unnest(range_agg(h.days)) AS days FROM pos_billing_assignment AS h "
    "WHERE h.instance_id = standing.id) AS paid WHERE paid.days @> standing.day "
    "AND (standing.gone_on IS NULL OR upper(paid.days) < standing.gone_on) "
    "UNION ALL SELECT lower(c.days) FROM pos_billing_assignment AS c JOIN pos_billing_assignment AS b "
    "ON b.instance_id = c.instance_id AND b.days && daterange(standing.day, lower(c.days)) "
    "AND b.account_id <> c.account_id WHERE c.instance_id = standing.id AND lower(c.days) > standing.day"
    ") AS hands WHERE plan.placeholder AND standing.environment = 'production'"
)


def _verdicts(kind: SubjectKind) -> str:
    """The CTEs of all judged days of the month: ``verdict(id, name, day, reason, account_id, plan_id)``."""
    days = _INSTANCE_DAYS if kind == "instance" else _DEDICATED_DAYS
    waits = "(standing.environment = 'production' AND (domain_since IS NULL OR standing.day < domain_since))"
    reaches = "(chosen.begins = 'first_custom_domain' AND chosen.account_id IS NOT NULL)"
    changed = "(ended.other_payer <= %(as_of)s AND (ended.first_plan IS NULL OR ended.other_payer <= ended.first_plan))"
    return (
        "WITH calendar AS (SELECT day::date AS day FROM "
        "generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS day), "
        f"domain AS ({_DOMAINS}), standing AS ({days}), verdict AS ("
        "SELECT standing.id, standing.name, standing.day, CASE "
        f"WHEN standing.placed THEN '{NotCharged.ON_DEDICATED_ENVIRONMENT.value}' "
        f"WHEN standing.assignment_id IS NULL THEN '{NotCharged.NOT_ASSIGNED.value}' "
        f"WHEN plan.placeholder AND {waits} THEN '{NotCharged.NO_CUSTOM_DOMAIN.value}' "
        f"WHEN plan.placeholder AND {reaches} IS NOT TRUE AND {changed} THEN '{NotCharged.CHANGED_HANDS.value}' "
        f"WHEN plan.placeholder AND {reaches} IS NOT TRUE THEN '{NotCharged.UNBILLED.value}' "
        f"WHEN NOT plan.placeholder AND standing.account_id IS NULL THEN '{NotCharged.NOT_ASSIGNED.value}' "
        "WHEN NOT plan.placeholder AND NOT standing.environment = ANY(plan.environments) "
        f"THEN '{NotCharged.PLAN_DOES_NOT_SERVE.value}' "
        f"WHEN NOT plan.placeholder AND {waits} AND plan.begins = 'first_custom_domain' "
        f"THEN '{NotCharged.NO_CUSTOM_DOMAIN.value}' "
        f"WHEN standing.day < %(floor)s THEN '{NotCharged.BEFORE_FLOOR.value}' END AS reason, "
        "CASE WHEN plan.placeholder THEN chosen.account_id ELSE standing.account_id END AS account_id, "
        "CASE WHEN plan.placeholder THEN chosen.plan_id ELSE standing.plan_id END AS plan_id "
        "FROM standing LEFT JOIN pos_billing_plan AS plan ON plan.id = standing.plan_id "
        f"LEFT JOIN LATERAL ({_CHOSEN_AFTERWARDS}) AS chosen ON true "
        f"LEFT JOIN LATERAL ({_CHANGED_HANDS}) AS ended ON true) "
    )


def not_charged_statement(kind: SubjectKind) -> str:
    """Counts of the month's days: reason (``NULL``: charged), days, subjects."""
    return _verdicts(kind) + "SELECT reason, count(*), count(DISTINCT id) FROM verdict GROUP BY reason ORDER BY reason"


def due_statement(kind: SubjectKind) -> str:
    """What the charged days come to, by subject, account, fee and terms of the price, in that order.

    Columns: subject, its name, account, fee, whether its metric is a level (``NULL``: flat), cents, included, tiers,
    days, quantity.
    """
    used = (
        "SELECT usage.quantity FROM pos_billing_instances_usageday AS usage WHERE usage.instance_id = verdict.id "
        "AND usage.metric = fee.metric AND usage.day = verdict.day"
        if kind == "instance"
        else "SELECT sum(usage.quantity)::bigint AS quantity FROM pos_billing_instances_placement AS placed "
        "JOIN pos_billing_instances_usageday AS usage ON usage.instance_id = placed.instance_id "
        "AND usage.metric = fee.metric AND usage.day = verdict.day "
        "WHERE placed.dedicated_environment_id = verdict.id AND placed.days @> verdict.day"
    )
    return (
        f"{_verdicts(kind)} SELECT verdict.id, verdict.name, verdict.account_id, fee.id, "
        f"CASE WHEN fee.metric <> '' THEN fee.metric IN ({_PEAKS}) END, price.cents, price.included, "
        "price.tiers::text, "
        f"count(*), CASE WHEN fee.metric IN ({_PEAKS}) THEN max(used.quantity) ELSE sum(used.quantity)::bigint END "
        "FROM verdict JOIN pos_billing_usagefee AS fee ON fee.plan_id = verdict.plan_id "
        "JOIN pos_billing_price AS price ON price.fee_id = fee.id AND price.days @> verdict.day "
        f"LEFT JOIN LATERAL ({used}) AS used ON fee.metric <> '' "
        "WHERE verdict.reason IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 3, 4"
    )


def billed_statement(kind: SubjectKind) -> str:
    """What statements billed for the month, by subject, account and fee, in that order; with the subject's name.

    A correction that a credit note gave ahead counts as if its line had given it.
    """
    column = KINDS[kind]
    return (
        f"SELECT line.{column}, max(line.subject_name), statement.account_id, line.fee_id, "
        "sum(line.amount_cents - line.credited_cents)::bigint, (array_agg(line.days ORDER BY line.id DESC))[1] "
        "FROM pos_billing_statementline AS line JOIN pos_billing_statement AS statement "
        f"ON statement.id = line.statement_id WHERE line.{column} IS NOT NULL AND line.month = %(first)s "
        "GROUP BY 1, 3, 4 ORDER BY 1, 3, 4"
    )
