"""Telling Accounts of the statements of a run."""

from pos_billing.collection.money.queries import with_standing
from pos_billing.notices.commands import notice_make
from pos_billing.notices.models import NoticeKind
from pos_billing.plans.models import CollectionMethod
from pos_billing.statements.models import Statement


def announce_statements(run_id: int) -> int:
    """Make a notice for each statement of a run of the current Seller; how many were made now. Safe to repeat."""
    told = 0
    issued = with_standing(Statement.objects.filter(run=run_id)).select_related("account").order_by("pk")
    for statement in issued.iterator(500):
        notice = notice_make(
            NoticeKind.STATEMENT_ISSUED,
            account=statement.account,
            statement=statement,
            made_on=statement.as_of,
            key=f"statement_issued:{statement.pk}",
            about={
                "number": statement.number,
                "cents": statement.outstanding,  # type: ignore[attr-defined]
                "due_on": statement.due_on,
                "by_card": statement.buyer.get("collection_method") == CollectionMethod.CARD,
            },
        )
        told += notice is not None
    return told
