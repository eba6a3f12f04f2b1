"""Changing facts in two steps: first what it would change on the next statements, then the change itself."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core import signing
from django.db import connection
from django.db.models import Q, QuerySet
from django_tenants.utils import get_public_schema_name, get_tenant_model

from pos_billing.facts.errors import Refused
from pos_billing.instances.models import DedicatedEnvironment, Ownership
from pos_billing.plans.models import Account
from pos_billing.plans.partner_accounts import account_of, current_partner
from pos_billing.rating.facts import Subject
from pos_billing.sellers.schemas import in_seller
from pos_billing.statements.consequence import Moved, consequence_of
from pos_billing.web.shared.forms import ChangeForm

SALT = "pos_billing.change"
LINES_SHOWN = 50


class Side(NamedTuple):
    """What the next statements of one side gain or lose, in cents; ``lines`` are the first of them."""

    title: str
    cents: int
    months: tuple[tuple[date, int], ...]
    lines: tuple[tuple[str, str, date, int], ...]
    more: int


class Foreseen(NamedTuple):
    """What a change would do: to the clients' statements, and to what the platform bills this Partner."""

    as_of: date
    sides: tuple[Side, ...]

    @property
    def nothing(self) -> bool:
        """Whether no statement would change."""
        return all(not side.months for side in self.sides)


def foresee(change: Callable[[], Any], subjects: Sequence[Subject], as_of: date) -> Foreseen:
    """Carry ``change`` out, compare the next statements of both sides, roll everything back.

    Only what concerns this Partner is told: lines of the platform to other Partners are left out. Raises what
    ``change`` raises.
    """
    partner = current_partner()
    if partner is None:
        return _foresee_on_all_sides(change, subjects, as_of)
    public, own = get_public_schema_name(), connection.schema_name
    found = consequence_of(change, subjects, as_of, schemas=[own, public])
    payer = account_of(partner).pk
    clients = dict(Account.objects.filter(pk__in={m.account for m in found[own].moved}).values_list("pk", "name"))
    costs = [moved for moved in found[public].moved if moved.account == payer]
    return Foreseen(
        as_of,
        (
            _side("Your clients' next statements", found[own].moved, lambda moved: clients[moved.account]),
            _side("What the platform bills you", costs, lambda moved: ""),
        ),
    )


def _foresee_on_all_sides(change: Callable[[], Any], subjects: Sequence[Subject], as_of: date) -> Foreseen:
    """What the platform's staff is told: its own statements, and those of every Partner that ever had a subject."""
    public = get_public_schema_name()
    partners = dict(_partners_of(subjects))
    found = consequence_of(change, subjects, as_of, schemas=[public, *partners])
    sides = []
    for schema, title in {public: "What the platform bills", **partners}.items():
        with in_seller(schema):
            paying = {moved.account for moved in found[schema].moved}
            names = dict(Account.objects.filter(pk__in=paying).values_list("pk", "name"))
        sides.append(_side(title, found[schema].moved, lambda moved, names=names: names[moved.account]))
    return Foreseen(as_of, tuple(sides))


def _partners_of(subjects: Sequence[Subject]) -> QuerySet[Any]:
    """Schema and name of the Partners that have or had one of these subjects."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    owners = Ownership.objects.filter(instance_id__in=by_kind["instance"]).values("partner_id")
    having = DedicatedEnvironment.objects.filter(pk__in=by_kind["dedicated"]).values("partner_id")
    partners = get_tenant_model().objects.filter(Q(pk__in=owners) | Q(pk__in=having))
    return partners.order_by("name", "pk").values_list("schema_name", "name")


def _side(title: str, moved: Sequence[Moved], payer: Callable[[Moved], str]) -> Side:
    months: dict[date, int] = defaultdict(int)
    for one in moved:
        months[one.month] += one.cents
    lines = [(payer(one), one.line.subject_name, one.month, one.cents) for one in moved[:LINES_SHOWN]]
    return Side(
        title, sum(one.cents for one in moved), tuple(sorted(months.items())), tuple(lines), len(moved) - len(lines)
    )


def seen_token(form: ChangeForm) -> str:
    """A signature of what a form asks for: what was foreseen is what is saved."""
    asked = {name: str(value) for name, value in form.cleaned_data.items() if name != "why"}
    return signing.dumps(asked, salt=SALT)


def was_seen(form: ChangeForm, token: str) -> bool:
    """Whether ``token`` was given out for exactly what the form asks for."""
    try:
        seen: Mapping[str, str] = signing.loads(token, salt=SALT, max_age=3600)
    except signing.BadSignature:
        return False
    return seen == {name: str(value) for name, value in form.cleaned_data.items() if name != "why"}


class Step(NamedTuple):
    """Where a two-step change stands. ``done`` is what the command returned, once it was carried out."""

    foreseen: Foreseen | None = None
    token: str = ""
    done: Any = None
    saved: bool = False


def step(
    form: ChangeForm, data: Mapping[str, Any], command: Callable[[], Any], subjects: Sequence[Subject], as_of: date
) -> Step:
    """Take a valid form one step on: foresee the change, or, when exactly that was foreseen, carry it out.

    A refusal is said in the form, which then has errors.
    """
    try:
        if "save" in data and was_seen(form, data.get("seen", "")):
            return Step(done=command(), saved=True)
        return Step(foresee(command, subjects, as_of), seen_token(form))
    except Refused as refused:
        form.refuse(refused)
        return Step()
