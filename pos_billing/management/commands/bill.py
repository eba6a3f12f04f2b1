"""`manage.py bill`: a billing run of one Seller or of all, or a preview of it."""

import sys
from argparse import ArgumentParser
from datetime import date
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.facts.errors import Refused
from pos_billing.plans.models import Account
from pos_billing.sellers.schemas import in_seller, seller_schemas
from pos_billing.statements.forgetting import forget_read_notes
from pos_billing.statements.outcome import RunOutcome
from pos_billing.statements.run import bill
from pos_billing.statements.run_days import refuse_absurd, refuse_ahead
from pos_billing.wording import count, day, money
from pos_billing.work.one_by_one import reason_of_failure

EVERY_SELLER = "all"
LISTED = 20


class Command(BaseCommand):
    help = "Bill Accounts for what is due and was not billed before. Safe to run again, late, or twice at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="The day of the statements."
        )
        parser.add_argument(
            "--seller", default=EVERY_SELLER, help="A Seller's schema; “public” is the platform, “all” (default) all."
        )
        parser.add_argument(
            "--account",
            action="append",
            default=[],
            metavar="NAME",
            help="Bill this Account alone, by name or id; may be given again. The Seller's own run is still to come.",
        )
        parser.add_argument(
            "--ahead",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="The day of the statements once more, where it is after today: such a run cannot be taken back.",
        )
        parser.add_argument("--preview", action="store_true", help="Show what would be issued and write nothing.")
        parser.add_argument("--full", action="store_true", help="Rate every month again, and prove none was missed.")
        parser.add_argument("--no-wait", action="store_true", help="Give up when a run of the Seller is under way.")
        parser.add_argument("--by", default="manage.py bill", help="Who makes the run; kept with it.")

    def handle(self, *args: Any, **options: Any) -> None:
        known = seller_schemas()
        schemas = known if options["seller"] == EVERY_SELLER else [options["seller"]]
        for schema in schemas:
            if schema not in known:
                raise CommandError(f"There is no Seller “{schema}”. Sellers are: {', '.join(known)}.")
        if options["account"] and len(schemas) > 1:
            raise CommandError("Say with --seller whose Account it is.")
        self.missed = 0
        failed = {}
        for schema in schemas:
            reason = reason_of_failure(schema, partial(self._bill, schema, options))
            if reason:
                failed[schema] = reason
                self.stderr.write(self.style.ERROR(f"{schema}: not billed. {reason}"))
        if not options["preview"]:
            forget_read_notes()
        if failed:
            raise CommandError(f"Not billed: {', '.join(failed)}.")
        if self.missed:
            raise CommandError(
                f"The full run billed {count(self.missed, 'line')} that an incremental run would have missed. They are "
                "billed now; report them as a defect, with the lines named above."
            )

    def _bill(self, schema: str, options: dict[str, Any]) -> None:
        if not options["preview"]:
            refuse_ahead(schema, refuse_absurd("as_of", options["as_of"]), options["ahead"])
        outcome = bill(
            schema,
            as_of=options["as_of"],
            by=options["by"],
            preview=options["preview"],
            full=options["full"],
            accounts=_accounts(schema, options["account"]),
            wait=not options["no_wait"],
            progress=self._progress,
        )
        self._report(outcome)
        self.missed += outcome.missed

    def _progress(self, schema: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{schema}: {done:,} of {total:,} rated", ending="\n" if done >= total else "")
        elif done >= total or done % 20_000 == 0:
            self.stderr.write(f"{schema}: {done:,} of {total:,} rated")

    def _report(self, outcome: RunOutcome) -> None:
        made = "Preview" if outcome.preview else "Run"
        looked = "everything" if outcome.full else "what closed or changed since the last run"
        if outcome.full_because:
            looked += f", because {outcome.full_because}"
        self.stdout.write(
            self.style.MIGRATE_HEADING(f"{made} of {outcome.schema} as of {day(outcome.as_of)}")
            + f": {count(outcome.subjects, 'subject')} rated ({looked})"
        )
        self.stdout.write(
            f"  {count(len(outcome.statements), 'statement')}, {count(outcome.lines, 'line')} "
            f"({count(outcome.adjustments, 'adjustment')}), total {money(outcome.total)}"
        )
        for statement in outcome.statements[:LISTED]:
            self.stdout.write(
                f"    {statement.number}  {statement.buyer['name']}: {money(statement.total, statement.currency)}"
                f", due {money(statement.amount_due, statement.currency)} by {day(statement.due_on)}"
                f" ({count(statement.lines, 'line')})"
            )
        if len(outcome.statements) > LISTED:
            self.stdout.write(f"    … and {count(len(outcome.statements) - LISTED, 'statement')} more")
        for reason, subjects in sorted(outcome.not_charged.items()):
            self.stdout.write(f"  not charged in the last closed month: {count(subjects, 'subject')} – {reason}")
        for one in outcome.unbillable:
            self.stdout.write(self.style.ERROR(f"  not billed: {one['subject']}. {one['why']}"))
        for line in outcome.missed_named:
            self.stdout.write(
                self.style.WARNING(f"  missed: {line['subject']}, {line['month']:%Y-%m}: {money(line['amount_cents'])}")
            )


def _accounts(schema: str, named: list[str]) -> list[int] | None:
    """The ids of Accounts given by name or id; ``None``: all. Raises ``Refused`` for one that is not there."""
    if not named:
        return None
    with in_seller(schema):
        known = Account.objects.all()
        found = []
        for text in named:
            account = known.filter(name=text).first() or (known.filter(pk=text).first() if text.isdecimal() else None)
            if account is None:
                raise Refused("account", f"There is no Account “{text}” here.", code="account_not_found")
            found.append(account.pk)
    return found
