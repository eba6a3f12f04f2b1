"""Whether a plan may serve subjects on days: their environments, and the days they exist."""

from collections.abc import Sequence
from datetime import date

from pos_billing.facts.days import as_days
from pos_billing.facts.errors import Refused
from pos_billing.instances.models import DedicatedEnvironment, EnvironmentPeriod, Instance
from pos_billing.plans.models import Plan
from pos_billing.rating.facts import DEDICATED


def refuse_unless_served(
    subjects: Sequence[Instance | DedicatedEnvironment], plan: Plan, day: date, until: date | None
) -> None:
    """Raise ``Refused`` unless each subject exists on ``day`` and the plan serves it on all days up to ``until``."""
    dedicated = [subject for subject in subjects if isinstance(subject, DedicatedEnvironment)]
    instances = [subject for subject in subjects if isinstance(subject, Instance)]
    if dedicated and instances:
        raise Refused("subjects", "Assign Instances and dedicated environments apart.")
    for subject in subjects:
        ends_on = subject.deleted_on if isinstance(subject, Instance) else subject.removed_on
        if day < subject.created_on:
            raise Refused("day", f"{subject} exists from {subject.created_on} on: choose that day or a later one.")
        if ends_on is not None and day >= ends_on:
            raise Refused("day", f"{subject} ended on {ends_on}: choose an earlier day.")
    if plan.placeholder:
        return
    if dedicated and DEDICATED not in plan.environments:
        raise Refused("plan", f"{plan} is not a plan for dedicated environments.")
    wrong = (
        EnvironmentPeriod.objects.filter(instance__in=instances, days__overlap=as_days(day, until))
        .exclude(environment__in=plan.environments)
        .select_related("instance")
        .order_by("instance", "days")
        .first()
    )
    if wrong is not None:
        since = max(day, wrong.span.start)
        raise Refused(
            "plan", f"{plan} does not serve {wrong.get_environment_display()}, which {wrong.instance} is on {since}."
        )
