"""What of a statement is asked for now, and what moves on (rule 11)."""

from typing import NamedTuple


class Settlement(NamedTuple):
    """``total + brought_forward = amount_due + carried_forward``, all in cents."""

    total: int
    brought_forward: int
    amount_due: int
    carried_forward: int


def settle(total: int, brought_forward: int, minimum: int) -> Settlement:
    """Use up credit, carry small amounts.

    ``brought_forward`` is what earlier statements left: negative for credit, positive for amounts too small to be
    collected. A sum below zero stays credit; a sum under ``minimum`` (the card minimum; 0 where payments are made by
    hand) waits for the next statement. Nobody is charged a negative amount.
    """
    balance = total + brought_forward
    amount_due = balance if balance >= max(minimum, 1) else 0
    return Settlement(total, brought_forward, amount_due, balance - amount_due)
