"""URLs of the plugin on a Partner's host. Mount them at the root, before Oscar's."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("dashboard/billing/", apps.get_app_config("pos_billing_web").urls),
    path("accounts/billing/", include("pos_billing.web.storefront.urls", namespace="client_billing")),
]
