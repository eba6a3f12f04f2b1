"""Many statements in no time: rows as a run writes them, over Accounts of their own, each with a card at the double."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import stripe
from django.db import connection, transaction
from django.utils import timezone

from example_site.stripe_double.accounts import SECRET_KEY
from example_site.stripe_double.control import Control
from pos_billing.collection.models import Card, StripeCustomer
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.plans.models import Account, Plan
from pos_billing.statements.models import BillingRun, Statement, StatementCounter, StatementLine

MONTH = date(2019, 1, 1)
CARD = "4242424242424242"


def make_statements(control: Control, base_url: str, plan: Plan, count: int, as_of: date, due_on: date) -> list[int]:
    """Issue ``count`` statements of the current Seller to as many new Accounts, with one to five lines each.

    ``plan`` is what the lines name; amounts come from a fixed seed. Returns the statements' ids. The Accounts have
    their Stripe customers and cards already: what is to be watched is the collection.
    """
    chance = random.Random(count)
    with transaction.atomic():
        ids = _reserved(count)
        accounts = Account.objects.bulk_create(
            Account(name=f"Account {pk}", email=f"a{pk}@example.com", collection_method="card") for pk in ids
        )
        run = BillingRun.objects.create(
            as_of=as_of,
            full=False,
            started_at=timezone.now(),
            finished_at=timezone.now(),
            by="bulk",
            snapshot_xmin=0,
            snapshot="1:1:",
            database_system=0,
            platform_suffixes=[],
            statements=count,
            lines=0,
            total_cents=0,
            summary={},
        )
        lines, statements = [], []
        counter = StatementCounter.objects.select_for_update().get()
        for pk, account in zip(ids, accounts, strict=True):
            amounts = [chance.randrange(100, 50_000) for _ in range(chance.randint(1, 5))]
            lines += [_line(pk, plan, number, cents) for number, cents in enumerate(amounts)]
            statements.append(_statement(pk, counter.next_sequence, account, run, amounts, as_of, due_on))
            counter.next_sequence += 1
            counter.next_number += 1
        counter.save()
        StatementLine.objects.bulk_create(lines, batch_size=2000)
        Statement.objects.bulk_create(statements, batch_size=2000)
        _cards(control, base_url, accounts)
    return ids


def _reserved(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('pos_billing_statement', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _line(statement: int, plan: Plan, number: int, cents: int) -> StatementLine:
    return StatementLine(
        statement_id=statement,
        kind="charge",
        month=MONTH,
        instance_id=statement * 10 + number,
        subject_name=f"shop {number}",
        plan=plan,
        plan_name=plan.name,
        fee_id=1,
        fee_name="Hosting",
        days=31,
        days_in_month=31,
        due_cents=cents,
        billed_cents=0,
        amount_cents=cents,
    )


def _statement(
    pk: int, sequence: int, account: Account, run: BillingRun, amounts: list[int], as_of: date, due_on: date
) -> Statement:
    total = sum(amounts)
    return Statement(
        id=pk,
        number=f"{as_of.year}-{sequence:06d}",
        sequence=sequence,
        account=account,
        run=run,
        as_of=as_of,
        due_on=due_on,
        currency="USD",
        line_count=len(amounts),
        total_cents=total,
        brought_forward_cents=0,
        amount_due_cents=total,
        carried_forward_cents=0,
        seller={"name": "Bulk"},
        buyer={"name": account.name, "collection_method": "card"},
        issued_at=timezone.now(),
    )


def _cards(control: Control, base_url: str, accounts: list[Account]) -> None:
    client: Any = stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": base_url}, stripe_version=stripe_api.API_VERSION
    ).v1
    customers, cards = [], []
    for account in accounts:
        metadata = keys.customer_metadata(owner(), account.pk)
        customer = client.customers.create({"name": account.name, "metadata": metadata})
        made = control.add_card(customer.id, CARD, exp_month=12, exp_year=2030)
        customers.append(StripeCustomer(account=account, customer_id=customer.id))
        cards.append(
            Card(
                account=account,
                payment_method_id=made["id"],
                brand="visa",
                last_four="4242",
                exp_month=12,
                exp_year=2030,
                is_default=True,
            )
        )
    StripeCustomer.objects.bulk_create(customers)
    Card.objects.bulk_create(cards)
