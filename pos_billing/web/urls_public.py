"""URLs of the plugin on the platform's host."""

from django.urls import include, path

urlpatterns = [
    path("admin/billing/selling/", include("pos_billing.web.staff.selling_urls", namespace="billing")),
    path("admin/billing/", include("pos_billing.web.staff.urls", namespace="billing_staff")),
]
