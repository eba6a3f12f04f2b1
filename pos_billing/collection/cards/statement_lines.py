"""What a Stripe invoice says about a statement: its lines, what was brought forward, what has been paid since."""

from pos_billing.collection.cards.invoice_lines import Billed, InvoiceLine
from pos_billing.statements.models import LineKind, Statement, StatementLine


def billed_of(statement: Statement) -> list[Billed]:
    """The statement's lines as Stripe hears of them. One query."""
    rows = StatementLine.objects.filter(statement=statement).exclude(amount_cents=0).order_by("pk")
    columns = ("pk", "subject_name", "plan_id", "plan_name", "fee_name", "month", "amount_cents", "kind")
    found = rows.values_list(*columns).iterator(2000)
    return [Billed._make((*row[:7], row[7] == LineKind.ADJUSTMENT)) for row in found]


def further_of(statement: Statement, outstanding: int) -> list[InvoiceLine]:
    """Lines that bring the invoice from the statement's total to what it still asks for, in cents."""
    settled = outstanding - statement.total_cents - statement.brought_forward_cents
    return [
        InvoiceLine("Brought forward from earlier statements", statement.brought_forward_cents),
        InvoiceLine("Already paid or credited", settled),
    ]
