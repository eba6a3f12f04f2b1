"""What is billed: Instances and dedicated environments, and where tables that hold both keep which."""

from pos_billing.rating.facts import DEDICATED, SubjectKind

KINDS: dict[SubjectKind, str] = {"instance": "instance_id", DEDICATED: "dedicated_environment_id"}
"""The kinds of subjects, each with the column that names one of it: in assignments, lines and notes alike."""
