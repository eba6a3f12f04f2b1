"""What a payment page shows, to a Partner of the platform and to a client of its Partner."""

from typing import Any

from pos_billing.collection.models import Card, Payment
from pos_billing.collection.money.queries import credit_of, open_statements, parts_of, standing_of
from pos_billing.collection.money.state import state_of
from pos_billing.collection.stripe.connect import NoStripeAccount, stripe_account
from pos_billing.facts import clock
from pos_billing.notices.models import Notice
from pos_billing.notices.words import words_of
from pos_billing.plans.models import Account, CollectionMethod, SellerSettings

SHOWN = 25
PILLS = {"paid": "good", "due": "info", "past_due": "bad", "disputed": "bad", "uncollectible": "bad"}


def payment_context(account: Account) -> dict[str, Any]:
    """What the page shows, as plain values: it is rendered in another schema."""
    day, seller, can_charge = clock.seller_day(), SellerSettings.objects.get(), _can_charge()
    unpaid = list(open_statements(account).select_related("collection"))
    asking = {row.pk for row in unpaid}
    payments = Payment.objects.filter(account=account).prefetch_related("allocations__statement", "refunds")
    return {
        "cards": list(Card.objects.filter(account=account, removed_at=None)),
        "by_card": account.collection_method == CollectionMethod.CARD,
        "account_id": account.pk,
        "can_charge": can_charge,
        "currency": seller.currency,
        "payment_note": seller.payment_note or ("" if can_charge else _ask(seller)),
        "owed": sum(row.outstanding for row in unpaid),  # type: ignore[attr-defined]
        "credit": credit_of(account),
        "unpaid": [_unpaid(row, day) for row in unpaid],
        "payments": [_paid(row) for row in payments[:SHOWN]],
        "notices": [
            {"id": notice.pk, "words": words_of(notice), "day": notice.made_on, "link": notice.about.get("hosted_url")}
            for notice in Notice.objects.filter(account=account, dismissed_at=None)[:SHOWN]
            if words_of(notice).grave and (notice.statement_id is None or notice.statement_id in asking)
        ],
    }


def _can_charge() -> bool:
    """Whether the current Seller can take cards."""
    try:
        stripe_account()
    except NoStripeAccount:
        return False
    return True


def _ask(seller: SellerSettings) -> str:
    """How to pay a Seller that takes no cards and has not said how."""
    return f"Please ask {seller.name} how to pay{f': {seller.email}' if seller.email else ''}."


def _unpaid(statement: Any, day: Any) -> dict[str, Any]:
    state = state_of(standing_of(statement), day)
    collection = getattr(statement, "collection", None)
    confirm = bool(collection and collection.action_required)
    right = bool(collection and collection.invoice_cents == statement.outstanding)
    payable = bool(collection and collection.invoice_status == "open")
    return {
        "id": statement.pk,
        "number": statement.number,
        "due_on": statement.due_on,
        "cents": statement.outstanding,
        "state": state.label,
        "pill": PILLS.get(state, ""),
        "confirm_url": collection.hosted_invoice_url if collection and confirm and right else "",
        "pay_url": collection.hosted_invoice_url if collection and payable and right and not confirm else "",
        "problem": collection.decline_message if collection and not confirm else "",
        "next_on": collection.next_attempt_on if collection and collection.declines else None,
    }


def _paid(row: Payment) -> dict[str, Any]:
    paid = [part.number or "credit" for part in parts_of(row)]
    given_back = sum(refund.cents for refund in row.refunds.all() if refund.status != "failed")
    return {
        "day": row.received_on,
        "cents": row.cents,
        "how": row.card or row.get_kind_display(),
        "for": ", ".join(paid) or "Taken back",
        "given_back": given_back,
    }
