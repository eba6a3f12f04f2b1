"""URLs of the plugin on the platform's host."""

from django.urls import include, path

from pos_billing.web.frame import STAFF, STAFF_SELLING
from pos_billing.web.pages import patterns

urlpatterns = [
    path("admin/billing/selling/", include((patterns(STAFF_SELLING), STAFF_SELLING.namespace))),
    path("admin/billing/", include((patterns(STAFF), STAFF.namespace))),
]
