"""What a sync can find, and what became of it. The words stand in the log, in reports and in proposals."""

from enum import StrEnum


class Kind(StrEnum):
    """What differs between the Portal and the register. The order is the order in which changes are made."""

    DOMAIN_REMOVED = "domain_removed"
    INSTANCE_APPEARED = "instance_appeared"
    INSTANCE_RENAMED = "instance_renamed"
    DATA_CENTER_CHANGED = "data_center_changed"
    ENVIRONMENT_CHANGED = "environment_changed"
    INSTANCE_TRANSFERRED = "instance_transferred"
    DOMAIN_ADDED = "domain_added"
    # To be confirmed by staff:
    INSTANCE_VANISHED = "instance_vanished"
    INSTANCE_RETURNED = "instance_returned"
    DOMAIN_DAY_DIFFERS = "domain_day_differs"
    DOMAIN_WITHOUT_DAY = "domain_without_day"
    # To be looked at: no command can decide it.
    DOMAIN_ELSEWHERE = "domain_elsewhere"
    NOT_CREATED = "not_created"
    PLAN_TYPE_DIFFERS = "plan_type_differs"
    NOT_READ = "not_read"

    @property
    def label(self) -> str:
        """As people read it."""
        return LABELS[self]


LABELS = {
    Kind.DOMAIN_REMOVED: "Domain removed",
    Kind.INSTANCE_APPEARED: "New Instance",
    Kind.INSTANCE_RENAMED: "Instance renamed",
    Kind.DATA_CENTER_CHANGED: "Data center changed",
    Kind.ENVIRONMENT_CHANGED: "Environment changed",
    Kind.INSTANCE_TRANSFERRED: "Instance moved to another Partner",
    Kind.DOMAIN_ADDED: "Domain added",
    Kind.INSTANCE_VANISHED: "Instance vanished",
    Kind.INSTANCE_RETURNED: "Deleted Instance is back",
    Kind.DOMAIN_DAY_DIFFERS: "Domain added on another day",
    Kind.DOMAIN_WITHOUT_DAY: "Domain without a day",
    Kind.DOMAIN_ELSEWHERE: "Domain on two Instances",
    Kind.NOT_CREATED: "Instance not taken over",
    Kind.PLAN_TYPE_DIFFERS: "Plan type differs",
    Kind.NOT_READ: "Not read",
}

PROPOSED = frozenset({Kind.INSTANCE_VANISHED, Kind.INSTANCE_RETURNED, Kind.DOMAIN_DAY_DIFFERS, Kind.DOMAIN_WITHOUT_DAY})
"""Never done by a sync: staff confirms or rejects them."""


class FindingOutcome(StrEnum):
    """What a sync did about a finding."""

    APPLIED = "applied"
    PROPOSED = "proposed"
    OPEN = "open"
    DECIDED = "decided"
    REFUSED = "refused"
    ATTENTION = "attention"

    @property
    def label(self) -> str:
        """As people read it."""
        return {
            FindingOutcome.APPLIED: "Told to the register",
            FindingOutcome.PROPOSED: "Waits for staff to confirm",
            FindingOutcome.OPEN: "Still waits for staff to confirm",
            FindingOutcome.DECIDED: "Left, as staff decided",
            FindingOutcome.REFUSED: "Refused by the register",
            FindingOutcome.ATTENTION: "To be looked at",
        }[self]
