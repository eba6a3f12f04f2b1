"""The state of a statement's payment: derived, never stored, and in this function alone. Pure."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What people see beside a statement."""

    NOTHING_DUE = "nothing_due"
    DUE = "due"
    PAST_DUE = "past_due"
    PAID = "paid"
    CREDITED = "credited"
    REFUNDED = "refunded"
    UNCOLLECTIBLE = "uncollectible"
    DISPUTED = "disputed"

    @property
    def label(self) -> str:
        """The words for people."""
        return LABELS[self]


LABELS = {
    State.NOTHING_DUE: "Nothing to pay",
    State.DUE: "Due",
    State.PAST_DUE: "Past due",
    State.PAID: "Paid",
    State.CREDITED: "Credited",
    State.REFUNDED: "Refunded",
    State.UNCOLLECTIBLE: "Uncollectible",
    State.DISPUTED: "Disputed",
}


class Standing(NamedTuple):
    """What happened to a statement, in cents.

    ``paid`` are allocations of payments less those that reversals took back; ``credited`` is what credit notes took
    off what it asks for; ``by_credit`` what the Account's other credit settles of it (below zero: credit that it had
    used was taken back, and is asked for again); ``refunded`` what was given back of its payments; ``written_off``
    what is not asked for any more; ``disputed`` what banks question at this moment.
    """

    amount_due: int
    due_on: date
    paid: int = 0
    credited: int = 0
    refunded: int = 0
    written_off: int = 0
    disputed: int = 0
    by_credit: int = 0

    @property
    def open(self) -> int:
        """What payments, credit notes and write-offs left of it, in cents, before the Account's credit is looked at."""
        return self.amount_due - self.paid - self.credited - self.written_off

    @property
    def outstanding(self) -> int:
        """What the statement asks for now, in cents (``statements.owed``)."""
        return self.open - self.by_credit


def state_of(standing: Standing, as_of: date) -> State:
    """The state on the day ``as_of``. The first rule that fits decides."""
    if standing.disputed > 0:
        return State.DISPUTED
    if standing.outstanding > 0:
        return State.PAST_DUE if as_of > standing.due_on else State.DUE
    if standing.amount_due == 0:
        return State.NOTHING_DUE
    if standing.written_off > 0:
        return State.UNCOLLECTIBLE
    if standing.refunded > 0 and standing.refunded >= standing.paid:
        return State.REFUNDED
    if standing.paid <= 0:
        return State.CREDITED
    return State.PAID
