"""`manage.py collect`: collect what is due, without any worker."""

from argparse import ArgumentParser
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.collection.cards.collect_due import Collected, collect_seller
from pos_billing.collection.statement_notices import announce_statements
from pos_billing.collection.stripe.connect import NoStripeAccount, stripe_account
from pos_billing.collection.stripe.products import products_sync
from pos_billing.collection.stripe.values import StripeRefused, StripeUnreachable
from pos_billing.facts.errors import Refused
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.models import BillingRun
from pos_billing.statements.run_days import refuse_absurd
from pos_billing.work.one_by_one import reason_of_failure


class Command(BaseCommand):
    """Collect due statements by card, retry declined ones, give back refunds, and send the notices."""

    help = "Collect what is due on a day. Safe to run again, late, twice at once, or beside workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="The day.")
        parser.add_argument("--seller", default="all", help="A Seller's schema (“public”: the platform), or all.")
        parser.add_argument("--no-mail", action="store_true", help="Make notices, but send none by e-mail.")
        parser.add_argument("--by", default="manage.py collect", help="Who collects; kept with every change.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = seller_schemas()
        chosen = known if options["seller"] == "all" else [options["seller"]]
        if unknown := set(chosen) - set(known):
            raise CommandError(f"There is no Seller “{unknown.pop()}”. Sellers are: {', '.join(known)}.")
        _sane(options["as_of"])
        self.unreachable = 0
        failed = []
        for schema in chosen:
            reason = reason_of_failure(schema, partial(self._collect_one, schema, options))
            if reason:
                failed.append(schema)
                self.stderr.write(self.style.ERROR(f"{schema}: {reason}"))
        if failed:
            raise CommandError(f"Not collected: {', '.join(failed)}. The others were.")
        if self.unreachable:
            raise CommandError(
                f"{self.unreachable} could not be done now (see above). Run the same command again later."
            )

    def _collect_one(self, schema: str, options: dict[str, Any]) -> None:
        with in_seller(schema):
            self.unreachable += len(self._collect(schema, options).unreachable)

    def _collect(self, schema: str, options: dict[str, Any]) -> Collected:
        for run in BillingRun.objects.filter(as_of__lte=options["as_of"], issued__notices=None).distinct():
            announce_statements(run.pk)
        try:
            with suppress(NoStripeAccount):  # a Seller that takes payments by hand alone
                products_sync(stripe_account())
        except (StripeUnreachable, StripeRefused) as error:
            self.stderr.write(self.style.WARNING(f"{schema}: plans were not told to Stripe: {error}"))
        done = collect_seller(
            as_of=options["as_of"],
            by=options["by"],
            send=not options["no_mail"],
            progress=lambda message: self.stderr.write(f"{schema}: {message}"),
        )
        counted = [f"{count} {result}" for result, count in sorted(done.results.items())]
        results = ", ".join(counted) or "nothing to collect"
        self.stdout.write(f"{schema}: {results}; {done.refunds} refunds sent, {done.sent} e-mails sent")
        for what in done.unreachable:
            self.stderr.write(self.style.ERROR(f"{schema}: {what}"))
        return done


def _sane(as_of: date) -> None:
    """Raise for a day that only a slip of the finger can have meant."""
    try:
        refuse_absurd("as_of", as_of)
    except Refused as refused:
        raise CommandError(f"--as-of: {refused.text}") from refused
