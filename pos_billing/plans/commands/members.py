"""People: who of a Seller's own works here and what each may do, and who of a client sees its pages."""

from typing import Any

from django.contrib.auth import get_user_model

from pos_billing.facts.errors import Refused
from pos_billing.facts.history import recorded
from pos_billing.plans.commands.checks import locked
from pos_billing.plans.models import Account, AccountMember, Role, SellerMember
from pos_billing.sellers.schemas import is_platform
from pos_billing.sellers.users import user_who_asks_for_a_password


def member_add(*, email: str, role: str, by: str, why: str) -> SellerMember:
    """The person with ``email`` works for this schema's Seller, as ``role``. Without a user of that address one is
    made: it asks for a password on the sign-in page, or follows its invitation.

    Raises ``Refused`` on the platform (its people are in groups), for an unknown role, and for a member there is.
    """
    _not_on_the_platform()
    _known_role(role)
    with recorded("member_add", by=by, why=why):
        user = _user(email)
        if SellerMember.objects.filter(user=user).exists():
            raise Refused("email", f"{user.email} is a member already: change the role instead.", code="member_already")
        return SellerMember.objects.create(user=user, role=role)


def member_change(member: SellerMember, *, role: str, by: str, why: str) -> SellerMember:
    """The member may do what ``role`` says. The last owner stays one."""
    _known_role(role)
    with recorded("member_change", by=by, why=why):
        row = _with_owners_locked(member)
        if role != Role.OWNER:
            _not_the_last_owner(row)
        row.role = role
        row.save(update_fields=["role"])
    return row


def member_remove(member: SellerMember, *, by: str, why: str) -> None:
    """The person does not work for the Seller any more; its user stays. The last owner stays too."""
    with recorded("member_remove", by=by, why=why):
        row = _with_owners_locked(member)
        _not_the_last_owner(row)
        row.delete()


def account_member_add(account: Account, *, email: str, by: str, why: str) -> AccountMember:
    """The person with ``email`` sees the Account's Instances and statements in the storefront.

    Without a user of that address one is made, as by ``member_add``. Adding it twice changes nothing.
    """
    _not_on_the_platform()
    with recorded("account_member_add", by=by, why=why):
        member, _ = AccountMember.objects.get_or_create(account=locked(account), user=_user(email))
    return member


def account_member_remove(member: AccountMember, *, by: str, why: str) -> None:
    """The person does not see the Account's pages any more; its user stays."""
    with recorded("account_member_remove", by=by, why=why):
        member.delete()


def _user(email: str) -> Any:
    """The user of this schema with the address, made where there is none."""
    address = get_user_model().objects.normalize_email(email.strip())
    if "@" not in address:
        raise Refused("email", "Write an e-mail address, for example ann@example.com.", code="email_malformed")
    users = get_user_model().objects
    found = users.filter(email__iexact=address).first() or user_who_asks_for_a_password(address)
    if not found.is_active:
        raise Refused("email", f"The user {address} is switched off.", code="user_switched_off")
    return found


def _known_role(role: str) -> None:
    if role not in Role.values:
        raise Refused("role", f"{role!r} is not one of {', '.join(Role.values)}.", code="role_unknown")


def _with_owners_locked(member: SellerMember) -> SellerMember:
    """The member as it is now; two changes at once cannot both leave the other as the last owner."""
    rows = {row.pk: row for row in SellerMember.objects.select_for_update().order_by("pk")}
    if member.pk not in rows:
        raise Refused("email", "This person is not a member any more.", code="member_gone")
    return rows[member.pk]


def _not_the_last_owner(row: SellerMember) -> None:
    others = SellerMember.objects.filter(role=Role.OWNER, user__is_active=True).exclude(pk=row.pk)
    if row.role == Role.OWNER and not others.exists():
        raise Refused("role", "This is the last owner: make somebody else an owner first.", code="last_owner")


def _not_on_the_platform() -> None:
    if is_platform():
        raise Refused(
            "email", "The platform's people are in the groups of its administration.", code="platform_has_no_members"
        )
