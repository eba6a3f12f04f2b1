"""What a request says about the Partner it is for."""

from django.http import HttpRequest

from example_site.partners.models import Partner


def partner_of(request: HttpRequest) -> Partner:
    """Return the Partner whose host name was asked for; dj-stripe's subscriber is this one."""
    return request.tenant
