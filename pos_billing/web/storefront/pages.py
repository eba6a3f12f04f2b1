"""Pages of a client, mounted on Partners' hosts in the account of the storefront."""

from pos_billing.web.frame import CLIENT, Audience, Need
from pos_billing.web.mounting import Page
from pos_billing.web.storefront import payment, views

SIGNED_IN: dict[Audience, Need] = {CLIENT: Need.SIGNED_IN}

# fmt: off
PAGES: tuple[Page, ...] = (
    Page("statements", "", views.statements, "Statements of a Seller", SIGNED_IN),
    Page("statement", "statements/<int:statement>/", views.statement, "One statement with its breakdown", SIGNED_IN),
    Page("statement-pdf", "statements/<int:statement>/pdf/", views.statement_pdf, "The same as PDF", SIGNED_IN),
    Page("statement-csv", "statements/<int:statement>/csv/", views.statement_csv, "The same as CSV", SIGNED_IN),
    Page("instances", "instances/", views.instances, "Instances", SIGNED_IN),
    Page("payment", "payment/", payment.payment, "Card and payments", SIGNED_IN),
    Page("card-add", "payment/cards/add/", payment.card_add, "Add a card", SIGNED_IN),
    Page("card-added", "payment/cards/added/", payment.card_added, "A card was added", SIGNED_IN),
    Page("card-chosen", "payment/cards/<int:card>/charge/", payment.card_chosen, "Choose the card that is charged",
         SIGNED_IN),
    Page("card-removed", "payment/cards/<int:card>/remove/", payment.card_removed, "Remove a card", SIGNED_IN),
    Page("payment-notice-dismissed", "payment/notices/<int:notice>/away/", payment.notice_dismissed,
         "Put a notice away", SIGNED_IN),
    Page("ledger", "payment/ledger/", payment.ledger, "The ledger with the Partner", SIGNED_IN),
    Page("ledger-csv", "payment/ledger/csv/", payment.ledger_csv, "The same as CSV", SIGNED_IN),
    Page("credit-note-pdf", "payment/credit-notes/<int:note>/pdf/", payment.credit_note_pdf, "A credit note as PDF",
         SIGNED_IN),
)
"""See ``web.pages``."""
