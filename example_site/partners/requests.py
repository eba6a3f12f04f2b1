"""What a request says about the Partner it is for."""

from typing import cast

from django.http import HttpRequest

from example_site.partners.models import Partner
from pos_billing.sellers.tenant import tenant_of


def partner_of(request: HttpRequest) -> Partner:
    """Return the Partner whose host name was asked for; dj-stripe's subscriber is this one."""
    return cast(Partner, tenant_of(request))
