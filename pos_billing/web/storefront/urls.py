"""URLs of a client's pages, mounted on Partners' hosts at ``accounts/billing/`` under ``client_billing``."""

from pos_billing.web.storefront import views
from pos_billing.web.storefront.clients import client_path

app_name = "client_billing"
urlpatterns = [
    client_path("", views.statements, "statements"),
    client_path("statements/<int:statement>/", views.statement, "statement"),
    client_path("statements/<int:statement>/pdf/", views.statement_pdf, "statement-pdf"),
    client_path("statements/<int:statement>/csv/", views.statement_csv, "statement-csv"),
    client_path("instances/", views.instances, "instances"),
]
