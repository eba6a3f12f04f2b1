"""What of a statement is asked for now, and what moves on (rule 11)."""

from typing import NamedTuple


class Settlement(NamedTuple):
    """``total + brought_forward + set_off = amount_due + carried_forward``, all in cents."""

    total: int
    brought_forward: int
    amount_due: int
    carried_forward: int
    set_off: int = 0


def settle(total: int, brought_forward: int, minimum: int, owed: int = 0) -> Settlement:
    """Use up credit, set it against earlier statements, carry small amounts.

    ``brought_forward`` is what earlier statements left: negative for credit, positive for amounts too small to be
    collected. A sum below zero stays credit; a sum under ``minimum`` (the card minimum; 0 where payments are made by
    hand) waits for the next statement. Nobody is charged a negative amount. ``owed`` is what earlier statements still
    ask for: credit settles that first, and only what is left of it is carried.
    """
    balance = total + brought_forward
    amount_due = balance if balance >= max(minimum, 1) else 0
    set_off = min(owed, max(0, -balance))
    return Settlement(total, brought_forward, amount_due, balance + set_off - amount_due, set_off)
