"""The Instances that are billed: made by SQL, with the shape of a busy month.

15 of 100 got their first custom Domain in the middle of the month, 15 changed their plan in it, the others were on one
plan all the time. With usage, each has a quantity for every day, and 48 of 100 are over what their plan includes.
"""

from datetime import date

from django.db import connection

from pos_billing.rating.months import days_in_month, next_month

MONTH = date(2022, 1, 1)
"""The month that is billed; closed months lie before it."""
OPENED = date(2018, 8, 1)
INSTANCES_PER_ACCOUNT = 100


def emptied() -> None:
    """Empty every table of the plugin, append-only ones included: this is a scratch database."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT string_agg(format('%I', table_name), ', ') FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_name LIKE 'pos\\_billing%%' AND table_type = 'BASE TABLE'"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY")
        cursor.execute("SET session_replication_role = DEFAULT")


def made(instances: int, *, usage: bool, first_month: date) -> None:
    """Facts of ``instances`` Instances, on plans since ``first_month``; with usage of ``MONTH`` where asked for."""
    emptied()
    month_end = next_month(MONTH)
    values: dict[str, int | date] = {
        "n": instances, "accounts": max(1, instances // INSTANCES_PER_ACCOUNT), "opened": OPENED,
        "first_month": first_month, "month": MONTH, "month_end": month_end, "days": days_in_month(MONTH),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no history, no notes: they are not what is measured
        for statement in _STATEMENTS + (_USAGE if usage else ()):
            cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


_STATEMENTS = (
    "INSERT INTO pos_billing_sellersettings (id, name, address, email, tax_note, logo, brand_color, time_zone, "
    "currency, payment_terms_days, card_minimum_cents, number_format, numbers_begin_anew, platform_suffixes) "
    "VALUES (1, 'Platform', '', '', '', '', '#1f4e79', 'UTC', 'USD', 14, 50, '{year}-{number:06d}', false, '{}')",
    "INSERT INTO pos_billing_statementcounter (id, next_sequence, next_number) VALUES (1, 1, 1)",
    "INSERT INTO pos_billing_account (id, name, email, address, tax_number, external_id, collection_method) "
    "SELECT a, 'Account ' || a, '', '', '', '', 'card' FROM generate_series(1, %(accounts)s) AS a",
    "INSERT INTO pos_billing_plan (id, name, description, placeholder, begins, timing, environments, granted_to_all, "
    "external_id) SELECT p, CASE p WHEN 1 THEN 'Unbilled' ELSE 'Production ' || p END, '', p = 1, "
    "'first_custom_domain', 'arrears', ARRAY['production','staging','dev','qa'], true, '' "
    "FROM generate_series(1, 11) AS p",
    "INSERT INTO pos_billing_usagefee (id, plan_id, name, metric) SELECT p, p, 'Hosting', '' "
    "FROM generate_series(2, 11) AS p",
    "INSERT INTO pos_billing_price (fee_id, days, cents, included, tiers) "
    "SELECT p, daterange(%(opened)s, NULL), 1000 * p + 137, 0, '[]' FROM generate_series(2, 11) AS p",
    "INSERT INTO pos_billing_instances_instance (id, uuid, name, data_center, url, tags, created_on) "
    "SELECT i, gen_random_uuid(), 'site-' || i, '', '', '{}', %(opened)s FROM generate_series(1, %(n)s) AS i",
    "INSERT INTO pos_billing_instances_environmentperiod (instance_id, environment, days) "
    "SELECT i, 'production', daterange(%(opened)s, NULL) FROM generate_series(1, %(n)s) AS i",
    "INSERT INTO pos_billing_instances_domain (instance_id, host, added_on) "
    "SELECT i, 'site-' || i || '.platform-os.com', %(opened)s FROM generate_series(1, %(n)s) AS i",
    "INSERT INTO pos_billing_instances_domain (instance_id, host, added_on) "
    "SELECT i, 'www.site-' || i || '.example.com', "
    "CASE WHEN i %% 100 < 15 THEN %(month)s::date + 3 + i %% 20 ELSE %(first_month)s::date END "
    "FROM generate_series(1, %(n)s) AS i",
    "INSERT INTO pos_billing_assignment (instance_id, plan_id, account_id, days, entered_at, by) "
    "SELECT i, 2 + i %% 10, 1 + i %% %(accounts)s, CASE WHEN i %% 100 BETWEEN 15 AND 29 "
    "THEN daterange(%(first_month)s, %(month)s::date + 5 + i %% 20) ELSE daterange(%(first_month)s, NULL) END, "
    "now(), 'finance@example.com' FROM generate_series(1, %(n)s) AS i",
    "INSERT INTO pos_billing_assignment (instance_id, plan_id, account_id, days, entered_at, by) "
    "SELECT i, 2 + (i + 3) %% 10, 1 + i %% %(accounts)s, daterange(%(month)s::date + 5 + i %% 20, NULL), "
    "now(), 'finance@example.com' FROM generate_series(1, %(n)s) AS i WHERE i %% 100 BETWEEN 15 AND 29",
)

_USAGE = (
    "INSERT INTO pos_billing_usagefee (id, plan_id, name, metric) SELECT p + 100, p, 'API calls', 'api_calls' "
    "FROM generate_series(2, 11) AS p",
    "INSERT INTO pos_billing_price (fee_id, days, cents, included, tiers) "
    "SELECT p + 100, daterange(%(opened)s, NULL), 0, 100000, "
    '\'[{"up_to": 50000, "cents": 2, "per": 100}, {"up_to": null, "cents": 1, "per": 100}]\' '
    "FROM generate_series(2, 11) AS p",
    "INSERT INTO pos_billing_instances_usageday (instance_id, metric, day, quantity) "
    "SELECT i, 'api_calls', %(month)s::date + d, CASE WHEN i %% 100 >= 52 THEN 3700 + i %% 977 ELSE i %% 2000 END "
    "FROM generate_series(1, %(n)s) AS i, generate_series(0, %(days)s - 1) AS d",
)
