"""Verb: an invoice was closed in Stripe though we still ask for its money."""

from pos_billing.collection.models import Collection
from pos_billing.facts.history import recorded


def invoice_closed(collection: Collection, status: str) -> None:
    """Note that Stripe holds the invoice as void or uncollectible although we still ask for money."""
    with recorded("invoice_closed", by="Stripe", why=f"Stripe says the invoice is {status}"):
        Collection.objects.filter(pk=collection.pk).exclude(invoice_status__in=["paid", status]).update(
            invoice_status=status,
            blocked_because=f"The invoice was made {status} in Stripe's dashboard. "
            "Try again, write off, or record a payment.",
        )
