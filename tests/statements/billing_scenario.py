"""A Partner with plans on both sides, changed by the commands people use, billed by real runs."""

from __future__ import annotations

from datetime import date

from pos_billing.instances.commands import domain_add, instance_delete
from pos_billing.instances.models import Instance
from pos_billing.plans.commands import (
    account_create,
    assignment_change,
    instance_register,
    plan_create,
    price_change,
    seller_settings_change,
)
from pos_billing.plans.models import Account, Plan
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.models import Statement, StatementLine
from pos_billing.statements.run import RunOutcome, bill

SAID = {"by": "finance@example.com", "why": "test"}
EVERYWHERE = ("production", "staging", "dev", "qa")
OPENED = date(2018, 8, 1)


class BillingScenario:
    """The platform, one Partner and one client; plan "Production 110" sold on as "Business" for 150."""

    def __init__(self, partner) -> None:
        self.partner, self.schema = partner, partner.schema_name
        seller_settings_change(launch_on=date(2019, 2, 1), first_payment_on=date(2019, 2, 15), name="Platform", **SAID)
        self.account = Account.objects.filter(partner=partner).first() or account_create(
            name=partner.name, partner=partner, collection_method="card", **SAID
        )
        self.parent = self.plan("Production 110", 11000)
        with in_seller(self.schema):
            self.client = account_create(name="Greengrocer", **SAID)
        self.own = self.plan("Business", 15000, schema=self.schema, parent=self.parent)

    def plan(self, name: str, cents: int | None, *, schema: str = "public", parent: Plan | None = None, **more) -> Plan:
        """A plan with one flat fee (and further ``fees``), granted to all, from 1 August 2018 on."""
        fees = [*([] if cents is None else [{"name": "Hosting", "cents": cents}]), *more.pop("fees", ())]
        environments = more.pop("environments", ("production",))
        with in_seller(schema):
            return plan_create(
                name=name,
                parent=parent,
                environments=environments,
                granted_to_all=True,
                fees=fees,
                from_day=OPENED,
                **more,
                **SAID,
            )

    def instance(
        self,
        name: str = "shop",
        *,
        created: date = OPENED,
        environment: str = "production",
        domain_on: date | None = None,
        partner=None,
    ) -> Instance:
        """An Instance on Unbilled, with a custom Domain added on ``domain_on``."""
        instance = instance_register(
            name=name, environment=environment, created_on=created, partner=partner or self.partner, **SAID
        )
        if domain_on is not None:
            domain_add(instance, host=f"www.{name}.example.com", added_on=domain_on, **SAID)
        return instance

    def assign(self, subject, day: date, plan: Plan | None = None, until: date | None = None) -> None:
        """The Partner assigns a plan of its own (Business) to its client; both sides follow."""
        with in_seller(self.schema):
            assignment_change(
                subject,
                plan=plan or self.own,
                account=self.client,
                day=day,
                until=until,
                by="owner@agency-one.example.com",
                why="sold",
            )

    def price(self, plan: Plan, cents: int, day: date, until: date | None = None, *, schema: str = "public") -> None:
        """A new monthly price of the plan's flat fee."""
        with in_seller(schema):
            price_change(plan.fees.get(metric=""), day=day, cents=cents, until=until, **SAID)

    def delete(self, instance: Instance, day: date) -> None:
        """The Instance is deleted on ``day``."""
        instance_delete(instance, day=day, **SAID)

    def run(self, as_of: date, schema: str = "public", **options) -> RunOutcome:
        """A billing run of one Seller."""
        return bill(schema, as_of=as_of, by="tests", **options)

    def lines(self, outcome: RunOutcome) -> list[tuple]:
        """The lines a run issued: kind, month, days, cents; in order of month, then of writing."""
        with in_seller(outcome.schema):
            rows = StatementLine.objects.filter(statement__run_id=outcome.run_id).order_by("month", "id")
            return [(r.kind, f"{r.month:%Y-%m}", r.days, r.amount_cents) for r in rows]

    def billed(self, as_of: date, schema: str = "public") -> list[tuple]:
        """Make a run and return its lines."""
        return self.lines(self.run(as_of, schema))


def statements(schema: str = "public") -> list[Statement]:
    """The Seller's statements in order of number."""
    with in_seller(schema):
        return list(Statement.objects.order_by("sequence"))


def total_of_lines(schema: str = "public") -> int:
    """The sum of all lines of the Seller, in cents."""
    with in_seller(schema):
        return sum(StatementLine.objects.values_list("amount_cents", flat=True))


__all__ = ["EVERYWHERE", "OPENED", "SAID", "BillingScenario", "statements", "total_of_lines"]
