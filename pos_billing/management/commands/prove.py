"""`manage.py prove`: whether every day of a month is billed exactly once, or has a reason why not."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_public_schema_name

from pos_billing.sellers.schemas import seller_schemas
from pos_billing.statements.margin import revenue_by_partner, totals
from pos_billing.statements.prove import Proof, prove
from pos_billing.wording import count, money, month, quantity
from pos_billing.work.one_by_one import reason_of_failure

EVERY_SELLER = "all"


def month_argument(text: str) -> date:
    """The first day of a month written as ``2019-01``."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a valid month: write it as 2019-01.") from error


class Command(BaseCommand):
    help = "Prove a billed month: days, amounts and lines agree, and a Partner's cost is the platform's revenue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--month", required=True, type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--seller", default=EVERY_SELLER, help="A Seller's schema, or “all” (default).")

    def handle(self, *args: Any, **options: Any) -> None:
        known = seller_schemas()
        schemas = known if options["seller"] == EVERY_SELLER else [options["seller"]]
        failed: list[str] = []
        for schema in schemas:
            if schema not in known:
                raise CommandError(f"There is no Seller “{schema}”. Sellers are: {', '.join(known)}.")
            reason = reason_of_failure(schema, partial(self._prove, schema, options["month"], failed))
            if reason:
                failed.append(schema)
                self.stderr.write(self.style.ERROR(f"{schema}: {reason}"))
        if failed == schemas:
            raise CommandError(f"{month(options['month'])} is not proven for {', '.join(failed)}.")
        failed += self._both_sides(options["month"], schemas)
        if failed:
            raise CommandError(f"{month(options['month'])} is not proven for {', '.join(dict.fromkeys(failed))}.")

    def _prove(self, schema: str, of_month: date, failed: list[str]) -> None:
        proof = prove(schema, of_month)
        self._report(proof)
        if not proof.holds:
            failed.append(schema)

    def _report(self, proof: Proof) -> None:
        verdict = self.style.SUCCESS("proven") if proof.holds else self.style.ERROR("differs")
        self.stdout.write(f"{proof.schema}, {month(proof.month)}: {verdict}")
        self.stdout.write(
            f"  {quantity(proof.charged_days)} charged days, {count(proof.compared, 'amount')} compared: "
            f"due {money(proof.due)}, billed {money(proof.billed)}"
        )
        for reason, (days, subjects) in sorted(proof.not_charged.items()):
            self.stdout.write(f"  not charged: {count(days, 'day')} of {count(subjects, 'subject')} – {reason}")
        for gap in proof.unassigned:
            until = f" until {gap.until}" if gap.until else ""
            said = f"  {gap.name} has no plan, not even Unbilled, from {gap.start}{until}"
            self.stdout.write(self.style.ERROR(said))
        for one in proof.differs:
            why = " (a fact changed since the last run: the next one bills it)" if one.pending else ""
            why = " (before the cut-off: left as billed)" if proof.left_by_cut_off else why
            self.stdout.write(
                self.style.WARNING(
                    f"  {one.name}, Account {one.account}, fee {one.fee}: due {money(one.due)} for "
                    f"{count(one.days, 'day')}, billed {money(one.billed)}{why}"
                )
            )

    def _both_sides(self, of_month: date, schemas: list[str]) -> list[str]:
        """Compare what the platform billed each Partner with that Partner's cost; the Partners that differ."""
        revenue = revenue_by_partner(of_month)
        differing = []
        for schema in schemas:
            if schema == get_public_schema_name():
                continue
            cost = sum(total.cost for total in totals(schema, of_month, of_month))
            same = cost == revenue.get(schema, 0)
            self.stdout.write(
                f"{schema}: the platform billed {money(revenue.get(schema, 0))}, its cost is {money(cost)}"
                + ("" if same else self.style.ERROR(" – they differ"))
            )
            if not same:
                differing.append(schema)
        return differing
