"""What a change would do, as people are told before it is made: both sides, profit, by client, month and Instance.

For a Partner: what its clients are billed, and what the platform bills it. For the platform's staff: what the platform
bills each Partner, and what these bill their clients. Nobody is told of another Partner's lines.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.warnings import Warned, collected_warnings
from pos_billing.instances.models import DedicatedEnvironment, Ownership
from pos_billing.plans.models import Account, Assignment
from pos_billing.plans.partner_accounts import account_of, current_partner
from pos_billing.rating.facts import Subject
from pos_billing.rating.margin import profit
from pos_billing.sellers.schemas import current_schema
from pos_billing.statements.consequence import Moved, consequence_of

SHOWN = 50


class Part(NamedTuple):
    """What one client, Partner, month or Instance gains or loses, in cents: billed to clients, billed by the platform.

    ``payer`` is who pays for an Instance.
    """

    name: str
    payer: str
    month: date | None
    billed: int
    cost: int

    @property
    def profit(self) -> int:
        """What the Partner's profit gains, or loses below zero."""
        return profit(self.billed, self.cost)


class Foreseen(NamedTuple):
    """What a change would do to the next statements. ``made`` is what the command returned before it was taken back.

    ``here_only`` says that the change concerns one ledger alone: the other comes out the same.
    """

    as_of: date
    on_platform: bool
    here_only: bool
    together: Part
    months: tuple[Part, ...]
    payers: tuple[Part, ...]
    subjects: tuple[Part, ...]
    more_payers: int
    more_subjects: int
    warnings: tuple[Warned, ...]
    made: Any = None

    @property
    def nothing(self) -> bool:
        """Whether no statement would change."""
        return not self.months


class _Line(NamedTuple):
    """One moved line with the names it is added up by."""

    subject: Subject
    name: str
    payer: str
    month: date
    billed: int
    cost: int


def foresee(
    change: Callable[[], Any], subjects: Sequence[Subject] | None, as_of: date, *, here_only: bool = False
) -> Foreseen:
    """Carry ``change`` out, compare the next statements of both sides, roll everything back.

    ``subjects`` are those that it concerns, ``None`` for all of this Seller. ``here_only``: it is of this Seller's
    prices or settings, which the other side's ledger does not read. Raises what ``change`` raises.
    """
    kept: list[Any] = []
    partner = current_partner()
    public, own = get_public_schema_name(), current_schema()
    schemas = [own] if here_only else [own, public] if partner is not None else [public, *_partners_of(subjects or ())]
    with collected_warnings() as warnings:
        found = consequence_of(lambda: kept.append(change()), subjects, as_of, schemas=list(dict.fromkeys(schemas)))
    moved = {schema: consequence.moved for schema, consequence in found.items()}
    lines = _of_platform(moved) if partner is None else _of_partner(moved, own, account_of(partner).pk)
    by_size = _sizes(lines, lambda line: (line.payer,))
    things = _sizes(lines, lambda line: (line.subject, line.payer))
    return Foreseen(
        found[own].as_of, partner is None, here_only,
        Part("", "", None, sum(line.billed for line in lines), sum(line.cost for line in lines)),
        tuple(sorted((part for part in _parts(lines, lambda line: (line.month,), months=True)), key=_month)),
        tuple(by_size[:SHOWN]), tuple(things[:SHOWN]), max(0, len(by_size) - SHOWN), max(0, len(things) - SHOWN),
        tuple(dict.fromkeys(warnings)), kept[0] if kept else None,
    )  # fmt: skip


def _of_partner(moved: Mapping[str, Sequence[Moved]], own: str, payer: int) -> list[_Line]:
    """The lines that concern a Partner: its clients', and the platform's to it, each with the client it is for."""
    costs = [one for one in moved.get(get_public_schema_name(), ()) if one.account == payer]
    of_month: dict[tuple[Subject, date], tuple[int, int]] = {}
    of_subject: dict[Subject, int] = {}
    for one in moved[own]:
        known = of_month.get((one.subject, one.month))
        if known is None or abs(one.after) >= known[0]:
            of_month[one.subject, one.month] = (abs(one.after), one.account)
        of_subject[one.subject] = one.account
    of_subject = _clients({one.subject for one in costs} - of_subject.keys()) | of_subject
    accounts = {one.account for one in moved[own]} | set(of_subject.values())
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "name"))
    lines = [
        _Line(one.subject, one.line.subject_name, names[one.account], one.month, one.cents, 0) for one in moved[own]
    ]
    for one in costs:
        client = of_month.get((one.subject, one.month), (0, of_subject.get(one.subject, 0)))[1]
        lines.append(
            _Line(one.subject, one.line.subject_name, names.get(client, "No client yet"), one.month, 0, one.cents)
        )
    return lines


def _clients(subjects: Iterable[Subject]) -> dict[Subject, int]:
    """The client who pays, or paid last, for each of these subjects in the current schema: one query."""
    by_kind = _ids(subjects)
    rows = Assignment.objects.filter(
        Q(instance_id__in=by_kind["instance"]) | Q(dedicated_environment_id__in=by_kind["dedicated"]),
        account__isnull=False,
    ).order_by("days")
    return {
        Subject("instance", instance) if instance is not None else Subject("dedicated", dedicated): account
        for instance, dedicated, account in rows.values_list("instance_id", "dedicated_environment_id", "account_id")
    }


def _of_platform(moved: Mapping[str, Sequence[Moved]]) -> list[_Line]:
    """The lines of the platform, and of the Partners whose clients they end up with, by Partner."""
    public = get_public_schema_name()
    paying = {one.account for one in moved[public]}
    accounts = Account.objects.filter(pk__in=paying).values_list("pk", "partner__name", "name")
    names = {key: partner or name for key, partner, name in accounts}
    partners = dict(get_tenant_model().objects.filter(schema_name__in=moved).values_list("schema_name", "name"))
    lines = [
        _Line(one.subject, one.line.subject_name, names[one.account], one.month, 0, one.cents) for one in moved[public]
    ]
    for schema, of_partner in moved.items():
        if schema != public:
            lines += [
                _Line(one.subject, one.line.subject_name, partners[schema], one.month, one.cents, 0)
                for one in of_partner
            ]
    return lines


def _partners_of(subjects: Sequence[Subject]) -> list[str]:
    """The schemas of the Partners that have or had one of these subjects."""
    by_kind = _ids(subjects)
    owners = Ownership.objects.filter(instance_id__in=by_kind["instance"]).values("partner_id")
    having = DedicatedEnvironment.objects.filter(pk__in=by_kind["dedicated"]).values("partner_id")
    partners: QuerySet[Any] = get_tenant_model().objects.filter(Q(pk__in=owners) | Q(pk__in=having))
    return list(partners.order_by("name", "pk").values_list("schema_name", flat=True))


def _ids(subjects: Iterable[Subject]) -> dict[str, list[int]]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    return by_kind


def _parts(lines: Sequence[_Line], key: Callable[[_Line], Hashable], *, months: bool = False) -> list[Part]:
    groups: dict[Hashable, list[_Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return [
        Part(of[0].name, of[0].payer, of[0].month if months else None, sum(one.billed for one in of),
             sum(one.cost for one in of))
        for of in groups.values()
    ]  # fmt: skip


def _sizes(lines: Sequence[_Line], key: Callable[[_Line], Hashable]) -> list[Part]:
    """The parts, those that change most first."""
    return sorted(_parts(lines, key), key=lambda part: (-max(abs(part.billed), abs(part.cost)), part.payer, part.name))


def _month(part: Part) -> date:
    return part.month or date.min
