"""`manage.py reconcile`: compare open statements with Stripe, repair what webhooks missed, list what differs."""

from argparse import ArgumentParser
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.money.ledger import LedgerBroken, check_ledger
from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.run_days import refuse_absurd
from pos_billing.work.one_by_one import reason_of_failure


class Command(BaseCommand):
    """Reconcile with Stripe, and prove that every Account's ledger sums up."""

    help = "Compare open statements with Stripe. Exits with an error when something still differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="The day.")
        parser.add_argument("--seller", default="all", help="A Seller's schema (“public”: the platform), or all.")
        parser.add_argument("--by", default="manage.py reconcile", help="Who reconciles; kept with every change.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = seller_schemas()
        chosen = known if options["seller"] == "all" else [options["seller"]]
        if unknown := set(chosen) - set(known):
            raise CommandError(f"There is no Seller “{unknown.pop()}”. Sellers are: {', '.join(known)}.")
        try:
            refuse_absurd("as_of", options["as_of"])
        except Refused as refused:
            raise CommandError(f"--as-of: {refused.text}") from refused
        self.differs = 0
        failed = []
        for schema in chosen:
            reason = reason_of_failure(schema, partial(self._reconcile, schema, options))
            if reason:
                failed.append(schema)
                self.stderr.write(self.style.ERROR(f"{schema}: {reason}"))
        if failed:
            raise CommandError(f"Not reconciled: {', '.join(failed)}. The others were.")
        if self.differs:
            raise CommandError(f"{self.differs} differences are left. They are listed above and in the admin.")

    def _reconcile(self, schema: str, options: dict[str, Any]) -> None:
        with in_seller(schema):
            report = reconcile_seller(as_of=options["as_of"], by=options["by"])
            broken = self._check_ledgers()
        self.stdout.write(f"{schema}: {report.checked} compared, {len(report.repaired)} repaired")
        for sentence in report.repaired:
            self.stdout.write(f"  {sentence}")
        for sentence in [*report.differs, *broken]:
            self.stderr.write(self.style.ERROR(f"  {sentence}"))
        self.differs += len(report.differs) + len(broken)

    def _check_ledgers(self) -> list[str]:
        broken = []
        for account in Account.objects.order_by("pk"):
            try:
                check_ledger(account)
            except LedgerBroken as error:
                broken.append(str(error))
        return broken
