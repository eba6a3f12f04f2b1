"""What a run is compared with: the same flat fees by one SQL statement, and by a loop over the ORM."""

import time
from datetime import date

from django.db import connection, transaction

from example_site.bench.facts import MONTH
from pos_billing.instances.hosts import platform_likes, platform_suffixes
from pos_billing.instances.models import Domain, EnvironmentPeriod, Instance
from pos_billing.plans.models import Assignment, Price
from pos_billing.rating.months import days_in_month, next_month
from pos_billing.rating.proration import prorate
from pos_billing.statements.models import BillingRun, StatementLine

# Days of the month on which a custom Domain was there, under each assignment, at the price of its flat fee.
_LINES = (
    "INSERT INTO pos_billing_statementline (statement_id, kind, month, instance_id, subject_name, plan_id, plan_name, "
    "fee_id, fee_name, days, days_in_month, due_cents, billed_cents, amount_cents, corrects, explanation) "
    "SELECT %(run)s + account_id, 'charge', %(month)s, instance_id, name, plan_id, plan_name, fee_id, fee_name, "
    "days, %(of)s, cents, 0, cents, '[]', '{}' FROM (SELECT a.account_id, a.instance_id, i.name, plan.id AS plan_id, "
    "plan.name AS plan_name, fee.id AS fee_id, fee.name AS fee_name, span.days, "
    "(2 * price.cents * span.days + %(of)s) / (2 * %(of)s) AS cents "
    "FROM pos_billing_assignment AS a "
    "JOIN pos_billing_instances_instance AS i ON i.id = a.instance_id "
    "JOIN pos_billing_instances_environmentperiod AS e ON e.instance_id = i.id AND e.environment = 'production' "
    "JOIN pos_billing_plan AS plan ON plan.id = a.plan_id AND NOT plan.placeholder "
    "JOIN pos_billing_usagefee AS fee ON fee.plan_id = plan.id AND fee.metric = '' "
    "JOIN pos_billing_price AS price ON price.fee_id = fee.id "
    "JOIN (SELECT instance_id, min(added_on) AS since FROM pos_billing_instances_domain "
    "WHERE host NOT LIKE ALL(%(platform_hosts)s::text[]) "
    "GROUP BY 1) AS domain ON domain.instance_id = i.id "
    "CROSS JOIN LATERAL (SELECT least(coalesce(upper(a.days), %(end)s), %(end)s) "
    "- greatest(lower(a.days), %(month)s::date, domain.since) AS days) AS span "
    "WHERE a.days && daterange(%(month)s, %(end)s) AND span.days > 0) AS priced WHERE cents > 0"
)

_STATEMENTS = (
    "INSERT INTO pos_billing_statement (id, number, sequence, account_id, run_id, as_of, due_on, currency, line_count, "
    "total_cents, brought_forward_cents, amount_due_cents, carried_forward_cents, seller, buyer, issued_at) "
    "SELECT statement_id, 'bench-' || statement_id, statement_id, statement_id - %(run)s, %(run)s, %(end)s, %(end)s, "
    "'USD', count(*), sum(amount_cents), 0, sum(amount_cents), 0, '{}', '{}', now() "
    "FROM pos_billing_statementline WHERE statement_id > %(run)s GROUP BY statement_id"
)


def by_sql(instances: int) -> dict[str, float]:
    """Bill ``MONTH`` by one INSERT … SELECT of lines and one of statements, into the tables themselves; rolled back.

    Keys, indexes, constraints and triggers are those a run writes under; the explanations stay empty.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        values: dict[str, int | date | list[str]] = {
            "month": MONTH, "end": next_month(MONTH), "of": days_in_month(MONTH), "run": _run().pk,
            "platform_hosts": platform_likes(platform_suffixes()),
        }  # fmt: skip
        began = time.perf_counter()
        cursor.execute(_LINES, values)
        cursor.execute(_STATEMENTS, values)
        connection.check_constraints()
        seconds = time.perf_counter() - began
        cursor.execute(
            "SELECT count(*), sum(amount_cents)::bigint FROM pos_billing_statementline WHERE statement_id > %(run)s",
            values,
        )
        lines, cents = cursor.fetchone()
        transaction.set_rollback(True)
    swept()
    return {"seconds": seconds, "lines": lines, "cents": cents, "instances": instances}


def swept() -> None:
    """Take away what was rolled back, so that nobody after has to write around it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM pos_billing_statementline, pos_billing_statement")


def _run() -> BillingRun:
    """A run for statements to belong to, with an id that no run and no statement of the bench comes near."""
    return BillingRun.objects.create(
        id=1_000_000_000, as_of=next_month(MONTH), full=False, started_at="2022-02-01T00:00Z",
        finished_at="2022-02-01T00:00Z", by="bench", snapshot_xmin=1, snapshot="1:1:", database_system=1,
        platform_suffixes=[], statements=0, lines=0,
        total_cents=0, summary={},
    )  # fmt: skip


def by_orm(instances: int) -> dict[str, float]:
    """Bill ``MONTH`` for ``instances`` Instances one by one, as code that knows no better would; rolled back."""
    of, end = days_in_month(MONTH), next_month(MONTH)
    began = time.perf_counter()
    lines = cents = 0
    with transaction.atomic():
        run = _run()
        for instance in Instance.objects.order_by("id")[:instances]:
            for line in _lines_of(instance, end, of, run):
                line.save(force_insert=True)
                lines, cents = lines + 1, cents + line.amount_cents
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    swept()
    return {"seconds": seconds, "lines": lines, "cents": cents, "instances": instances}


def _lines_of(instance: Instance, end: date, of: int, run: BillingRun) -> list[StatementLine]:
    environment = EnvironmentPeriod.objects.filter(instance=instance).first()
    domains = Domain.objects.filter(instance=instance).exclude(host__endswith=".platform-os.com").order_by("added_on")
    first = domains.first()
    if environment is None or first is None:
        return []
    lines = []
    for assigned in Assignment.objects.filter(instance=instance):
        start = max(assigned.span.start, MONTH, first.added_on)
        days = (min(assigned.span.end, end) - start).days
        if days <= 0 or assigned.plan.placeholder:
            continue
        for fee in assigned.plan.fees.filter(metric=""):
            price = Price.objects.get(fee=fee, days__contains=MONTH)
            earlier = StatementLine.objects.filter(instance_id=instance.pk, fee=fee, month=MONTH)
            billed = sum(line.amount_cents for line in earlier)
            amount = prorate(price.cents, days, of) - billed
            lines.append(
                StatementLine(
                    statement_id=-run.pk, kind="charge", month=MONTH, instance_id=instance.pk,
                    subject_name=instance.name, plan=assigned.plan, plan_name=assigned.plan.name, fee=fee,
                    fee_name=fee.name, days=days, days_in_month=of, due_cents=amount + billed, billed_cents=billed,
                    amount_cents=amount,
                )
            )  # fmt: skip
    return lines
