"""What an Account owes: one balance, and the one place that says how it rests on its statements (rule 11).

Payments, credit notes and write-offs are said of a statement; what they leave of it is *open*. Everything else that is
in the Account's favour (a statement below zero, an over-payment, the rest of a credit note) is its *credit*, less what
later statements used of it when they were issued. Then, at any moment and without a row being written:

    credit settles the oldest open statements first; what is left of it waits for the next statement;
    credit that a statement had used and that was taken back is asked for again, by the newest such statement first;
    a rest that was too small to be collected waits for the next statement.

So a statement never asks for what its Account does not owe, whatever made the credit, and whenever.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, F, Func


class Balance(NamedTuple):
    """What an Account owes in all (``total``, cents; below zero: credit), and what its statements ask for of it."""

    total: int
    owed: int

    @property
    def credit(self) -> int:
        """What waits in the Account's favour for its next statement, or to be given back."""
        return max(0, -self.total)

    @property
    def waiting(self) -> int:
        """What is owed and asked for by no statement: a rest too small to be collected. The next one brings it in."""
        return max(0, self.total - self.owed)

    @property
    def brought_forward(self) -> int:
        """What the next statement brings in: negative for credit, positive for a rest."""
        return self.waiting - self.credit


NOTHING = Balance(0, 0)


def _owed(accounts: str) -> str:
    """One row for each statement of the Accounts that the SQL condition ``accounts`` chooses (``= 5``, …).

    ``open``: what payments, credit notes and write-offs left of it. ``owed``: what it asks for. ``credit``: the
    Account's, below zero where a rest waits or used credit was taken back. ``rest``: what the last statement carried.
    """
    return f"""
        SELECT id, account_id, open, credit,
            open - least(open, greatest(0, credit - older))
            + least(used, greatest(0, -credit - rest - newer_used)) AS owed
        FROM (
            SELECT id, asked.account_id, open, used,
                coalesce(sum(open) OVER (oldest_first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS older,
                coalesce(sum(used) OVER (oldest_first ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0)
                    AS newer_used,
                coalesce(credits.cents, 0) - sum(moved) OVER (PARTITION BY asked.account_id) AS credit,
                last_value(greatest(carried, 0))
                    OVER (oldest_first ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS rest
            FROM (
                SELECT id, account_id, sequence, total_cents - amount_due_cents AS moved,
                    carried_forward_cents AS carried,
                    greatest(0, least(-brought_forward_cents, total_cents)) AS used,
                    amount_due_cents
                    - coalesce((SELECT sum(paid.cents) FROM pos_billing_allocation AS paid
                        WHERE paid.statement_id = statement.id), 0)
                    - coalesce((SELECT sum(note.applied_cents) FROM pos_billing_creditnote AS note
                        WHERE note.statement_id = statement.id), 0)
                    - coalesce((SELECT sum(written.cents) FROM pos_billing_writeoff AS written
                        WHERE written.statement_id = statement.id), 0) AS open
                FROM pos_billing_statement AS statement WHERE account_id {accounts}
            ) AS asked
            LEFT JOIN (
                SELECT account_id, sum(cents) AS cents FROM pos_billing_accountcredit
                WHERE account_id {accounts} GROUP BY account_id
            ) AS credits ON credits.account_id = asked.account_id
            WINDOW oldest_first AS (PARTITION BY asked.account_id ORDER BY sequence)
        ) AS of_account"""


class Owed(Func):
    """What the statement of the row asks for, in cents, as an expression for querysets of statements."""

    output_field = BigIntegerField()

    def __init__(self) -> None:
        super().__init__(F("account_id"), F("pk"))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        account, statement = (compiler.compile(part)[0] for part in self.get_source_expressions())
        return f"(SELECT owed::bigint FROM ({_owed(f'= {account}')}) AS owed_by WHERE id = {statement})", ()


def balances(accounts: Sequence[int] | None = None) -> dict[int, Balance]:
    """The balances of Accounts of the current Seller (of all, if none are named), by id. One query.

    Accounts for which nothing was ever billed or credited are left out: they owe nothing.
    """
    chosen = "IS NOT NULL" if accounts is None else "= ANY(%(accounts)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT account_id, (sum(open) - max(credit))::bigint, sum(owed)::bigint FROM ({_owed(chosen)}) AS owed "
            "GROUP BY account_id UNION ALL "
            "SELECT account_id, -sum(cents)::bigint, 0 FROM pos_billing_accountcredit AS credit "
            f"WHERE account_id {chosen} AND NOT EXISTS (SELECT FROM pos_billing_statement AS statement "
            "WHERE statement.account_id = credit.account_id) GROUP BY account_id",
            {"accounts": list(accounts or ())},
        )
        return {account: Balance(total, owed) for account, total, owed in cursor.fetchall()}


def balance_of(account_id: int) -> Balance:
    """The balance of one Account of the current Seller."""
    return balances([account_id]).get(account_id, NOTHING)
