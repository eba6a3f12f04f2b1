"""Whom a page is for. Pages ask their ``Audience`` what to call things and what is shown; they do not ask for the host.

Who may open which page is said in the tables that ``web.pages`` brings together; what a need means is said here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from django.http import HttpRequest

from pos_billing.plans.models import Account, Role, SellerMember
from pos_billing.sellers.schemas import is_platform

FINANCE_GROUP, SUPPORT_GROUP = "Billing finance", "Billing support"


class Need(StrEnum):
    """What a page asks of its visitor."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed-in"
    READ = "read"
    WRITE = "write"
    OWNER = "owner"
    RUN = "run"


ROLES_THAT_MAY: dict[Need, set[Role]] = {
    Need.READ: {Role.READ, Role.WRITE, Role.OWNER},
    Need.WRITE: {Role.WRITE, Role.OWNER},
    Need.OWNER: {Role.OWNER},
}
"""Of a Partner's people."""

GROUPS_THAT_MAY: dict[Need, set[str]] = {Need.READ: {FINANCE_GROUP, SUPPORT_GROUP}, Need.RUN: {FINANCE_GROUP}}
"""Of the platform's staff: finance may run, support may read."""


def member_of(user: Any) -> SellerMember | None:
    """The person of this Seller that ``user`` is, or ``None``; asked of the database once for each user object.

    Staff that look at the Partner's pages (``web.support_access``) count as a member who may read.
    """
    if is_platform():
        return None
    if not hasattr(user, "_billing_member"):
        if not user.is_authenticated or not user.is_active:
            return None
        user._billing_member = SellerMember.objects.filter(user_id=user.pk).first()
    return cast("SellerMember | None", user._billing_member)


def accounts_of(user: Any) -> list[Account]:
    """The Accounts that ``user`` is a member of; asked of the database once for each user object."""
    if not user.is_authenticated or not user.is_active or is_platform():
        return []
    if not hasattr(user, "_billing_accounts"):
        user._billing_accounts = list(Account.objects.filter(members__user_id=user.pk).order_by("name", "pk"))
    return cast("list[Account]", user._billing_accounts)


def _member_may(user: Any, need: Need) -> bool:
    member = member_of(user)
    return need == Need.ANYBODY or (member is not None and member.role in ROLES_THAT_MAY[need])


def _staff_may(user: Any, need: Need) -> bool:
    """Groups are read once for each user object."""
    if not (user.is_authenticated and user.is_active and user.is_staff and is_platform()):
        return False
    if user.is_superuser:
        return True
    if not hasattr(user, "_billing_groups"):
        user._billing_groups = set(user.groups.values_list("name", flat=True))
    return bool(user._billing_groups & GROUPS_THAT_MAY[need])


def _visitor_may(user: Any, need: Need) -> bool:
    """Every page of a client is for a signed-in visitor, and shows what belongs to its own Accounts alone."""
    return bool(user.is_authenticated)


@dataclass(frozen=True, eq=False)
class Audience:
    """A kind of visitor: where its pages are, what it may do there, and what things are called to it."""

    name: str
    namespace: str
    """Of the URL names of its pages."""
    on_public_host: bool
    elsewhere: str
    """Said on the other hosts."""
    sign_in: str
    sign_out: str
    home: str
    """URL name of where its crumbs and its mark lead."""
    to_change: Need
    """What those need who may change something; ``to_own`` what those need who may change the settings."""
    to_own: Need
    _may: Callable[[Any, Need], bool]
    refused: str = ""
    """Template that says why a page does not open."""
    tagline: str = "Billing"
    buyer: str = "client"
    """What an Account is to it, in a sentence; ``buyers`` heads the list of them, ``buyers_path`` is their address."""
    buyers: str = "Clients"
    buyers_path: str = "clients"
    resells: bool = False
    """Its plans have parent plans: it sees what they cost, and what it earns."""
    keeps_register: bool = False
    """It changes the shared register, and sees both sides of it."""

    def may(self, user: Any, need: Need) -> bool:
        """Whether ``user`` may do what pages that need ``need`` do."""
        return self._may(user, need)

    @property
    def buyer_label(self) -> str:
        """``buyer`` as the label of a field or column."""
        return self.buyer[0].upper() + self.buyer[1:]


PARTNER = Audience(
    name="Partner", namespace="billing", on_public_host=False,
    elsewhere="The Billing section stands on Partners' hosts.",
    sign_in="billing:sign-in", sign_out="dashboard:logout", home="billing:home",
    to_change=Need.WRITE, to_own=Need.OWNER, _may=_member_may, refused="pos_billing/portal/refused.html", resells=True,
)  # fmt: skip
"""The people of a Partner, on its own host."""

STAFF = Audience(
    name="staff", namespace="billing_staff", on_public_host=True,
    elsewhere="The platform's pages are on the platform's host.",
    sign_in="admin:login", sign_out="admin:logout", home="billing_staff:sellers",
    to_change=Need.RUN, to_own=Need.RUN, _may=_staff_may, refused="pos_billing/staff/refused.html",
    tagline="Billing of all Sellers", buyer="Partner", buyers="Accounts", buyers_path="accounts", keeps_register=True,
)  # fmt: skip
"""The platform's staff."""

STAFF_SELLING = Audience(
    name="staff selling", namespace="billing", on_public_host=True, elsewhere=STAFF.elsewhere,
    sign_in=STAFF.sign_in, sign_out=STAFF.sign_out, home=STAFF.home,
    to_change=STAFF.to_change, to_own=STAFF.to_own, _may=_staff_may, refused=STAFF.refused,
    tagline=STAFF.tagline, buyer=STAFF.buyer, buyers=STAFF.buyers, buyers_path=STAFF.buyers_path, keeps_register=True,
)  # fmt: skip
"""The platform's staff, on the platform's pages as a Seller: those of a Partner's Billing section."""

CLIENT = Audience(
    name="client", namespace="client_billing", on_public_host=False,
    elsewhere="Clients' pages stand on Partners' hosts.",
    sign_in="customer:login", sign_out="customer:logout", home="client_billing:statements",
    to_change=Need.SIGNED_IN, to_own=Need.SIGNED_IN, _may=_visitor_may,
)  # fmt: skip
"""People of a Partner's clients, in their account on the Partner's storefront."""


def audience_of(request: HttpRequest) -> Audience:
    """Whom the page that is asked for is for; its guard said so."""
    return cast("Audience", request.audience)  # type: ignore[attr-defined]
