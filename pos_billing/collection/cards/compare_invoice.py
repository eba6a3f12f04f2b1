"""What Stripe says compared with what the statement asks for, before a card is charged."""

from datetime import date

from pos_billing.collection.cards.record_stripe_payment import invoice_paid
from pos_billing.collection.models import Collection
from pos_billing.collection.stripe import api as stripe_api
from pos_billing.collection.stripe import keys
from pos_billing.collection.stripe.installation import owner
from pos_billing.collection.stripe.values import SeenInvoice
from pos_billing.wording import money, signed_money


def what_differs(seen: SeenInvoice, outstanding: int) -> str:
    """Why Stripe would not charge exactly what the statement asks for, in words; empty when it would.

    Stripe charges the invoice's ``amount_due``. It is known when the invoice is final: the customer's balance at
    Stripe, which our ledger knows nothing of, counts in it. A draft tells that balance beforehand.
    """
    would = seen.total + seen.starting_balance if seen.status == "draft" else seen.amount_remaining
    if seen.status not in {"draft", "open"} or would == outstanding:
        return ""
    charged, asked = money(max(0, would)), money(outstanding)
    said = [f"Invoice {seen.id} would have charged {charged}; the statement asks for {asked}."]
    if seen.starting_balance:
        kind = "owes" if seen.starting_balance > 0 else "has a credit of"
        said.append(
            f"The client {kind} {money(abs(seen.starting_balance))} at Stripe (balance "
            f"{signed_money(seen.starting_balance)}): set that balance to zero there."
        )
    if seen.credited_before:
        said.append(f"Credit notes of {money(seen.credited_before)} were made on it at Stripe: credit the same here.")
    said.append("The invoice was closed and nothing was charged. Then try again.")
    return " ".join(said)


def record_paid_elsewhere(collection: Collection, *, as_of: date, by: str) -> bool:
    """Before a second try: record what was paid by another invoice that bears our metadata; whether there was any."""
    if not collection.customer_id or not (collection.generation > 1 or collection.attempts.exists()):
        return False
    metadata = keys.statement_metadata(owner(), collection.statement.number)
    paid = stripe_api.paid_invoices(collection.customer_id, metadata, stripe_account=collection.stripe_account)
    others = [seen for seen in paid if seen.id != collection.invoice_id]
    for seen in others:
        invoice_paid(collection, seen, on=as_of, by=by)
    return bool(others)
