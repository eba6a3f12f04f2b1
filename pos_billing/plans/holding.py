"""Until when an assigned plan holds, what follows it, and what holds today: said of each subject by its rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from pos_billing.plans.assigning import subject_names
from pos_billing.plans.models import Assignment
from pos_billing.rating.facts import Subject
from pos_billing.wording import count
from pos_billing.wording import day as day_text

NAMED = 20


class Held(NamedTuple):
    """A subject whose plan of a day ends: on ``until`` (not included), then ``follows`` holds, if anything does.

    ``again`` says that what follows held the day before as well. ``today`` is the plan of today, if another one.
    """

    subject: Subject
    name: str
    plan: str
    until: date
    follows: str
    again: bool
    today: str

    @property
    def sentence(self) -> str:
        """For people: ``bakery: until 7 Feb 2019, then Glide again, assigned 7 Feb 2019.``"""
        then = f"then {self.follows}{' again' if self.again else ''}, assigned {day_text(self.until)}"
        today = f" Today it is on {self.today}." if self.today else ""
        return f"{self.name}: until {day_text(self.until)}, {then if self.follows else 'then no plan'}.{today}"


def held_from(subjects: Sequence[Subject], day: date, now: date) -> list[Held]:
    """Of these subjects those whose plan of ``day`` ends in the current schema, by name; three queries.

    ``now`` is the day it is for the Seller.
    """
    by_subject: dict[Subject, list[Assignment]] = defaultdict(list)
    rows = (
        Assignment.objects.filter(
            Q(instance_id__in=[s.id for s in subjects if s.kind == "instance"])
            | Q(dedicated_environment_id__in=[s.id for s in subjects if s.kind == "dedicated"])
        )
        .select_related("plan", "account")
        .order_by("days")
    )
    for row in rows:
        if row.instance_id is not None:
            by_subject[Subject("instance", row.instance_id)].append(row)
        elif row.dedicated_environment_id is not None:
            by_subject[Subject("dedicated", row.dedicated_environment_id)].append(row)
    ending = {subject: held for subject, of in by_subject.items() if (held := _ending(subject, of, day, now))}
    names = subject_names((subject.kind, subject.id) for subject in ending)
    named = [held._replace(name=names[subject.kind, subject.id]) for subject, held in ending.items()]
    return sorted(named, key=lambda held: (held.name, held.subject))


def sentences(found: Sequence[Held]) -> list[str]:
    """The first of them in words, and how many more there are."""
    more = len(found) - NAMED
    return [held.sentence for held in found[:NAMED]] + (
        [f"And {count(more, 'more', 'more')} whose plan ends."] if more > 0 else []
    )


def _ending(subject: Subject, rows: Sequence[Assignment], day: date, now: date) -> Held | None:
    """What is to be said of one subject; ``rows`` are all of it, by day."""
    asked = next((row for row in rows if day in row.span), None)
    if asked is None or asked.days.upper is None:
        return None
    until = asked.days.upper
    after = next((row for row in rows if row.days.lower == until), None)
    before = next((row for row in rows if row.days.upper == asked.days.lower), None)
    holding = next((row for row in rows if now in row.span), None)
    again = after is not None and before is not None and (after.plan_id, after.account_id) == (
        before.plan_id, before.account_id,
    )  # fmt: skip
    today = holding.plan.name if holding is not None and holding.pk != asked.pk else ""
    return Held(subject, "", asked.plan.name, until, after.plan.name if after else "", again, today)
