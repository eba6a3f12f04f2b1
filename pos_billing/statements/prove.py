"""The proof of a month: every day of every subject is billed exactly once, or there is a reason why not.

Three comparisons, none of which asks the code that made the statements: the days, recounted in SQL one by one
(``statements.verdicts``); the amounts those days come to, against the sum of the issued lines; and what the platform
billed each Partner, against that Partner's cost as its margin report reads it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from math import floor
from typing import Any, NamedTuple

from django.db import connection

from pos_billing.facts.errors import Refused
from pos_billing.instances.hosts import platform_pattern
from pos_billing.instances.subjects import KINDS
from pos_billing.plans.models import SellerSettings
from pos_billing.plans.queries import seller_suffixes
from pos_billing.plans.unassigned import Unassigned, days_without_assignment
from pos_billing.rating.facts import Subject, SubjectKind
from pos_billing.rating.months import days_in_month, month_of, next_month
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.locks import one_snapshot
from pos_billing.statements.recount import billed_statement, due_statement, not_charged_statement
from pos_billing.statements.run_days import refuse_absurd
from pos_billing.statements.scope import (
    LastRun,
    database_system,
    last_run,
    newest_run_day,
    not_comparable,
    scope_of,
    subjects,
)

ROWS_AT_ONCE = 5_000


class Differs(NamedTuple):
    """A subject, Account and fee whose lines of the month are not what is due (cents). ``days`` as counted here.

    ``pending``: a fact changed after the last run; the next run bills the difference.
    """

    subject: Subject
    name: str
    account: int
    fee: int
    due: int
    billed: int
    days: int
    pending: bool = False


@dataclass
class Proof:
    """What was compared for one Seller and month, and what came of it."""

    schema: str
    month: date
    as_of: date
    charged_days: int = 0
    not_charged: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Reason → days, subjects."""
    due: int = 0
    billed: int = 0
    compared: int = 0
    """How many amounts (subject, Account, fee) were compared."""
    differs: list[Differs] = field(default_factory=list)
    unassigned: list[Unassigned] = field(default_factory=list)
    """Days of the month on which a subject is this Seller's and no plan stands, not even Unbilled: a fault."""
    left_by_cut_off: bool = False
    """The month lies before the Seller's cut-off: it stays as it was billed, differences are for information."""

    @property
    def holds(self) -> bool:
        """Whether the month is proven."""
        return not self.unassigned and (not self.differs or self.left_by_cut_off)


def prove(schema: str, month: date) -> Proof:
    """Compare days, amounts and lines of ``month`` (its first day) in one Seller, in one snapshot.

    Raises ``Refused`` when no run has closed the month yet.
    """
    refuse_absurd("month", month)
    with in_seller(schema), one_snapshot():
        last = last_run()
        if last is None or month_of(last.as_of) <= month:
            raise Refused(
                "month",
                f"{month:%Y-%m} is not billed yet: make a run on {next_month(month)} or later.",
                code="month_not_billed",
            )
        seller = SellerSettings.objects.get()
        as_of = newest_run_day() or last.as_of  # a run for chosen Accounts knows plans that began since the last one
        proof = Proof(schema, month, as_of)
        proof.left_by_cut_off = seller.cut_off is not None and month < month_of(seller.cut_off)
        parameters = {
            "first": month,
            "last": next_month(month) - timedelta(days=1),
            "as_of": as_of,
            "floor": seller.floor or date.min,
            "platform_hosts": platform_pattern(seller_suffixes(seller)),
        }
        for kind in KINDS:
            _count_days(proof, kind, parameters)
            _compare(proof, kind, parameters, days_in_month(month))
        proof.differs = _with_pending(proof.differs, last, as_of, month)
        proof.unassigned = days_without_assignment(month, next_month(month))
    return proof


def _count_days(proof: Proof, kind: SubjectKind, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(not_charged_statement(kind), parameters)
        for reason, days, of_subjects in cursor.fetchall():
            if reason is None:
                proof.charged_days += days
            else:
                before = proof.not_charged.get(reason, (0, 0))
                proof.not_charged[reason] = (before[0] + days, before[1] + of_subjects)


def _compare(proof: Proof, kind: SubjectKind, parameters: dict[str, Any], of: int) -> None:
    """Walk what is due and what was billed side by side, both in order of subject, Account and fee."""
    dues = _dues(kind, parameters, of)
    billed = ((row[0], row[2], row[3], row) for row in _streamed(billed_statement(kind), parameters))
    due_row, billed_row = next(dues, None), next(billed, None)
    while due_row is not None or billed_row is not None:
        due_key = due_row[:3] if due_row else None
        billed_key = billed_row[:3] if billed_row else None
        key = min(found for found in (due_key, billed_key) if found is not None)
        name, amount, days, lines = "", 0, 0, 0
        if due_row is not None and due_key == key:
            name, amount, days = due_row[3:]
            due_row = next(dues, None)
        if billed_row is not None and billed_key == key:
            name, lines = name or billed_row[3][1], billed_row[3][4]
            billed_row = next(billed, None)
        proof.compared += 1
        proof.due += amount
        proof.billed += lines
        if amount != lines:
            proof.differs.append(Differs(Subject(kind, key[0]), name, key[1], key[2], amount, lines, days))


def _dues(kind: SubjectKind, parameters: dict[str, Any], of: int) -> Iterator[tuple[int, int, int, str, int, int]]:
    """Subject, Account, fee, name, cents due and days, in order of the first three."""
    rows = _streamed(due_statement(kind), parameters)
    for (subject, account, fee), alike in groupby(rows, key=lambda row: (row[0], row[2], row[3])):
        cents, days, name = 0, 0, ""
        for _, subject_name, _, _, level, price, included, tiers, share_days, quantity in alike:
            name, days = subject_name, days + share_days
            if level is None:
                cents += _half_up(Fraction(price * share_days, of))
            else:
                cents += _overage(level, quantity or 0, included, json.loads(tiers), share_days, of)
        yield subject, account, fee, name, cents, days


def _overage(level: bool, quantity: int, included: int, tiers: list[dict[str, Any]], days: int, of: int) -> int:
    """Rule 7 once more: what the month would cost if all of it went like the billed days, times their share of it."""
    share = Fraction(days, of)
    left, cents, lower = (quantity if level else quantity / share) - included, Fraction(0), 0
    for tier in tiers:
        width = left if tier["up_to"] is None else min(left, tier["up_to"] - lower)
        if width <= 0:
            break
        cents += Fraction(width * tier["cents"], tier.get("per", 1))
        left -= width
        lower = tier["up_to"] or lower
    return _half_up(cents * share)


def _half_up(cents: Fraction) -> int:
    return floor(cents + Fraction(1, 2))


def _with_pending(differs: list[Differs], last: LastRun, as_of: date, month: date) -> list[Differs]:
    """Mark what the next run will put right, because a fact changed after the last one.

    Where notes do not tell what changed, the next run rates everything again, and all of it is.
    """
    if not_comparable(last, database_system(), seller_suffixes(SellerSettings.objects.get())):
        return [one._replace(pending=True) for one in differs]
    pending: set[Subject] = set()
    for kind in KINDS:
        chosen = [one.subject for one in differs if one.subject.kind == kind]
        if chosen:
            for chunk in subjects(scope_of(as_of, last, chosen), kind, ROWS_AT_ONCE):
                pending |= {Subject(kind, found.id) for found in chunk if found.first_month <= month}
    return [one._replace(pending=one.subject in pending) for one in differs]


def _streamed(statement: str, parameters: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
