"""Verbs: taking back a statement in part or whole, with a number of its own."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from pos_billing.collection.locking import lock_credit_note_counter, lock_money
from pos_billing.collection.models import CreditNote, CreditNoteKind, CreditNoteLine
from pos_billing.collection.money.credit_lines import spread
from pos_billing.collection.money.queries import standings
from pos_billing.collection.signals import money_moved
from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.numbering import Numbers, credit_note_number_in
from pos_billing.sellers.schemas import current_schema
from pos_billing.statements.locks import no_run_meanwhile
from pos_billing.statements.models import AccountCredit, Statement


def creditable_lines(statement: Statement) -> dict[int, int]:
    """What can still be credited of each line, in cents: line id to a positive amount.

    Never more than the line billed, nor than is still billed of its fee and month: what a correction or an earlier
    credit note gave is not given again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.id, least(line.amount_cents - (SELECT coalesce(sum(part.cents), 0) "
            "FROM pos_billing_creditnoteline AS part WHERE part.statement_line_id = line.id), key.left_cents)::bigint "
            "FROM pos_billing_statementline AS line "
            "JOIN pos_billing_statement AS own ON own.id = line.statement_id "
            "CROSS JOIN LATERAL (SELECT sum(alike.amount_cents - (SELECT coalesce(sum(part.cents), 0) "
            "FROM pos_billing_creditnoteline AS part WHERE part.statement_line_id = alike.id)) AS left_cents "
            "FROM pos_billing_statementline AS alike "
            "JOIN pos_billing_statement AS other ON other.id = alike.statement_id "
            "WHERE other.account_id = own.account_id AND alike.month = line.month AND alike.fee_id = line.fee_id "
            "AND (alike.instance_id = line.instance_id "
            "OR alike.dedicated_environment_id = line.dedicated_environment_id)) AS key "
            "WHERE line.statement_id = %s AND line.amount_cents > 0 ORDER BY line.id",
            [statement.pk],
        )
        return {line: cents for line, cents in cursor.fetchall() if cents > 0}


def creditable_cents(statement: Statement) -> int:
    """How much of a statement can still be credited: what its lines allow."""
    return sum(creditable_lines(statement).values())


def credit_note_issue(
    statement: Statement,
    *,
    issued_on: date,
    cents: int | None = None,
    lines: Mapping[int, int] | None = None,
    kind: str = CreditNoteKind.AHEAD,
    for_refund: bool = False,
    by: str,
    why: str,
) -> CreditNote:
    """Take back ``lines`` (line id to cents) of a statement, or ``cents`` spread over its lines, or all of it.

    ``kind`` says whether it is given ahead of a correction, which is lowered by it when it comes, or is goodwill, which
    stays (``CreditNoteKind``). What the statement still asks for is lowered first; the rest is credit of the Account.
    ``for_refund``: nothing is applied to the statement, all of it becomes credit that the refund takes away in the same
    transaction. Raises ``Refused`` for more than can be credited, in whole or of a line, and while a billing run is
    under way. ``why`` is printed on the credit note.
    """
    if kind not in CreditNoteKind.values:
        raise Refused("kind", f"Choose one of: {', '.join(CreditNoteKind.labels)}.", code="credit_note_kind_unknown")
    with recorded("credit_note_issue", by=by, why=why):
        no_run_meanwhile(current_schema())
        lock_money(statement.account_id, statements=[statement.pk])
        chosen = _chosen(statement, cents, lines)
        total = sum(chosen.values())
        applied = 0 if for_refund else min(total, standings([statement.pk])[statement.pk].open)
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
            kind=kind,
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
