"""The facts of one subject, as one Seller sees them. Frozen values; the timeline is computed from them alone."""

from datetime import date
from typing import Final, Literal, NamedTuple

from pos_billing.rating.spans import Span

SubjectKind = Literal["instance", "dedicated"]
PRODUCTION = "production"
ENVIRONMENTS = ("production", "staging", "dev", "qa")
DEDICATED: Final = "dedicated"
"""What a plan serves when it is the plan of a dedicated environment."""


class Subject(NamedTuple):
    """What is billed: an Instance or a dedicated environment, by its id in the register."""

    kind: SubjectKind
    id: int


class Assigned(NamedTuple):
    """A plan and the Account that pays it, on the days of ``span``.

    ``account`` is ``None`` only for the Unbilled placeholder, while the client is not known yet.
    ``entered_on`` and ``by`` are for the explanation alone.
    """

    span: Span
    plan: int
    account: int | None
    id: int = 0
    entered_on: date | None = None
    by: str = ""


class InEnvironment(NamedTuple):
    """The environment of an Instance on the days of ``span``."""

    span: Span
    environment: str


class Placed(NamedTuple):
    """The dedicated environment an Instance stands on during ``span``, and its plan at this Seller on those days.

    Days on which the Seller has no plan for the environment are in no ``Placed``: there the placement changes nothing.
    """

    span: Span
    dedicated_environment: int
    plan: int


class FirstCustomDomain(NamedTuple):
    """The custom Domain an Instance had first, and the day it was added."""

    added_on: date
    host: str


class Facts(NamedTuple):
    """All that decides what one subject costs. Every tuple is in order of days, its spans disjoint.

    ``exists`` runs from the day of creation to the day of deletion (not billed any more).
    """

    subject: Subject
    exists: Span
    assignments: tuple[Assigned, ...] = ()
    environments: tuple[InEnvironment, ...] = ()
    first_custom_domain: FirstCustomDomain | None = None
    placements: tuple[Placed, ...] = ()
