"""`manage.py stripe_endpoints --site https://…`: let Stripe send its webhooks here."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pos_billing.collection.stripe.endpoints import endpoints_create
from pos_billing.collection.stripe.values import StripeRefused, StripeUnreachable


class Command(BaseCommand):
    """Make the webhook endpoints for the platform's account and for connected ones."""

    help = "Make Stripe's webhook endpoints for this site. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="The platform's address, as https://billing.example.com.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = endpoints_create(options["site"])
        except (StripeRefused, StripeUnreachable) as error:
            raise CommandError(f"Stripe: {error}") from error
        for whose, endpoint in made.items():
            self.stdout.write(f"{whose}: {endpoint.id} → {endpoint.url}")
