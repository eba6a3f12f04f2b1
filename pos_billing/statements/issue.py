"""Statements out of sums: settled, numbered without gaps in a fixed order, with letterhead and buyer as of now."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection

from pos_billing.plans.models import Account, CollectionMethod, SellerSettings
from pos_billing.plans.numbering import Numbers, number_in
from pos_billing.rating.settlement import settle
from pos_billing.statements.drafts import DraftStatement, Sum
from pos_billing.statements.owed import NOTHING, balances

LETTERHEAD = ("name", "address", "email", "tax_note", "brand_color", "currency")
BUYER = ("name", "email", "address", "tax_number", "external_id", "collection_method")


def drafted(sums: Mapping[int, Sum], seller: SellerSettings, as_of: date, first: Numbers) -> list[DraftStatement]:
    """The statements of a run, one for each Account that has lines, in order of Account. Two queries for all.

    ``first`` is what the first of them gets; the others follow without a gap.
    """
    accounts = Account.objects.in_bulk(list(sums)) if sums else {}
    before = balances(list(sums)) if sums else {}
    letterhead = {name: getattr(seller, name) for name in LETTERHEAD} | {"logo": seller.logo.name or ""}
    statements = []
    for place, account_id in enumerate(sorted(sums)):
        numbers = first.after(place)
        account, total = accounts[account_id], sums[account_id]
        by_card = account.collection_method == CollectionMethod.CARD
        balance, minimum = before.get(account_id, NOTHING), seller.card_minimum_cents if by_card else 0
        settled = settle(total.total, balance.brought_forward, minimum, balance.owed)
        due_on = max(as_of, seller.first_payment_on or as_of)
        statements.append(
            DraftStatement(
                total.statement_id,
                number_in(seller.number_format, as_of, numbers.number),
                numbers.sequence,
                account_id,
                as_of,
                due_on if by_card else due_on + timedelta(days=seller.payment_terms_days),
                seller.currency,
                total.lines,
                total.adjustments,
                total.total,
                settled.brought_forward,
                settled.set_off,
                settled.amount_due,
                settled.carried_forward,
                letterhead,
                {name: getattr(account, name) for name in BUYER},
            )
        )
    return statements


def next_numbers(seller: SellerSettings, as_of: date, *, locked: bool) -> Numbers:
    """What the next statement gets, if it is of ``as_of``. ``locked`` keeps it from other transactions.

    Raises ``Refused`` for a day in a year whose numbers are closed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT next_sequence, next_number, year FROM pos_billing_statementcounter WHERE id = 1"
            + (" FOR UPDATE" if locked else "")
        )
        return Numbers(*cursor.fetchone()).on(as_of, anew=seller.numbers_begin_anew)


def numbers_taken(upcoming: Numbers) -> None:
    """Move the counter on, in the transaction that issues the statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pos_billing_statementcounter SET next_sequence = %s, next_number = %s, year = %s WHERE id = 1",
            list(upcoming),
        )
