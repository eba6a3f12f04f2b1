"""A look in the Partner's host: the session carries its id, nothing else of the staff's."""

from django.http import HttpRequest

from pos_billing.facts import clock
from pos_billing.plans.models import Role, SellerMember
from pos_billing.web.support_access.commands import support_access_noted
from pos_billing.web.support_access.models import SupportAccess

SESSION_KEY = "billing_support_access"


def support_access_of(request: HttpRequest) -> SupportAccess | None:
    """The look this request is part of, noted with its page; read-only requests alone are part of one.

    The visitor stays nobody's user of the Partner's; for the pages it may read what a reading member may.
    """
    access_id = request.session.get(SESSION_KEY)
    if access_id is None or request.user.is_authenticated or request.method not in ("GET", "HEAD"):
        return None
    access = support_access_noted(
        access_id, partner_schema=request.tenant.schema_name, path=request.get_full_path(), now=clock.now()
    )
    if access is None:
        del request.session[SESSION_KEY]
        return None
    request.user._billing_member = SellerMember(role=Role.READ)
    request.billing_support_access = access
    return access
