"""The platform's admin site: it exists on the public host only."""

from django.contrib.admin import AdminSite
from django.db import connection
from django.http import Http404
from django_tenants.utils import get_public_schema_name


class PlatformAdminSite(AdminSite):
    """Refuses to work in a Partner's schema, whatever URLs lead to it.

    A tenant's search path falls through to `public`: an admin mounted there would show the platform's tables to a
    Partner's staff.
    """

    site_header = "platformOS billing"
    site_title = "platformOS billing"
    index_title = "Platform"

    def has_permission(self, request) -> bool:
        """Staff of the platform only, and only on the platform's own host."""
        return connection.schema_name == get_public_schema_name() and super().has_permission(request)

    def admin_view(self, view, cacheable=False):
        """Answer "not found" in every schema but the platform's, sign-in page included."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if connection.schema_name != get_public_schema_name():
                raise Http404("The platform's admin is on the platform's host.")
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request, extra_context=None):
        """Sign in on the platform's host only."""
        if connection.schema_name != get_public_schema_name():
            raise Http404("The platform's admin is on the platform's host.")
        return super().login(request, extra_context)
