"""How long the server takes for pages over a Partner with 10,000 Instances and three years of statements, both ways."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from example_site.embedded_postgres import CHECKOUT
from pos_billing.sellers.schemas import tenant_connection

INSTANCES, CLIENTS, MONTHS = 10_000, 100, 36
TIMES, WARM = 7, 2
LIMIT_MILLISECONDS = 100.0
SCHEMA, HOST, OWNER, STAFF = "bench_agency", "bench-agency.localhost", "owner@example.com", "staff@example.com"

PARTNER_PAGES = {
    "overview": "", "Instances": "instances/", "Instances, searched": "instances/?q=site-0042",
    "Instances, filtered": "instances/?environment=production&page=40", "an Instance": "instances/{instance}/",
    "clients": "clients/", "a client": "clients/{client}/", "plans": "plans/", "a plan": "plans/{plan}/",
    "margin": "margin/?month={month}", "dedicated": "dedicated/", "from the platform": "from-platform/",
    "one of 10,000 lines": "from-platform/{platform_statement}/", "to clients": "statements/",
    "to clients, searched": "statements/?q=client+42", "one of them": "statements/{statement}/",
    "collection": "collection/", "payment": "payment/", "ledger": "payment/ledger/",
    "a client's ledger": "clients/{client}/ledger/",
}  # fmt: skip
STAFF_PAGES = {
    "Sellers": "", "statements": f"{SCHEMA}/statements/", "a statement": f"{SCHEMA}/statements/{{statement}}/",
    "runs": f"{SCHEMA}/runs/", "Instances": "selling/instances/", "an Instance": "selling/instances/{instance}/",
    "Accounts": "selling/accounts/",
}  # fmt: skip


def measure(environment: Mapping[str, str]) -> bool:
    """Fill the migrated scratch database of ``environment``, open every page, print; whether all were quick enough."""
    print(f"\nPages over {INSTANCES:,} Instances and {MONTHS} months of statements, milliseconds of the server\n")
    command = [sys.executable, "-m", "example_site.bench.pages"]
    done = subprocess.run(command, env=dict(environment), cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    pages = json.loads(done.stdout.splitlines()[-1])
    print(f"{'':<10} {'page':<22} {'ms':>6} {'queries':>8}")
    for page in pages:
        slow = "  over" if page["milliseconds"] >= LIMIT_MILLISECONDS else ""
        print(f"{page['for']:<10} {page['name']:<22} {page['milliseconds']:>6.0f} {page['queries']:>8}{slow}")
    return all(page["milliseconds"] < LIMIT_MILLISECONDS for page in pages)


def _filled() -> dict[str, Any]:
    """Make the Partner, its facts and the statements of both sides; what stands for the parts of addresses."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from example_site.partners.models import Host, Partner
    from pos_billing.facts.days import as_days
    from pos_billing.instances.models import Domain, EnvironmentPeriod, Instance, Ownership, StatusPeriod
    from pos_billing.plans.commands import account_create, plan_create
    from pos_billing.plans.models import Account, Assignment
    from pos_billing.rating.months import month_of, next_month, previous_month
    from pos_billing.sellers.commands import partner_create
    from pos_billing.sellers.schemas import in_seller
    from pos_billing.statements.models import Statement
    from pos_billing.statements.run import bill

    said: dict[str, str] = {"by": "bench", "why": "bench"}
    now = month_of(timezone.now().date())
    first = now
    for _ in range(MONTHS):
        first = previous_month(first)
    days = as_days(first)

    platform = Partner(schema_name="public", name="Platform", email="platform@example.com")
    platform.auto_create_schema = False
    platform.save()
    Host.objects.create(tenant=platform, domain="localhost")
    get_user_model().objects.create_superuser(STAFF, STAFF, "bench")
    partner = partner_create(
        name="Bench Agency", email="agency@example.com", schema=SCHEMA, host=HOST, owner_email=OWNER,
        owner_password="bench",
    )  # fmt: skip
    terms: dict[str, Any] = {"environments": ["production"], "granted_to_all": True, "from_day": first, **said}
    parent = plan_create(name="Production 110", fees=[{"name": "Hosting", "cents": 11000}], **terms)
    account = Account.objects.get(partner=partner)
    rows = Instance.objects.bulk_create(
        Instance(name=f"site-{n:05d}", created_on=first, data_center="oregon") for n in range(INSTANCES)
    )
    EnvironmentPeriod.objects.bulk_create(
        EnvironmentPeriod(instance=i, environment="production", days=days) for i in rows
    )
    StatusPeriod.objects.bulk_create(StatusPeriod(instance=i, status="active", days=days) for i in rows)
    Ownership.objects.bulk_create(Ownership(instance=i, partner=partner, days=days) for i in rows)
    Domain.objects.bulk_create(Domain(instance=i, host=f"www.{i.name}.example.com", added_on=first) for i in rows)
    Assignment.objects.bulk_create(
        Assignment(instance=i, plan=parent, account=account, days=days, by="bench") for i in rows
    )
    with in_seller(SCHEMA):
        own = plan_create(name="Business", parent=parent, fees=[{"name": "Hosting", "cents": 15000}], **terms)
        clients = [account_create(name=f"client {n}", **said) for n in range(CLIENTS)]
        Assignment.objects.bulk_create(
            Assignment(instance=i, plan=own, account=clients[n % CLIENTS], days=days, by="bench")
            for n, i in enumerate(rows)
        )
    month = first
    while month < now:
        month = next_month(month)
        bill("public", as_of=month, by="bench")
        bill(SCHEMA, as_of=month, by="bench")
    parts = {
        "instance": rows[4242].pk, "month": f"{previous_month(now):%Y-%m}",
        "platform_statement": Statement.objects.order_by("-sequence").values_list("pk", flat=True)[0],
    }  # fmt: skip
    with in_seller(SCHEMA):
        newest = Statement.objects.order_by("-sequence").values_list("pk", flat=True)[0]
        return parts | {"client": clients[42].pk, "plan": own.pk, "statement": newest}


def _opened(audience: str, host: str, email: str, schema: str, addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """Open each page some times, signed in; the median time and the queries of the last time."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from pos_billing.sellers.schemas import in_seller

    visitor = Client(headers={"host": host})
    with in_seller(schema):
        user = get_user_model().objects.get(email=email)
        visitor.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = []
    for name, address in addresses.items():
        took = []
        for _ in range(WARM + TIMES):
            began = time.perf_counter()
            answer = visitor.get(address)
            took.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}.")
        with CaptureQueriesContext(connection) as queries:
            visitor.get(address)
        found.append({"for": audience, "name": name, "milliseconds": median(took[WARM:]), "queries": len(queries)})
    return found


def main() -> None:
    """Fill, open, tell as JSON."""
    import django
    from django.db import connection

    django.setup()
    tenant_connection().set_schema_to_public()
    parts = _filled()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does
    partner = {name: f"/dashboard/billing/{path.format(**parts)}" for name, path in PARTNER_PAGES.items()}
    staff = {name: f"/admin/billing/{path.format(**parts)}" for name, path in STAFF_PAGES.items()}
    print(json.dumps([
        *_opened("Partner", HOST, OWNER, SCHEMA, partner), *_opened("staff", "localhost", STAFF, "public", staff),
    ]))  # fmt: skip


if __name__ == "__main__":
    main()
