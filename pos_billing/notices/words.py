"""What a notice says, from its kind and its plain values: in e-mails, in the portal and in the admin alike."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from pos_billing.notices.models import Notice, NoticeKind
from pos_billing.wording import long_day, money

About = Mapping[str, Any]


class Words(NamedTuple):
    """A notice in words. ``action`` is the label of the link, to Stripe's page or to the portal."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str = "Open the payment page"
    grave: bool = False


def words_of(notice: Notice) -> Words:
    """The words of a notice."""
    return WORDS[NoticeKind(notice.kind)](notice.about)


def day(value: Any) -> str:
    """A day (a date, or its ISO form as JSON keeps it) as people read it."""
    return long_day(value if isinstance(value, date) else date.fromisoformat(value))


def _issued(about: About) -> Words:
    if not about["cents"]:
        return Words(
            f"Statement {about['number']}",
            (f"Statement {about['number']} is ready. There is nothing to pay.",),
            "Read the statement",
        )
    by_card = "It will be charged to your card" if about["by_card"] else "Please pay it by"
    when = f"{by_card} on {day(about['due_on'])}." if about["by_card"] else f"{by_card} {day(about['due_on'])}."
    return Words(
        f"Statement {about['number']}: {money(about['cents'])}",
        (f"Statement {about['number']} over {money(about['cents'])} is ready. {when}",),
        "Read the statement",
    )


def _received(about: About) -> Words:
    of = f" for statement {about['number']}" if about.get("number") else ""
    with_card = f" by {about['card']}" if about.get("card") else ""
    return Words(
        f"Payment received: {money(about['cents'])}",
        (f"We received {money(about['cents'])}{of}{with_card} on {day(about['received_on'])}. Thank you.",),
        "See your payments",
    )


def _failed(about: About) -> Words:
    return Words(
        f"Payment of statement {about['number']} failed",
        (
            f"{about['card']} was declined for {money(about['cents'])}: {about['message']}",
            f"We try again on {day(about['next_on'])}. To pay sooner, add another card.",
        ),
        "Change the card",
        grave=True,
    )


def _given_up(about: About) -> Words:
    return Words(
        f"Statement {about['number']} could not be paid: another card is needed",
        (
            f"{about['card']} was declined for {money(about['cents'])}: {about['message']}",
            "We do not try this card again. Add another card and it is charged at once.",
        ),
        "Add another card",
        grave=True,
    )


def _action(about: About) -> Words:
    return Words(
        f"Confirm the payment of statement {about['number']}",
        (
            f"Your bank asks you to confirm the payment of {money(about['cents'])} by {about['card']}.",
            "Open the page below and confirm it; nothing has been charged yet.",
        ),
        "Confirm the payment",
        grave=True,
    )


def _missing(about: About) -> Words:
    return Words(
        "Add a card for your payments",
        (
            f"On {day(about['due_on'])} your next payment falls due, and there is no card to charge.",
            "Add a card before that day.",
        ),
        "Add a card",
        grave=True,
    )


def _expiring(about: About) -> Words:
    return Words(
        f"{about['card']} expires before your next payment",
        (
            f"{about['card']} is valid through {about['exp_month']:02d}/{about['exp_year']}, and your next payment "
            f"falls due on {day(about['due_on'])}.",
            "Add the new card before that day.",
        ),
        "Change the card",
        grave=True,
    )


def _past_due(about: About) -> Words:
    still = f"{money(about['cents'])} is still to be paid."
    return Words(
        f"Statement {about['number']} is past due",
        (f"Statement {about['number']} was due on {day(about['due_on'])}. {still}",),
        grave=True,
    )


def _refunded(about: About) -> Words:
    over = f" Credit note {about['credit_note']} says what for." if about.get("credit_note") else ""
    return Words(
        f"Refund of {money(about['cents'])}",
        (f"We give {money(about['cents'])} back to you: {about['why']}.{over}",),
        "See your payments",
    )


def _disputed(about: About) -> Words:
    return Words(
        f"A payment of {money(about['cents'])} is disputed",
        (f"Your bank questions a payment of {money(about['cents'])}. If that is a mistake, please tell your bank.",),
        "See your payments",
        grave=True,
    )


WORDS: dict[NoticeKind, Callable[[About], Words]] = {
    NoticeKind.STATEMENT_ISSUED: _issued,
    NoticeKind.PAYMENT_RECEIVED: _received,
    NoticeKind.PAYMENT_FAILED: _failed,
    NoticeKind.PAYMENT_GIVEN_UP: _given_up,
    NoticeKind.ACTION_REQUIRED: _action,
    NoticeKind.CARD_MISSING: _missing,
    NoticeKind.CARD_EXPIRING: _expiring,
    NoticeKind.PAST_DUE: _past_due,
    NoticeKind.REFUNDED: _refunded,
    NoticeKind.DISPUTED: _disputed,
}
