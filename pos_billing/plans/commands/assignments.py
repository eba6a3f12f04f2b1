"""Assigning plans, to one subject or to many, also in the past."""

from collections.abc import Iterable
from datetime import date

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.instances.models import DedicatedEnvironment, Instance
from pos_billing.instances.subjects import KINDS
from pos_billing.plans import assigning
from pos_billing.plans.assigning_checks import problems
from pos_billing.plans.commands.checks import sane_day
from pos_billing.plans.models import Account, Assignment, Plan
from pos_billing.rating.facts import SubjectKind
from pos_billing.sellers.schemas import is_platform

Subject = Instance | DedicatedEnvironment
SHOWN = 5


def assignment_change(
    subject: Subject,
    *,
    plan: Plan,
    account: Account | None,
    day: date,
    until: date | None = None,
    replace_later: bool = False,
    by: str,
    why: str,
) -> Assignment:
    """Assign ``plan`` to the subject from ``day`` until ``until`` (not included), to be paid by ``account``.

    ``until`` is ``None`` until the next change that is known; before ``day`` and after ``until`` everything stays.
    ``replace_later`` takes the place of every later change that is known as well. In a Partner's schema its parent
    plan is assigned on the platform for the same days. ``account`` may be ``None`` for Unbilled, and on the platform,
    where it is the owner's. Returns the assignment of ``day``. Raises ``Refused``: see ``assigning_checks``.
    """
    assignments_change(
        [subject], plan=plan, account=account, day=day, until=until, replace_later=replace_later, by=by, why=why
    )
    rows = Assignment.objects.select_related("plan", "account")  # read here: they are rows of this schema
    return rows.get(days__contains=day, **{_column(subject): subject.pk})


def assignments_change(
    subjects: Iterable[Subject],
    *,
    plan: Plan,
    account: Account | None,
    day: date,
    until: date | None = None,
    replace_later: bool = False,
    by: str,
    why: str,
) -> int:
    """The same for many subjects at once, all or none: as many queries for one as for ten thousand.

    Returns how many rows of this schema were written; zero when everything was so already.
    """
    rows = list(subjects)
    if not rows:
        raise Refused("subjects", "Choose at least one Instance or dedicated environment.", code="subjects_missing")
    sane_day("day", day)
    if until is not None:
        sane_day("until", until)
    if until is not None and replace_later:
        raise Refused(
            "until", "Give the last day, or replace every later plan: not both.", code="until_or_replace_later"
        )
    with recorded("assignment_change", by=by, why=why):
        assigning.stage(
            assigning.Asked(
                number, _kind(subject), subject.pk, plan.pk, account.pk if account else None, day, until, replace_later
            )
            for number, subject in enumerate(rows)
        )
        found = list(problems(may_unbill=is_platform()))
        if found:
            raise Refused(found[0].field, _told(problem.message for problem in found), code=found[0].code)
        return assigning.apply(by=by.strip()).total


def _told(messages: Iterable[str]) -> str:
    """Some of the messages, each once, and how many more there are."""
    each = list(dict.fromkeys(messages))
    more = f" And {len(each) - SHOWN} more." if len(each) > SHOWN else ""
    return " ".join(each[:SHOWN]) + more


def _kind(subject: Subject) -> SubjectKind:
    return "instance" if isinstance(subject, Instance) else "dedicated"


def _column(subject: Subject) -> str:
    return KINDS[_kind(subject)]
