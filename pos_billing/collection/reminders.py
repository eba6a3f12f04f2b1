"""What is told before it hurts: no card for a payment to come, a card that expires before it, a payment past due."""

from datetime import date, timedelta

from pos_billing.collection.cards.collect_days import next_payment_on
from pos_billing.collection.cards.dunning import card_expires_before
from pos_billing.collection.models import Card
from pos_billing.collection.money.queries import open_statements
from pos_billing.conf import setting
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind
from pos_billing.plans.models import Account, CollectionMethod, SellerSettings


def notices_of_missing_cards(*, as_of: date) -> int:
    """Tell Accounts that are collected from by card what would make their next payment fail; how many were told.

    Looks ahead from ``CARD_NOTICE_DAYS`` days before the payment. Each thing is told once for each payment.
    """
    settings = SellerSettings.objects.get()
    due_on = next_payment_on(as_of, settings.first_payment_on)
    if due_on - timedelta(days=setting("CARD_NOTICE_DAYS")) > as_of:
        return 0
    told = 0
    cards = {card.account_id: card for card in Card.objects.filter(is_default=True)}
    accounts = Account.objects.filter(collection_method=CollectionMethod.CARD, closed_on=None).order_by("pk")
    for account in accounts.filter(assignments__plan__placeholder=False).distinct():
        card = cards.get(account.pk)
        about: dict[str, str | int | date]
        if card is None:
            kind, about = NoticeKind.CARD_MISSING, {"due_on": due_on}
        elif card_expires_before(card.exp_year, card.exp_month, due_on):
            kind = NoticeKind.CARD_EXPIRING
            about = {"card": str(card), "exp_month": card.exp_month, "exp_year": card.exp_year, "due_on": due_on}
        else:
            continue
        key = f"{kind}:{account.pk}:{due_on}"
        told += notice_make(kind, account=account, made_on=as_of, key=key, about=about) is not None
    return told


def notices_past_due(*, as_of: date) -> int:
    """Tell Accounts that pay by hand of statements that are past due, once for each; how many were told."""
    told = 0
    by_hand = open_statements().filter(due_on__lt=as_of, account__collection_method=CollectionMethod.MANUAL)
    for statement in by_hand.select_related("account").exclude(notices__kind=NoticeKind.PAST_DUE):
        notice = notice_make(
            NoticeKind.PAST_DUE,
            account=statement.account,
            statement=statement,
            made_on=as_of,
            key=f"past_due:{statement.pk}",
            about={
                "number": statement.number,
                "due_on": statement.due_on,
                "cents": statement.outstanding,  # type: ignore[attr-defined]
            },
        )
        told += notice is not None
    return told
