"""URLs of the plugin on a Partner's host. Mount them at the root, before Oscar's."""

from django.apps import apps
from django.urls import include, path

from pos_billing.web.frame import CLIENT
from pos_billing.web.pages import patterns

urlpatterns = [
    path("dashboard/billing/", apps.get_app_config("pos_billing_web").urls),
    path("accounts/billing/", include((patterns(CLIENT), CLIENT.namespace))),
]
