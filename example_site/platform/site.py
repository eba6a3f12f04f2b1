"""The platform's admin site: it exists on the public host only."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from pos_billing.sellers.schemas import is_platform

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PlatformAdminSite(AdminSite):
    """Refuses to work in a Partner's schema, whatever URLs lead to it.

    A tenant's search path falls through to `public`: an admin mounted there would show the platform's tables to a
    Partner's staff.
    """

    site_header = "platformOS billing"
    site_title = "platformOS billing"
    index_title = "Platform"

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff of the platform only, and only on the platform's own host."""
        return is_platform() and super().has_permission(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Answer "not found" in every schema but the platform's, sign-in page included."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_platform():
                raise Http404("The platform's admin is on the platform's host.")
            return inner(request, *args, **kwargs)

        return cast(View, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in on the platform's host only."""
        if not is_platform():
            raise Http404("The platform's admin is on the platform's host.")
        return super().login(request, extra_context)
