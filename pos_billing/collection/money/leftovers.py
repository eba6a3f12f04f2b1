"""What no statement will settle by itself: credit to be given back, rests that are too small to be collected."""

from typing import NamedTuple

from django.db import connection

from pos_billing.collection.money.queries import open_statements
from pos_billing.plans.models import Account, CollectionMethod, SellerSettings
from pos_billing.statements.owed import balances


class Leftover(NamedTuple):
    """An Account and what waits for a person, in cents: ``credit`` to be given back, or a ``rest`` to be written off.

    ``statement_id`` is the open statement that asks for the rest; ``None``: none does, it waits for the next one.
    """

    account: Account
    credit: int = 0
    rest: int = 0
    statement_id: int | None = None


def leftovers() -> list[Leftover]:
    """Credit and rests of the current Seller's Accounts that get no further statement, in order of name. Three queries.

    A rest is what is less than the card minimum, of an Account that is collected from by card.
    """
    minimum = SellerSettings.objects.get().card_minimum_cents
    found = {pk: balance for pk, balance in balances().items() if balance.credit or 0 < balance.total < minimum}
    ended = _ended(list(found))
    accounts = Account.objects.filter(pk__in=ended)
    asking = dict(open_statements().filter(account__in=ended).values_list("account_id", "pk"))
    rows = []
    for account in accounts.order_by("name", "pk"):
        balance = found[account.pk]
        if balance.credit:
            rows.append(Leftover(account, credit=balance.credit))
        elif account.collection_method == CollectionMethod.CARD or not balance.owed:
            rows.append(Leftover(account, rest=balance.total, statement_id=asking.get(account.pk)))
    return rows


def gets_further_statements(account: Account) -> bool:
    """Whether something is still to be billed to the Account, as far as anybody knows today."""
    return not _ended([account.pk])


def _ended(accounts: list[int]) -> list[int]:
    """Of these Accounts, those that no plan was assigned for after the month the last run closed.

    Days of that month, and usage of it, are billed; a later assignment, or one without an end to a subject that is
    still there, brings another statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account.id FROM pos_billing_account AS account WHERE account.id = ANY(%s) AND NOT EXISTS ("
            "SELECT FROM pos_billing_assignment AS assignment "
            "JOIN pos_billing_plan AS plan ON plan.id = assignment.plan_id AND NOT plan.placeholder "
            "LEFT JOIN pos_billing_instances_instance AS instance ON instance.id = assignment.instance_id "
            "WHERE assignment.account_id = account.id "
            "AND least(coalesce(upper(assignment.days), 'infinity'), coalesce(instance.deleted_on, 'infinity')) > "
            "coalesce((SELECT date_trunc('month', max(as_of))::date FROM pos_billing_billingrun), '-infinity'))",
            [accounts],
        )
        return [row[0] for row in cursor.fetchall()]
