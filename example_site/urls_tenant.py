"""URLs of a Partner's host: its Oscar storefront and dashboard."""

from django.apps import apps
from django.urls import include, path

from example_site.media import seller_media

urlpatterns = [
    path("media/<path:path>", seller_media),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),  # type: ignore[attr-defined]  # Oscar has no types
]
