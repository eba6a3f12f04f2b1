"""Facts for the tests of the pages: a Partner that buys from the platform and sells to two clients.

``Seller`` rows are made directly, as an import would; amounts come from real billing runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from pos_billing.facts.days import as_days
from pos_billing.instances.models import (
    DedicatedEnvironment,
    Domain,
    EnvironmentPeriod,
    Instance,
    Ownership,
    Placement,
    StatusPeriod,
)
from pos_billing.plans.models import Account, Assignment, Plan, Price, SellerSettings, UsageFee
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.run import bill

ALL = ["production", "staging", "dev", "qa"]


@dataclass
class Scenario:
    """What stands: the Partner, its two clients, plans on both sides, Instances by name."""

    partner: object
    clients: dict[str, Account] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)


def plan_of(name: str, cents: int, *, parent: Plan | None = None, environments=("production",)) -> Plan:
    """A plan of the current schema with one flat monthly fee, from 1 August 2018 on."""
    parent_id = None if parent is None else parent.pk
    plan = Plan.objects.create(name=name, parent_id=parent_id, environments=list(environments), granted_to_all=True)
    fee = UsageFee.objects.create(plan=plan, name="Hosting")
    Price.objects.create(fee=fee, days=as_days(date(2018, 8, 1)), cents=cents)
    return plan


def instance_of(partner, name: str, created_on: date, *, environment="production", domain=None, domain_on=None):
    """An Instance of the register with its facts, owned by ``partner`` since it was created."""
    instance = Instance.objects.create(
        name=name, created_on=created_on, data_center="production-sydney", url=f"{name}.prod01.oregon.platform-os.com"
    )
    days = as_days(created_on)
    EnvironmentPeriod.objects.create(instance=instance, environment=environment, days=days)
    StatusPeriod.objects.create(instance=instance, status="active", days=days)
    Ownership.objects.create(instance=instance, partner=partner, days=days)
    Domain.objects.create(instance=instance, host=f"{name}.prod01.platform-os.com", added_on=created_on)
    if domain:
        Domain.objects.create(instance=instance, host=domain, added_on=domain_on or created_on)
    return instance


def assign(instance, plan: Plan, account, first: date, last: date | None = None, by: str = "finance@example.com"):
    """An Assignment of the current schema, as it stands."""
    row = Assignment.objects.create(instance=instance, plan=plan, account=account, days=as_days(first, last), by=by)
    Assignment.objects.filter(pk=row.pk).update(entered_at=datetime.combine(first, time(9), tzinfo=UTC))
    return row


def settle_sellers(partner) -> None:
    """Names, letterheads and the seed's dates for the platform and the Partner."""
    with in_seller("public"):
        SellerSettings.objects.update(
            name="Platform Hosting Inc.",
            address="500 Market Street\nSan Francisco, CA 94105\nUnited States",
            email="billing@platform.example.com",
            launch_on=date(2019, 2, 1),
            first_payment_on=date(2019, 2, 15),
            tax_note="EIN 12-3456789",
        )
        Account.objects.update_or_create(
            partner=partner,
            defaults={
                "name": partner.name,
                "email": partner.email,
                "collection_method": "card",
                "address": "12 Harbour Road\nSydney NSW 2000\nAustralia",
            },
        )
    with in_seller(partner.schema_name):
        SellerSettings.objects.update(
            name="Agency One",
            address="12 Harbour Road\nSydney NSW 2000\nAustralia",
            email="accounts@agency-one.example.com",
            brand_color="#b4462f",
            launch_on=date(2019, 2, 1),
            tax_note="ABN 51 824 753 556",
            number_format="A1-{number:05d}",
        )


def worked_example(partner) -> Scenario:
    """The worked example: "Production 110" from the platform, sold on for 150; a domain of 12 December 2018."""
    settle_sellers(partner)
    made = Scenario(partner)
    with in_seller("public"):
        account = Account.objects.get(partner=partner)
        unbilled = Plan.objects.get(placeholder=True)
        parent = made.plans["parent"] = plan_of("Production 110", 11000)
        shop = made.instances["shop"] = instance_of(
            partner,
            "greengrocer",
            date(2018, 11, 20),
            domain="www.greengrocer.example.com",
            domain_on=date(2018, 12, 12),
        )
        assign(shop, unbilled, account, date(2018, 11, 20), date(2019, 1, 20))
        assign(shop, parent, account, date(2019, 1, 20))
    with in_seller(partner.schema_name):
        client = made.clients["first"] = Account.objects.create(
            name="Greengrocer & Sons",
            email="office@greengrocer.example.com",
            address="3 Mill Lane\nHobart TAS 7000",
            tax_number="ABN 11 222 333 444",
        )
        made.clients["second"] = Account.objects.create(name="Blue Door Books")
        plan = made.plans["own"] = plan_of("Business", 15000, parent=parent)
        unbilled = Plan.objects.get(placeholder=True)
        assign(shop, unbilled, None, date(2018, 11, 20), date(2019, 1, 20))
        assign(shop, plan, client, date(2019, 1, 20), by="owner@agency-one.example.com")
    return made


def bill_both(partner, as_of: date) -> None:
    """A billing run of the platform and one of the Partner."""
    bill("public", as_of=as_of, by="tests")
    bill(partner.schema_name, as_of=as_of, by="tests")


def correct_domain(made: Scenario) -> None:
    """The domain of the worked example turns out to have been added on 1 December 2018."""
    with in_seller("public"):
        Domain.objects.filter(host="www.greengrocer.example.com").update(added_on=date(2018, 12, 1))


def many_instances(made: Scenario, number: int, *, first: date = date(2018, 12, 1), prefix: str = "site") -> None:
    """Further Instances on the scenario's plans, both sides, for lists and long statements."""
    partner = made.partner
    days = as_days(first)
    with in_seller("public"):
        account = Account.objects.get(partner=partner)
        rows = Instance.objects.bulk_create(
            Instance(name=f"{prefix}-{n:05d}", created_on=first, data_center="production-oregon") for n in range(number)
        )
        EnvironmentPeriod.objects.bulk_create(
            [EnvironmentPeriod(instance=i, environment="production", days=days) for i in rows]
        )
        StatusPeriod.objects.bulk_create([StatusPeriod(instance=i, status="active", days=days) for i in rows])
        Ownership.objects.bulk_create([Ownership(instance=i, partner=partner, days=days) for i in rows])
        Domain.objects.bulk_create([Domain(instance=i, host=f"{i.name}.example.net", added_on=first) for i in rows])
        Assignment.objects.bulk_create(
            [Assignment(instance=i, plan=made.plans["parent"], account=account, days=days, by="import") for i in rows]
        )
    with in_seller(partner.schema_name):
        Assignment.objects.bulk_create(
            [
                Assignment(instance=i, plan=made.plans["own"], account=made.clients["first"], days=days, by="import")
                for i in rows
            ]
        )


def dedicated(made: Scenario, name: str, created_on: date) -> DedicatedEnvironment:
    """A dedicated environment of the Partner that the scenario's shop stands on from 1 March 2019."""
    with in_seller("public"):
        environment = DedicatedEnvironment.objects.create(
            name=name, partner=made.partner, created_on=created_on, data_center="production-sydney"
        )
        Placement.objects.create(
            instance=made.instances["shop"], dedicated_environment=environment, days=as_days(date(2019, 3, 1))
        )
    return environment
