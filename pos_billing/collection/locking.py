"""Who may work on a statement's money at this moment.

Rows that change what a statement asks for are written while its own row is locked, in the order of ids, so that two
of them never read the same sum. Talking to Stripe takes longer than a transaction should: whoever collects a statement
holds an advisory lock of its session instead, and a process that dies lets go of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from pos_billing.statements.models import Statement
from pos_billing.work.locks import LockSpace, held_by_session, wait_for


def locked_statements(statement_ids: Iterable[int]) -> list[Statement]:
    """Lock statements to the end of the transaction; returned in the order of their ids."""
    return list(Statement.objects.select_for_update(of=("self",)).filter(pk__in=list(statement_ids)).order_by("pk"))


@contextmanager
def sole_collector(statement_id: int) -> Iterator[bool]:
    """Say whether we are the only one who collects the statement inside the block; never waits."""
    with held_by_session(LockSpace.COLLECTION, f"{connection.schema_name}:{statement_id}") as mine:
        yield mine


def one_at_a_time(name: str) -> None:
    """Wait until nobody else works on ``name`` (the id of a Stripe object), to the end of the transaction."""
    wait_for(LockSpace.STRIPE_OBJECT, name)
