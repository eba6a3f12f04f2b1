"""URLs of the platform's host: the admin, and Stripe's webhooks."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from example_site.media import seller_media

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("media/<path:path>", seller_media),
    path("admin/", admin.site.urls),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
]

# Oscar's error pages show the shop, which is not here.
handler400 = "example_site.platform.errors.bad_request"
handler403 = "example_site.platform.errors.forbidden"
handler404 = "example_site.platform.errors.not_found"
handler500 = "example_site.platform.errors.failed"
