"""URLs of a client's pages, mounted on Partners' hosts at ``accounts/billing/`` under ``client_billing``."""

from pos_billing.web.storefront import payment, views
from pos_billing.web.storefront.clients import client_path

app_name = "client_billing"
urlpatterns = [
    client_path("", views.statements, "statements"),
    client_path("statements/<int:statement>/", views.statement, "statement"),
    client_path("statements/<int:statement>/pdf/", views.statement_pdf, "statement-pdf"),
    client_path("statements/<int:statement>/csv/", views.statement_csv, "statement-csv"),
    client_path("instances/", views.instances, "instances"),
    client_path("payment/", payment.payment, "payment"),
    client_path("payment/cards/add/", payment.card_add, "card-add"),
    client_path("payment/cards/added/", payment.card_added, "card-added"),
    client_path("payment/cards/<int:card>/charge/", payment.card_chosen, "card-chosen"),
    client_path("payment/cards/<int:card>/remove/", payment.card_removed, "card-removed"),
    client_path("payment/notices/<int:notice>/away/", payment.notice_dismissed, "payment-notice-dismissed"),
    client_path("payment/ledger/", payment.ledger, "ledger"),
    client_path("payment/ledger/csv/", payment.ledger_csv, "ledger-csv"),
    client_path("payment/credit-notes/<int:note>/pdf/", payment.credit_note_pdf, "credit-note-pdf"),
]
