"""A look in the Partner's host: the session carries its id, nothing else of the staff's."""

from django.http import HttpRequest
from django.utils import timezone

from pos_billing.plans.models import Role, SellerMember
from pos_billing.web.looking.commands import look_noted
from pos_billing.web.looking.models import StaffLook

SESSION_KEY = "billing_look"


def look_of(request: HttpRequest) -> StaffLook | None:
    """The look this request is part of, noted with its page; read-only requests alone are part of one.

    The visitor stays nobody's user of the Partner's; for the pages it may read what a reading member may.
    """
    look_id = request.session.get(SESSION_KEY)
    if look_id is None or request.user.is_authenticated or request.method not in ("GET", "HEAD"):
        return None
    look = look_noted(
        look_id, partner_schema=request.tenant.schema_name, path=request.get_full_path(), now=timezone.now()
    )
    if look is None:
        del request.session[SESSION_KEY]
        return None
    request.user._billing_member = SellerMember(role=Role.READ)
    request.billing_look = look
    return look
