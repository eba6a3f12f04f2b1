"""Rows to frozen values: how a statement stands, what an Account owes. Set-based; a list costs one query."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from pos_billing.collection.models import Allocation, Card, CreditNote, Dispute, Payment, Refund, RefundStatus, WriteOff
from pos_billing.collection.money.state import Standing, State, state_of
from pos_billing.plans.models import Account
from pos_billing.statements.models import Statement
from pos_billing.statements.owed import Owed, balance_of


def _sum(rows: QuerySet[Any], key: str, cents: str = "cents") -> Coalesce:
    """The sum of ``cents`` of the rows whose ``key`` is the outer statement, as a subquery; 0 for none."""
    summed = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(total=Sum(cents)).values("total")
    return Coalesce(Subquery(summed, output_field=BigIntegerField()), 0, output_field=BigIntegerField())


def with_standing(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """Annotate what ``standing_of`` reads, and ``outstanding`` (what it asks for, cents) to filter and order by."""
    disputed = Dispute.objects.filter(closed_on=None, payment__allocations__reversal=None)
    return statements.annotate(
        paid=_sum(Allocation.objects.all(), "statement"),
        credited=_sum(CreditNote.objects.all(), "statement", "applied_cents"),
        refunded=_sum(Refund.objects.exclude(status=RefundStatus.FAILED), "credit_note__statement"),
        written_off=_sum(WriteOff.objects.all(), "statement"),
        disputed=_sum(disputed, "payment__allocations__statement"),
    ).annotate(outstanding=Owed())


def with_state(statements: QuerySet[Statement], as_of: date) -> QuerySet[Statement]:
    """Annotate ``payment_state`` on what ``with_standing`` annotated: the rules of ``state_of``, to filter by."""
    rules = [
        (Q(disputed__gt=0), State.DISPUTED),
        (Q(outstanding__gt=0, due_on__lt=as_of), State.PAST_DUE),
        (Q(outstanding__gt=0), State.DUE),
        (Q(amount_due_cents=0), State.NOTHING_DUE),
        (Q(written_off__gt=0), State.UNCOLLECTIBLE),
        (Q(refunded__gt=0, refunded__gte=F("paid")), State.REFUNDED),
        (Q(paid__lte=0), State.CREDITED),
    ]
    whens = [When(rule, then=Value(state.value)) for rule, state in rules]
    return statements.annotate(
        payment_state=Case(*whens, default=Value(State.PAID.value), output_field=CharField(max_length=20))
    )


def standing_of(statement: Statement) -> Standing:
    """How a statement that ``with_standing`` annotated stands."""
    row: Any = statement
    standing = Standing(
        amount_due=statement.amount_due_cents,
        due_on=statement.due_on,
        paid=row.paid,
        credited=row.credited,
        refunded=row.refunded,
        written_off=row.written_off,
        disputed=row.disputed,
    )
    return standing._replace(by_credit=standing.open - row.outstanding)


def standings(statement_ids: Iterable[int]) -> dict[int, Standing]:
    """How statements stand, by id. One query."""
    rows = with_standing(Statement.objects.filter(pk__in=list(statement_ids)))
    return {row.pk: standing_of(row) for row in rows}


def statement_states(statement_ids: Iterable[int], as_of: date) -> dict[int, State]:
    """The states of statements on a day, by id. One query."""
    return {pk: state_of(standing, as_of) for pk, standing in standings(statement_ids).items()}


def outstanding_of(statement_id: int) -> int:
    """What a statement asks for now, in cents."""
    return standings([statement_id])[statement_id].outstanding


def open_statements(account: Account | None = None) -> QuerySet[Statement]:
    """Statements that ask for money, the oldest first: together, all that the Account owes and can be asked for."""
    may_ask = Q(amount_due_cents__gt=F("paid") + F("credited") + F("written_off")) | Q(brought_forward_cents__lt=0)
    rows = Statement.objects.all()
    if account is not None:
        rows = rows.filter(account=account)
    # The plugin does not follow annotations through `with_standing`.
    return with_standing(rows).filter(may_ask, outstanding__gt=0).order_by("sequence")  # type: ignore[misc]


def credit_of(account: Account) -> int:
    """What waits in an Account's favour for its next statement, in cents; negative: a rest that waits."""
    return -balance_of(account.pk).brought_forward


def default_card(account: Account, stripe_account: str) -> Card | None:
    """The card an Account's statements are collected from."""
    return Card.objects.filter(account=account, stripe_account=stripe_account, is_default=True).first()


class Part(NamedTuple):
    """What a payment paid, in cents: of a statement, or (``None``) as credit."""

    statement_id: int | None
    number: str
    cents: int


def parts_of(payment: Payment) -> list[Part]:
    """What a payment pays now, less what was taken back of it."""
    sums: dict[int | None, Part] = {}
    for one in payment.allocations.all():
        before = sums.get(one.statement_id)
        number = one.statement.number if one.statement else ""
        sums[one.statement_id] = Part(one.statement_id, number, one.cents + (before.cents if before else 0))
    return [part for part in sums.values() if part.cents]
