"""What a plan promises: fees and their prices through time."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from pos_billing.rating.spans import Span
from pos_billing.rating.tiers import Tier


class Begins(Enum):
    """How charging under a plan begins (rule 2)."""

    FIRST_CUSTOM_DOMAIN = "first_custom_domain"
    ASSIGNMENT = "assignment"


class Timing(Enum):
    """Whether a month is billed after it (arrears) or as it begins (advance) (rule 8)."""

    ARREARS = "arrears"
    ADVANCE = "advance"


class Price(NamedTuple):
    """One price of a fee and the days it holds. Flat: ``cents`` a month. Metered: ``included`` and ``tiers``."""

    id: int
    span: Span
    cents: int = 0
    included: int = 0
    tiers: tuple[Tier, ...] = ()

    @property
    def terms(self) -> tuple[int, int, tuple[Tier, ...]]:
        """What is charged, without when and without the row's identity: equal terms are one price (rule 5)."""
        return (self.cents, self.included, self.tiers)


class Fee(NamedTuple):
    """One priced component of a plan. ``metric`` is ``None`` for a flat fee. Prices are in order, days disjoint."""

    id: int
    name: str
    metric: str | None
    prices: tuple[Price, ...]


class Plan(NamedTuple):
    """What a Seller charges for a subject on the days it is assigned.

    ``placeholder`` marks Unbilled: no plan chosen yet. ``environments`` are those the plan may serve.
    """

    id: int
    name: str
    placeholder: bool
    begins: Begins
    timing: Timing
    environments: frozenset[str]
    fees: tuple[Fee, ...]

    @property
    def metered(self) -> bool:
        """Whether any of its fees counts usage."""
        return any(fee.metric is not None for fee in self.fees)


Catalogue = Mapping[int, Plan]
"""A Seller's plans by id."""
