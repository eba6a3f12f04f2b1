"""URLs of the Billing section, mounted at ``dashboard/billing/`` under the namespace ``billing``."""

from django.urls import path

from pos_billing.web.looking import views as looking
from pos_billing.web.portal import entrance, payment, payment_ledger, statements

urlpatterns = [
    path("", entrance.home, name="home"),
    path("look/", looking.look, name="look"),
    path("look/over/", looking.look_over, name="look-over"),
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("from-platform/", statements.platform_statements, name="platform-statements"),
    path("from-platform/<int:statement>/", statements.platform_statement, name="platform-statement"),
    path("from-platform/<int:statement>/pdf/", statements.platform_statement_pdf, name="platform-statement-pdf"),
    path("from-platform/<int:statement>/csv/", statements.platform_statement_csv, name="platform-statement-csv"),
    path("statements/", statements.own_statements, name="statements"),
    path("statements/<int:statement>/", statements.own_statement, name="statement"),
    path("statements/<int:statement>/pdf/", statements.own_statement_pdf, name="statement-pdf"),
    path("statements/<int:statement>/csv/", statements.own_statement_csv, name="statement-csv"),
    path("payment/", payment.payment, name="payment"),
    path("payment/cards/add/", payment.card_add, name="card-add"),
    path("payment/cards/added/", payment.card_added, name="card-added"),
    path("payment/cards/<int:card>/charge/", payment.card_chosen, name="card-chosen"),
    path("payment/cards/<int:card>/remove/", payment.card_removed, name="card-removed"),
    path("payment/notices/<int:notice>/away/", payment.notice_dismissed, name="payment-notice-dismissed"),
    path("payment/ledger/", payment_ledger.account_ledger, name="ledger"),
    path("payment/ledger/csv/", payment_ledger.account_ledger_csv, name="ledger-csv"),
]
