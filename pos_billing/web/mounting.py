"""A page: its address, its view, who may open it, and where it stands in the menu. From these come URLs and guards."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.cache import patch_cache_control

from pos_billing.plans.models import SellerSettings
from pos_billing.sellers.schemas import is_platform
from pos_billing.web.frame import PARTNER, Audience, Need, member_of
from pos_billing.web.support_access.session import support_access_of

View = Callable[..., HttpResponse]


class Entry(NamedTuple):
    """A page's place in the menu: the title it stands under, its words. Entries come in the order of ``place``."""

    title: str
    label: str
    place: int


@dataclass(frozen=True)
class Page:
    """One page.

    ``needs`` names its audiences with what each must be allowed to; nobody else can open it. ``{buyers}`` in ``route``
    stands for ``Audience.buyers_path``. ``under`` names the page whose entry the menu marks while this one is shown.
    """

    name: str
    route: str
    view: View
    about: str
    needs: Mapping[Audience, Need]
    menu: Mapping[Audience, Entry] = field(default_factory=dict)
    under: str = ""


def pages_for(audience: Audience, pages: Iterable[Page]) -> list[Page]:
    """The pages of ``audience``, in the order of the tables."""
    return [page for page in pages if audience in page.needs]


def patterns(audience: Audience, pages: tuple[Page, ...]) -> list[URLPattern]:
    """The URLs of ``audience``, each guarded. There is no other way to mount a page."""
    return [
        path(
            page.route.replace("{buyers}", audience.buyers_path), _guarded(page, audience, pages), name=page.name
        )
        for page in pages_for(audience, pages)
    ]  # fmt: skip


def _guarded(page: Page, audience: Audience, pages: tuple[Page, ...]) -> View:
    """The view, for those who may open it on the hosts of ``audience``; nothing of it is kept by caches."""
    need = page.needs[audience]

    @wraps(page.view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_platform() != audience.on_public_host:
            raise Http404(audience.elsewhere)
        request.audience, request.billing_page, request.billing_pages = audience, page, pages
        if need != Need.ANYBODY:
            looks = audience is PARTNER and not request.user.is_authenticated and support_access_of(request) is not None
            if not (request.user.is_authenticated or looks):
                return redirect_to_login(request.get_full_path(), reverse(audience.sign_in))
            if not audience.may(request.user, need):
                return _refuse(request, audience, need)
        response = page.view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def _refuse(request: HttpRequest, audience: Audience, need: Need) -> HttpResponse:
    """Say why the page does not open, and who can help."""
    context = {
        "seller": SellerSettings.objects.get(),
        "audience": audience,
        "member": member_of(request.user),
        "needs_owner": need == Need.OWNER,
        "may_read": audience.may(request.user, Need.READ),
    }
    return render(request, audience.refused, context, status=403)


def menu(request: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """The entries this visitor may open under their titles, with the one that holds the current page marked."""
    here, on_host = request.billing_page, request.audience.on_public_host
    found: dict[str, list[dict[str, Any]]] = {}
    for audience, page, entry in entries(request.billing_pages):
        if audience.on_public_host == on_host:
            shown = found.setdefault(entry.title, [])
            if audience.may(request.user, page.needs[audience]):
                current = here is page or here.under == page.name
                shown.append(
                    {"label": entry.label, "url": reverse(f"{audience.namespace}:{page.name}"), "current": current}
                )
    return list(found.items())


def entries(pages: Iterable[Page]) -> list[tuple[Audience, Page, Entry]]:
    """All entries of all menus, in order."""
    found = [(audience, page, entry) for page in pages for audience, entry in page.menu.items()]
    return sorted(found, key=lambda row: row[2].place)
