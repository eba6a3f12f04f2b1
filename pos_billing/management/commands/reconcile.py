"""`manage.py reconcile`: compare open statements with Stripe, mend what webhooks missed, list what differs."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.collection.cards.reconcile import reconcile_seller
from pos_billing.collection.money.ledger import LedgerBroken, check_ledger
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller, seller_schemas


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
        differs = 0
        for schema in chosen:
            with in_seller(schema):
                report = reconcile_seller(as_of=options["as_of"], by=options["by"])
                broken = self._check_ledgers()
            self.stdout.write(f"{schema}: {report.checked} compared, {len(report.repaired)} mended")
            for sentence in report.repaired:
                self.stdout.write(f"  {sentence}")
            for sentence in [*report.differs, *broken]:
                self.stderr.write(self.style.ERROR(f"  {sentence}"))
            differs += len(report.differs) + len(broken)
        if differs:
            raise CommandError(f"{differs} differences are left. They are listed above and in the admin.")

    def _check_ledgers(self) -> list[str]:
        broken = []
        for account in Account.objects.order_by("pk"):
            try:
                check_ledger(account)
            except LedgerBroken as error:
                broken.append(str(error))
        return broken
