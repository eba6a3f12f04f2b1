"""Verbs: taking back a statement in part or whole, with a number of its own."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum

from pos_billing.collection.locking import lock_credit_note_counter, lock_money
from pos_billing.collection.models import CreditNote, CreditNoteLine
from pos_billing.collection.money.credit_lines import spread
from pos_billing.collection.money.queries import standings
from pos_billing.collection.signals import money_moved
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.numbering import Numbers, credit_note_number_in
from pos_billing.statements.models import AccountCredit, Statement, StatementLine


def creditable_lines(statement: Statement) -> dict[int, int]:
    """What can still be credited of each line, in cents: line id to a positive amount."""
    credited = dict(
        CreditNoteLine.objects.filter(credit_note__statement=statement)
        .order_by()
        .values_list("statement_line")
        .annotate(Sum("cents"))
    )
    lines = StatementLine.objects.filter(statement=statement, amount_cents__gt=0).order_by("pk")
    left = {pk: cents - int(credited.get(pk, 0)) for pk, cents in lines.values_list("pk", "amount_cents")}
    return {pk: cents for pk, cents in left.items() if cents > 0}


def creditable_cents(statement: Statement) -> int:
    """How much of a statement can still be credited: never more than it asked for, nor than its lines allow."""
    before = CreditNote.objects.filter(statement=statement).aggregate(cents=Sum("cents"))["cents"] or 0
    return max(0, min(statement.amount_due_cents - int(before), sum(creditable_lines(statement).values())))


def credit_note_issue(
    statement: Statement,
    *,
    issued_on: date,
    cents: int | None = None,
    lines: Mapping[int, int] | None = None,
    for_refund: bool = False,
    by: str,
    why: str,
) -> CreditNote:
    """Take back ``lines`` (line id to cents) of a statement, or ``cents`` spread over its lines, or all of it.

    What the statement still asks for is lowered first; the rest is credit of the Account. ``for_refund``: nothing is
    applied to the statement, all of it becomes credit that the refund takes away in the same transaction.
    Raises ``Refused`` for more than can be credited, in whole or of a line. ``why`` is printed on the credit note.
    """
    with recorded("credit_note_issue", by=by, why=why):
        lock_money(statement.account_id, statements=[statement.pk])
        chosen = _chosen(statement, cents, lines)
        total = sum(chosen.values())
        outstanding = max(0, standings([statement.pk])[statement.pk].outstanding)
        applied = 0 if for_refund else min(total, outstanding)
        number, sequence = _numbered(issued_on)
        credit = None
        if total > applied:
            credit = AccountCredit.objects.create(
                account_id=statement.account_id, cents=total - applied, by=by, reason=f"Credit note {number}"
            )
        seller = SellerSettings.objects.get()
        note = CreditNote.objects.create(
            number=number,
            sequence=sequence,
            account_id=statement.account_id,
            statement=statement,
            cents=total,
            applied_cents=applied,
            credit=credit,
            currency=statement.currency,
            issued_on=issued_on,
            reason=why[:500],
            seller={**statement.seller, "name": seller.name, "address": seller.address, "tax_note": seller.tax_note},
            buyer=statement.buyer,
            by=by,
        )
        CreditNoteLine.objects.bulk_create(
            CreditNoteLine(credit_note=note, statement_line_id=line, cents=part) for line, part in chosen.items()
        )
        money_moved.send(sender=CreditNote, account=statement.account, statement_ids=[statement.pk], on=issued_on)
    return note


def _chosen(statement: Statement, cents: int | None, lines: Mapping[int, int] | None) -> dict[int, int]:
    """The parts of lines that are credited, checked against what may be."""
    allowed, most = creditable_lines(statement), creditable_cents(statement)
    if lines is not None:
        for line, part in lines.items():
            if not 0 < part <= allowed.get(line, 0):
                raise Refused(
                    "lines",
                    f"Of line {line} at most {allowed.get(line, 0)} cents can be credited.",
                    code="line_credit_too_high",
                )
        if sum(lines.values()) > most:
            raise Refused(
                "lines",
                f"Of statement {statement.number} {most} cents can be credited.",
                code="statement_credit_too_high",
            )
        chosen = dict(lines)
    else:
        wanted = most if cents is None else cents
        if not 0 < wanted <= most:
            raise Refused(
                "cents",
                f"Of statement {statement.number} {most} cents can be credited.",
                code="statement_credit_too_high",
            )
        chosen = spread(wanted, allowed)
    if not chosen:
        raise Refused("lines", "Choose at least one line to credit.", code="credit_lines_missing")
    return chosen


def _numbered(issued_on: date) -> tuple[str, int]:
    """The next number. The counter's row is locked to the end of the transaction: no number is left out."""
    seller = SellerSettings.objects.get()
    counter = lock_credit_note_counter()
    upcoming = Numbers(counter.next_sequence, counter.next_number, counter.year)
    taken = upcoming.on(issued_on, anew=seller.numbers_begin_anew)
    following = taken.after(1)
    counter.next_sequence, counter.next_number, counter.year = following
    counter.save(update_fields=["next_sequence", "next_number", "year"])
    return credit_note_number_in(seller.number_format, issued_on, taken.number), taken.sequence
