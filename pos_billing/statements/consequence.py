"""What a change of facts would do to the next statements, said before it is made.

The change is carried out, the statements are previewed by the code that bills, and everything is rolled back. So the
answer is what will happen, not an estimate of it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q

from pos_billing.instances.models import Placement
from pos_billing.plans.models import SellerSettings
from pos_billing.rating.facts import DEDICATED, Subject
from pos_billing.sellers.schemas import current_schema, in_seller
from pos_billing.statements.drafts import DraftLine
from pos_billing.statements.run import preview_of
from pos_billing.statements.scope import newest_run_day


class Moved(NamedTuple):
    """What the next statement bills for one subject, fee and month before and after the change, in cents.

    ``line`` is the draft of its line after the change (before it, when none is left): the source of its sentences.
    """

    account: int
    subject: Subject
    month: date
    before: int
    after: int
    line: DraftLine

    @property
    def cents(self) -> int:
        """What the next statement gains (or loses, below zero)."""
        return self.after - self.before


class Consequence(NamedTuple):
    """What a change would do to the next statements of one Seller."""

    schema: str
    as_of: date
    moved: tuple[Moved, ...]

    @property
    def cents(self) -> int:
        """What the next statements gain in all (or lose, below zero)."""
        return sum(one.cents for one in self.moved)

    @property
    def by_month(self) -> dict[date, int]:
        """The same by month, oldest first."""
        months: dict[date, int] = defaultdict(int)
        for one in self.moved:
            months[one.month] += one.cents
        return dict(sorted(months.items()))


def consequence_of(
    change: Callable[[], Any],
    subjects: Sequence[Subject] | Mapping[str, Sequence[Subject] | None] | None,
    as_of: date,
    schemas: Sequence[str] = (),
) -> dict[str, Consequence]:
    """What ``change`` (a command, ready to be called) would do, for each Seller by schema. Nothing is changed.

    ``subjects`` are those whose amounts are compared (``None``: all): of each of ``schemas`` (or of the current one),
    or, as a mapping, by schema; together with what their amounts decide (Instances on a dedicated environment, and the
    environment), as it is before and after the change. ``as_of`` is the day of the next statement; a Seller whose run
    would be refused on it, before the change or after it, is compared on the first day on which it would not be.
    Raises what ``change`` raises.
    """
    asked = dict(_by_schema(subjects, schemas))
    on = {schema: _first_day(schema, as_of) for schema in asked}
    with transaction.atomic():
        asked = {schema: _with_placed(chosen) for schema, chosen in asked.items()}
        savepoint = transaction.savepoint()
        try:
            change()
            asked = {schema: _with_placed(chosen) for schema, chosen in asked.items()}
            on = {schema: max(on[schema], _first_day(schema, as_of)) for schema in asked}
            after = {schema: _lines(schema, chosen, on[schema]) for schema, chosen in asked.items()}
        finally:
            transaction.savepoint_rollback(savepoint)
        before = {schema: _lines(schema, chosen, on[schema]) for schema, chosen in asked.items()}
    return {schema: Consequence(schema, on[schema], _moved(before[schema], after[schema])) for schema in asked}


def _first_day(schema: str, as_of: date) -> date:
    """``as_of``, or the first day after it on which the Seller may bill."""
    with in_seller(schema):
        return max(as_of, SellerSettings.objects.get().launch_on or as_of, newest_run_day() or as_of)


def _with_placed(subjects: Sequence[Subject] | None) -> tuple[Subject, ...] | None:
    """The subjects, the Instances that were ever placed on one of them, and the environments they were placed on.

    Whether an environment is billed decides which days its Instances bear themselves (rule 3), and what is placed on
    it is what it uses. ``None`` are all of them already.
    """
    if subjects is None:
        return None
    chosen: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        chosen[subject.kind].append(subject.id)
    placed = Placement.objects.filter(
        Q(instance__in=chosen["instance"]) | Q(dedicated_environment__in=chosen[DEDICATED])
    ).values_list("instance_id", "dedicated_environment_id")
    on_them = set(chosen[DEDICATED])
    related = [Subject(DEDICATED, environment) for _, environment in placed]
    related += [Subject("instance", instance) for instance, environment in placed if environment in on_them]
    return tuple(dict.fromkeys([*subjects, *related]))


_Lines = dict[tuple[int, Subject, int, date], DraftLine]


def _by_schema(
    subjects: Sequence[Subject] | Mapping[str, Sequence[Subject] | None] | None, schemas: Sequence[str]
) -> Mapping[str, Sequence[Subject] | None]:
    if isinstance(subjects, Mapping):
        return subjects
    return dict.fromkeys(schemas or (current_schema(),), subjects)


def _lines(schema: str, chosen: Sequence[Subject] | None, as_of: date) -> _Lines:
    outcome = preview_of(schema, as_of=as_of, chosen=chosen, full=True)
    return {(line.account, line.subject, line.what.fee_id, line.month): line for line in outcome.drafts()}


def _moved(before: _Lines, after: _Lines) -> tuple[Moved, ...]:
    moved = []
    for key in sorted(before.keys() | after.keys()):
        was, becomes = before.get(key), after.get(key)
        line = becomes or was
        cents = (was.amount_cents if was else 0, becomes.amount_cents if becomes else 0)
        if line is not None and cents[0] != cents[1]:
            moved.append(Moved(line.account, line.subject, line.month, *cents, line))
    return tuple(moved)
